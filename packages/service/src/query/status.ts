import { dayFromNumber, type DayNumber } from "@community-stats/contract/days.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import type { AggregationStanding, ScopeStanding } from "@community-stats/contract/standing.ts";
import type { LeaseInfo } from "../engine/control-store.ts";
import type { Engine } from "../engine/engine.ts";
import type { CommunityLine, FactProblem, FactSummary } from "../engine/facts.ts";
import { ROLLUP_KINDS, type RollupKind } from "../engine/rollup-store.ts";
import { type CountedSide, type Counting, errorOf, readCounting } from "./counting.ts";
import { type KnownDays, knownDaysOf } from "./days.ts";
import { runProgress } from "./progress.ts";
import type { Reading } from "./reading.ts";

/** As the operator sees it: with the reason where the newest run could not count all of it, which can name files. */
export type AggregationStatus = Omit<AggregationStanding, "failed"> & { readonly error: string | null };

export interface ScopeStatus extends Omit<ScopeStanding, "aggregations"> {
  readonly aggregations: readonly AggregationStatus[];
}

export interface StatusReport {
  readonly asOf: string | null;
  readonly updatedAt: string | null;
  readonly ruleVersion: string | null;
  readonly facts: ToldFacts;
  readonly rollupBytes: number;
  readonly problems: readonly FactProblem[];
  readonly leases: readonly LeaseInfo[];
  readonly running: Awaited<ReturnType<typeof runProgress>>;
  readonly scopes: readonly ScopeStatus[];
}

/** Their days as text, like all others of the report. */
export type ToldFacts = Omit<FactSummary, "firstEventDay" | "lastEventDay"> & {
  readonly firstEventDay: string | null;
  readonly lastEventDay: string | null;
};

/** Whose status is told: rollup code and, for communities, what is known of them. */
export interface StatusScope {
  readonly key: string;
  readonly code: number;
  readonly community: CommunityLine | null;
}

export interface StatusSource {
  readonly engine: Engine;
  readonly now: () => number;
}

export async function statusReport(
  { engine, now }: StatusSource,
  reading: Reading,
  scopes: readonly StatusScope[],
): Promise<StatusReport> {
  const { through, updatedAt } = reading.progress;
  return {
    asOf: text(through),
    updatedAt: updatedAt === null ? null : new Date(updatedAt).toISOString(),
    ruleVersion: reading.generation?.ruleVersion ?? null,
    facts: toldFacts(await engine.facts.summary()),
    rollupBytes: await engine.rollups.size(),
    problems: await engine.facts.problems(),
    leases: await engine.control.leases(now()),
    running: await runProgress({ engine, now }),
    scopes: await scopeStatuses({ engine, now }, reading, scopes),
  };
}

function toldFacts(facts: FactSummary): ToldFacts {
  return { ...facts, firstEventDay: text(facts.firstEventDay), lastEventDay: text(facts.lastEventDay) };
}

/** The repository first, then every community that is known or has numbers, by slug or id. */
export async function allScopes(
  engine: Engine,
  communities: readonly CommunityLine[],
): Promise<readonly StatusScope[]> {
  const known = new Map(communities.map((community) => [community.id, community]));
  const counted = await engine.rollups.terms("scope");
  const codes = new Map(counted.map((key, code) => [key, code]));
  const living = communities.filter(({ deleted }) => !deleted).map(({ id }) => id);
  const keys = [...new Set([...living, ...counted])].filter((key) => key !== GLOBAL_KEY);
  const name = (key: string) => known.get(key)?.slug ?? key;
  keys.sort((a, b) => (name(a) < name(b) ? -1 : 1));
  return [GLOBAL_KEY, ...keys].map((key) => ({
    key,
    code: codes.get(key) ?? -1,
    community: known.get(key) ?? null,
  }));
}

const KINDS: readonly RollupKind[] = ROLLUP_KINDS.filter((kind) => kind !== "usage-records");

/** Of scopes alone: what anybody may know who may read them. */
export async function scopeStatuses(
  { engine, now }: StatusSource,
  reading: Reading,
  scopes: readonly StatusScope[],
): Promise<readonly ScopeStatus[]> {
  const counting = await readCounting(engine, reading, now());
  const kinds: [RollupKind, KnownOfScope][] = [];
  for (const kind of KINDS) kinds.push([kind, await knownDaysOf(reading, kind)]);
  const told = { today: reading.today, counting, text: rememberedTexts() };
  return scopes.map((scope) => {
    const known = new Map(kinds.map(([kind, knownOf]) => [kind, knownOf(scope.code)]));
    return scopeStatus({ ...told, known }, scope);
  });
}

type KnownOfScope = Awaited<ReturnType<typeof knownDaysOf>>;

interface Known {
  readonly today: DayNumber;
  readonly counting: Counting;
  readonly text: typeof text;
  readonly known: ReadonlyMap<RollupKind, KnownDays>;
}

function scopeStatus(told: Known, { key, community }: StatusScope): ScopeStatus {
  const { counting, known } = told;
  const since = known.get("records-added")?.own ?? null;
  return {
    id: key,
    slug: community?.slug ?? null,
    title: community?.title ?? null,
    aggregations: Array.from(known, ([kind, days]) => ({
      ...aggregationStatus(told, kind, days),
      ...sideStatus(counting, { side: kind === "usage" ? "usage" : "records", scope: key, since }),
    })),
  };
}

interface SideOfScope {
  readonly side: CountedSide;
  readonly scope: string;
  /** First day with a record; null where there is none yet. */
  readonly since: DayNumber | null;
}

type SideStatus = Pick<AggregationStatus, "waitingDays" | "isWaiting" | "lastRun" | "error">;

function sideStatus(counting: Counting, { side, scope, since }: SideOfScope): SideStatus {
  const days = side === "usage" ? counting.waitingDays.filter((day) => since === null || day >= since) : [];
  return {
    waitingDays: days.length,
    isWaiting: side === "usage" ? days.length > 0 : counting.waitingRecords,
    lastRun: counting.lastRun[side],
    error: errorOf(counting, side, scope),
  };
}

function aggregationStatus(
  { today, text }: Pick<Known, "today" | "text">,
  kind: RollupKind,
  days: KnownDays,
): Omit<AggregationStatus, keyof SideStatus> {
  const { own, through, counted } = days;
  const exists = own !== null && counted !== null && own <= counted;
  const missing = exists ? [...days.missing].filter((day) => day >= own).length : 0;
  const complete = exists && through !== null ? Math.max(0, through - own + 1) : 0;
  return {
    aggregation: kind,
    firstDay: text(own),
    lastDay: exists ? text(counted) : null,
    bookmark: exists ? text(through) : null,
    days: exists ? counted - own + 1 - missing : 0,
    missingDays: missing,
    age: exists && through !== null ? today - through : null,
    covered: exists ? Math.min(1, complete / Math.max(1, today - own)) : 0,
  };
}

function text(day: DayNumber | null): string | null {
  return day === null ? null : dayFromNumber(day);
}

/** Thousands of scopes share their days, and writing one takes some microseconds. */
function rememberedTexts(): typeof text {
  const texts = new Map<DayNumber | null, string | null>();
  return (day) => {
    const known = texts.get(day);
    if (known !== undefined) return known;
    const made = text(day);
    texts.set(day, made);
    return made;
  };
}

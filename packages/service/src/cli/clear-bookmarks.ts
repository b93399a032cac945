import { dayFromNumber, type DayNumber } from "@community-stats/contract/days.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import { UnknownScopeError, UsageError } from "@community-stats/contract/problems.ts";
import { type BookedAgain, requestRecount } from "../aggregate/recount-request.ts";
import type { Engine } from "../engine/engine.ts";
import { AGGREGATION_TYPES } from "./aggregate.ts";
import { counted } from "./cache-text.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { confirm } from "./confirm.ts";
import { listOption } from "./options.ts";

export const clearBookmarksCommand: Command = {
  name: "clear-bookmarks",
  summary: "Let the next aggregation count again what was counted.",
  gated: true,
  options: [
    { flags: "--community-id <id>", description: "of this community (id, slug or global)", repeatable: true },
    {
      flags: "--aggregation-type <type>",
      description: "of this kind of numbers",
      choices: AGGREGATION_TYPES,
      repeatable: true,
    },
    { flags: "--all-communities", description: "of all communities and the repository" },
    { flags: "--all-aggregation-types", description: "of all kinds of numbers" },
    { flags: "--confirm", description: "do not ask" },
    { flags: "--dry-run", description: "only say what would be cleared" },
    { flags: "--json", description: "print JSON" },
  ],
  examples: [
    "clear-bookmarks --all-communities --all-aggregation-types",
    "clear-bookmarks --community-id my-community --aggregation-type community-usage-delta-agg --confirm",
    "clear-bookmarks --community-id global --confirm",
  ],
  run,
};

/** What is counted again of one scope. */
interface ClearedScope {
  readonly id: string;
  readonly slug: string | null;
  /** First day of its use; null where there is none, or its use stays. */
  readonly useFrom: string | null;
  readonly records: boolean;
}

interface Plan {
  readonly scopes: readonly ClearedScope[];
  readonly useFrom: DayNumber | null;
  readonly records: BookedAgain;
  /** Days of use that are counted again: for all scopes at once, because that is how days are counted. */
  readonly days: number;
}

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const names = listOption(options, "communityId");
  const types = listOption(options, "aggregationType");
  const isAll = options["allCommunities"] === true || options["allAggregationTypes"] === true;
  if (names.length === 0 && types.length === 0 && !isAll) {
    throw new UsageError(
      "clear-bookmarks needs to know whose.",
      "Give --community-id, --aggregation-type, --all-communities or --all-aggregation-types.",
    );
  }
  const engine = await context.engine();
  const plan = await planOf(engine, { names: options["allCommunities"] === true ? [] : names, types });
  const isDry = options["dryRun"] === true;
  const isMeant =
    isDry ||
    plan.scopes.length === 0 ||
    options["confirm"] === true ||
    (await confirm(context, { text: questionOf(plan), flags: "--confirm" }));
  const isCleared = isMeant && !isDry && plan.scopes.length > 0;
  if (isCleared) await requestRecount(engine.control, plan);
  if (options["json"] === true) {
    const { scopes, days } = plan;
    const cleared = isCleared ? scopes.length : 0;
    context.stdout.write(`${JSON.stringify({ scopes, days, cleared, dryRun: isDry }, null, 2)}\n`);
  } else context.stdout.write(`${said(plan, { isDry, isMeant })}\n`);
  return isMeant ? EXIT.done : EXIT.failed;
}

interface Choice {
  /** Ids, slugs or "global"; none: all. */
  readonly names: readonly string[];
  /** None: all. */
  readonly types: readonly string[];
}

/** @throws UnknownScopeError */
async function planOf({ facts, rollups }: Engine, { names, types }: Choice): Promise<Plan> {
  const slugs = new Map((await facts.communities()).map(({ id, slug }) => [id, slug]));
  const keys = new Set(names.map((name) => keyOf(slugs, name)));
  const live = (await rollups.generations()).find((generation) => generation.live);
  if (live === undefined) return { scopes: [], useFrom: null, records: new Set(), days: 0 };
  const isWanted = (what: string): boolean => types.length === 0 || types.some((type) => type.includes(what));
  const [ofUse, ofRecords] = [isWanted("usage"), isWanted("records")];
  const all = await rollups.terms("scope");
  const first = new Map((await rollups.firstDays(live.id, "usage")).map(({ scope, day }) => [scope, day]));
  const holding = new Set(await rollups.scopes(live.id, "records-added"));
  const chosen = all.flatMap((key, code) => {
    if (keys.size > 0 && !keys.has(key)) return [];
    const day = ofUse ? (first.get(code) ?? null) : null;
    const scope = { key, day, records: ofRecords && holding.has(code) };
    return scope.day === null && !scope.records ? [] : [scope];
  });
  const useFrom = chosen.reduce<DayNumber | null>(
    (least, { day }) => (day === null || (least !== null && least <= day) ? least : day),
    null,
  );
  const days = await rollups.countedDays(live.id);
  const booked = chosen.filter(({ records }) => records).map(({ key }) => key);
  return {
    scopes: chosen.map(({ key, day, records }) => {
      return { id: key, slug: slugs.get(key) ?? null, useFrom: day === null ? null : dayFromNumber(day), records };
    }),
    useFrom,
    records: keys.size === 0 && booked.length > 0 ? "all" : new Set(booked),
    days: useFrom === null ? 0 : days.filter(({ day }) => day >= useFrom).length,
  };
}

function keyOf(slugs: ReadonlyMap<string, string>, name: string): string {
  if (name === GLOBAL_KEY || slugs.has(name)) return name;
  for (const [id, slug] of slugs) if (slug === name) return id;
  throw new UnknownScopeError(name);
}

function workOf({ scopes, days }: Plan): string {
  const booked = scopes.filter(({ records }) => records).length;
  const parts = [
    ...(days === 0 ? [] : [`${counted(days, "day", "days")} of use (of all communities at once)`]),
    ...(booked === 0 ? [] : [`the records of ${counted(booked, "scope", "scopes")}`]),
  ];
  return parts.join(" and ");
}

function questionOf(plan: Plan): string {
  return `Count ${workOf(plan)} again, for ${counted(plan.scopes.length, "scope", "scopes")}`;
}

const MOST_NAMED = 20;

function said(plan: Plan, { isDry, isMeant }: { readonly isDry: boolean; readonly isMeant: boolean }): string {
  if (plan.scopes.length === 0) return "Nothing of that is counted yet; there are no bookmarks.";
  if (!isMeant) return "Nothing was cleared.";
  const named = plan.scopes.slice(0, MOST_NAMED).map(({ id, slug, useFrom, records }) => {
    const what = [...(useFrom === null ? [] : [`use from ${useFrom}`]), ...(records ? ["records"] : [])];
    return `  ${slug ?? id}: ${what.join(", ")}`;
  });
  const more = plan.scopes.length - named.length;
  return [
    isDry
      ? `Would let the next aggregation count ${workOf(plan)} again.`
      : `The next aggregation counts ${workOf(plan)} again. Until then the numbers stay as they are.`,
    ...named,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join("\n");
}

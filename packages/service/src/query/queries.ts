import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { dayFromNumber, dayNumberOf, type Instant } from "@community-stats/contract/days.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import type { StatsDocument } from "@community-stats/contract/documents.ts";
import type { ServiceStatus } from "@community-stats/contract/page.ts";
import { DEFAULT_LAYOUT, ownLayout, type LayoutDocument } from "@community-stats/contract/layout.ts";
import type { RecordListAnswer } from "@community-stats/contract/records.ts";
import type { CategoryResult, ColumnsAnswer, Freshness, WireSeries } from "@community-stats/contract/series.ts";
import type { Engine } from "../engine/engine.ts";
import { categoryResult, seriesByMetric } from "./category.ts";
import type { Category } from "./categories.ts";
import { columnsAnswer } from "./columns.ts";
import { breakdownsOf, readDaily, type DailyNumbers, type DailyPlan } from "./daily.ts";
import { Dictionaries } from "./dictionaries.ts";
import { documentsOf } from "./documents.ts";
import { freshnessOf } from "./freshness.ts";
import { NumbersStates } from "./numbers-state.ts";
import { canonicalParameters } from "./canonical.ts";
import { isSameScope, PreparedMemory, type PreparedQuery } from "./prepared.ts";
import { parseRequest, planQuery, type PlanContext, type QueryPlan, type QueryRequest } from "./plan.ts";
import { RecordDirectory } from "./record-directory.ts";
import { recordList } from "./record-list.ts";
import { namedRecord } from "./record-names.ts";
import { recordUsage } from "./record-usage.ts";
import { UseMemory } from "./use-memory.ts";
import { countedBreakdowns } from "./rules.ts";
import { runProgress } from "./progress.ts";
import { liveGeneration, NO_PROGRESS, openReading, withReading, type Reading, type ReadingSource } from "./reading.ts";
import { allScopes, statusReport, type StatusReport, type StatusScope } from "./status.ts";
import {
  ALL_ON,
  PUBLIC_ONLY,
  Scopes,
  type Caller,
  type ReadableScope,
  type ReadRights,
  type ScopeSwitches,
} from "./scopes.ts";

/** The answer to one query. Documents are produced while they are read: a range may hold many. */
export type QueryResult =
  | { readonly form: "documents"; readonly documents: Iterable<StatsDocument>; readonly freshness: Freshness }
  | {
      readonly form: "composite";
      readonly parts: Readonly<Record<string, Iterable<StatsDocument>>>;
      readonly freshness: Freshness;
    }
  | { readonly form: "series"; readonly series: readonly WireSeries[]; readonly freshness: Freshness }
  | { readonly form: "category"; readonly result: CategoryResult; readonly freshness: Freshness }
  /** By breakdown ("global" for the totals) where several were asked for. */
  | {
      readonly form: "columns";
      readonly answer: ColumnsAnswer | Readonly<Record<string, ColumnsAnswer>>;
      readonly freshness: Freshness;
    }
  | { readonly form: "records"; readonly answer: RecordListAnswer; readonly freshness: Freshness };

export interface QueryOptions {
  readonly engine: Engine;
  /** In the order of configuration. */
  readonly breakdowns: readonly Breakdown[];
  readonly topLimit: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly rights?: ReadRights;
  readonly switches?: ScopeSwitches;
  /** Most days of one request's range. */
  readonly rangeDays?: number;
  /** Layouts of the pages, whose widgets decide what `optimize` leaves; a community's own comes before that of communities. */
  readonly layouts?: { readonly layoutGlobal: LayoutDocument; readonly layoutCommunity: LayoutDocument };
}

/** How long it is remembered whether the facts are generated. */
const GENERATED_MEMORY_MS = 10_000;

/** Answers requests from rollups; the only reader of them. */
export class Queries {
  readonly scopes: Scopes;
  readonly #options: QueryOptions;
  readonly #dictionaries: Dictionaries;
  readonly #records: RecordDirectory;
  readonly #uses = new UseMemory();
  readonly #states: NumbersStates;
  readonly #prepared = new PreparedMemory();
  #counted: { readonly rules: string; readonly breakdowns: readonly Breakdown[] | null } = {
    rules: "",
    breakdowns: null,
  };
  #generated = { value: false, readAt: Number.NEGATIVE_INFINITY };

  constructor(options: QueryOptions) {
    this.#options = options;
    this.#dictionaries = new Dictionaries(options.engine.rollups);
    this.#records = new RecordDirectory(options.engine.facts);
    this.#states = new NumbersStates(options.engine.facts);
    const { rights = PUBLIC_ONLY, switches = ALL_ON, now } = options;
    const { facts, rollups } = options.engine;
    this.scopes = new Scopes({ facts, rollups, now, rights, switches });
  }

  /** @throws BadRequestError, UnknownScopeError */
  async plan(name: string, given: Readonly<Record<string, unknown>>, caller: Caller): Promise<QueryPlan> {
    return (await this.prepare(name, given, caller)).plan;
  }

  /** The plan together with the community that it is about. Everything but the community is checked before that is looked up. */
  async prepare(name: string, given: Readonly<Record<string, unknown>>, caller: Caller): Promise<PreparedQuery> {
    const state = await this.state();
    const key = PreparedMemory.key(name, given);
    const kept = key === null ? undefined : this.#prepared.get(key);
    if (kept !== undefined) {
      const scope = await this.scopes.open(kept.request.parameters.community_id ?? GLOBAL_KEY, caller);
      if (isSameScope(scope, kept.scope)) return kept;
    }
    const prepared = { ...(await this.#prepare(parseRequest(name, given), caller)), state };
    // What names records depends on facts as well.
    const namesRecords = prepared.plan.form === "records" || prepared.plan.form === "record-usage";
    if (key !== null && !namesRecords) this.#prepared.keep(key, prepared);
    return prepared;
  }

  async #prepare(request: QueryRequest, caller: Caller): Promise<Omit<PreparedQuery, "state">> {
    const { rangeDays } = this.#options;
    const context = { breakdowns: await this.#breakdowns(), layout: DEFAULT_LAYOUT, rangeDays };
    planQuery(request, { ...context, scope: { key: "", code: -1 } });
    const scope = await this.scopes.open(request.parameters.community_id ?? GLOBAL_KEY, caller);
    const plan = planQuery(request, { ...context, ...this.#ofScope(scope) });
    if (plan.form === "record-usage") await namedRecord(this.#records, plan.usage.scope, plan.usage.record);
    const seq = plan.form === "records" || plan.form === "record-usage" ? await this.#records.seq() : null;
    return { request, scope, plan, parameters: canonicalParameters(request, plan, seq) };
  }

  #ofScope(scope: ReadableScope): Pick<PlanContext, "scope" | "layout"> {
    const { community } = scope;
    const { layoutGlobal, layoutCommunity } = this.#options.layouts ?? DEFAULT_LAYOUTS;
    const layout = community === null ? layoutGlobal : (ownLayout(community.layout) ?? layoutCommunity);
    return { scope: { ...scope, isRestricted: community?.visibility === "restricted" }, layout };
  }

  /** Those that the live numbers were counted with; before the first run, the configured ones. */
  async #breakdowns(): Promise<readonly Breakdown[]> {
    const generation = await liveGeneration(this.#options.engine.rollups);
    if (generation === null) return this.#options.breakdowns;
    if (generation.rules !== this.#counted.rules) {
      this.#counted = { rules: generation.rules, breakdowns: countedBreakdowns(generation.rules) };
    }
    return this.#counted.breakdowns ?? this.#options.breakdowns;
  }

  /** @param signal ends the reading, with its reason as the error, when nobody waits for it any more. */
  async run(plan: QueryPlan, signal?: AbortSignal): Promise<QueryResult> {
    const source = { ...(await this.#source()), signal: signal ?? null };
    return withReading(source, (reading) => runPlan(reading, plan));
  }

  /** While it stays the same, the same plan has the same answer; null while that cannot be said (numbers-state.ts). */
  async state(): Promise<string | null> {
    const { engine, now } = this.#options;
    const generation = await liveGeneration(engine.rollups);
    const progress = generation === null ? NO_PROGRESS : await engine.rollups.progress(generation.id);
    const today = dayNumberOf(instant(now()));
    const state = await this.#states.textOf({ generation, progress, today, generated: await this.#isGenerated() });
    if (this.#prepared.enter(state)) this.scopes.forgetCodes();
    return state;
  }

  async status(): Promise<ServiceStatus> {
    const { generation, progress, generated } = await openReading(await this.#source());
    const { through, updatedAt } = progress;
    return {
      asOf: through === null ? null : dayFromNumber(through),
      updatedAt: updatedAt === null ? null : new Date(updatedAt).toISOString(),
      ruleVersion: generation?.ruleVersion ?? "",
      running: await runProgress(this.#options),
      generated,
    };
  }

  /** How far everything goes, for the scopes named or for all. @throws UnknownScopeError */
  async report(names: readonly string[], caller: Caller): Promise<StatusReport> {
    const { engine } = this.#options;
    const scopes: StatusScope[] = [];
    for (const name of names) scopes.push(await this.scopes.resolve(name, caller));
    const all = names.length > 0 ? scopes : await allScopes(engine, await this.scopes.readable(caller));
    return withReading(await this.#source(), (reading) => statusReport(this.#options, reading, all));
  }

  async #source(): Promise<ReadingSource> {
    const { engine, topLimit, now } = this.#options;
    return {
      store: engine.rollups,
      facts: engine.facts,
      dictionaries: this.#dictionaries,
      records: this.#records,
      uses: this.#uses,
      breakdowns: await this.#breakdowns(),
      topLimit,
      today: dayNumberOf(instant(now())),
      generated: await this.#isGenerated(),
      signal: null,
    };
  }

  async #isGenerated(): Promise<boolean> {
    const now = this.#options.now();
    if (now - this.#generated.readAt >= GENERATED_MEMORY_MS) {
      const { generated } = await this.#options.engine.facts.summary();
      this.#generated = { value: generated, readAt: now };
    }
    return this.#generated.value;
  }
}

const DEFAULT_LAYOUTS = { layoutGlobal: DEFAULT_LAYOUT, layoutCommunity: DEFAULT_LAYOUT };

function instant(ms: number): Instant {
  return ms as Instant;
}

async function runPlan(reading: Reading, plan: QueryPlan): Promise<QueryResult> {
  switch (plan.form) {
    case "documents": {
      const numbers = await readDocuments(reading, plan.daily);
      return { form: "documents", documents: iterate(numbers), freshness: freshness(reading, numbers) };
    }
    case "composite":
      return composite(reading, plan.parts);
    case "series":
      return singleSeries(reading, plan);
    case "category": {
      const numbers = await readDaily(reading, plan.daily, breakdownsIn(plan.categories));
      return {
        form: "category",
        result: categoryResult(numbers, plan.categories),
        freshness: freshness(reading, numbers),
      };
    }
    case "columns":
      return columns(reading, plan);
    case "records": {
      const answer = await recordList(reading, plan.list);
      return { form: "records", answer, freshness: answer };
    }
    case "record-usage": {
      const answer = await recordUsage(reading, plan.usage);
      return { form: "columns", answer, freshness: answer };
    }
    default:
      return plan satisfies never;
  }
}

function readDocuments(reading: Reading, plan: DailyPlan): Promise<DailyNumbers> {
  return readDaily(reading, plan, breakdownsOf(reading, plan.side));
}

/** Documents from the beginning, as often as they are iterated. */
function iterate(numbers: DailyNumbers): Iterable<StatsDocument> {
  return { [Symbol.iterator]: () => documentsOf(numbers) };
}

async function composite(reading: Reading, parts: Readonly<Record<string, DailyPlan>>): Promise<QueryResult> {
  const read: [string, DailyNumbers][] = [];
  for (const [name, plan] of Object.entries(parts)) read.push([name, await readDocuments(reading, plan)]);
  const doubts = read.map(([, numbers]) => freshness(reading, numbers));
  return {
    form: "composite",
    parts: Object.fromEntries(read.map(([name, numbers]) => [name, iterate(numbers)])),
    freshness: mergeFreshness(doubts),
  };
}

async function singleSeries(reading: Reading, plan: Extract<QueryPlan, { form: "series" }>): Promise<QueryResult> {
  const category = { ...plan.category, metrics: [plan.metric] };
  const numbers = await readDaily(reading, plan.daily, breakdownsIn([category]));
  const all = seriesByMetric(numbers, category)[plan.metric.name] ?? [];
  const series = plan.subcountId === null ? all : all.filter(({ id }) => id === plan.subcountId);
  return { form: "series", series, freshness: freshness(reading, numbers) };
}

async function columns(reading: Reading, plan: Extract<QueryPlan, { form: "columns" }>): Promise<QueryResult> {
  const answers: [string, ColumnsAnswer][] = [];
  for (const part of plan.plans) answers.push([part.breakdown?.name ?? GLOBAL_KEY, await columnsAnswer(reading, part)]);
  const [first] = answers.map(([, answer]) => answer);
  const answer = plan.single && first !== undefined ? first : Object.fromEntries(answers);
  return { form: "columns", answer, freshness: mergeFreshness(answers.map(([, part]) => part)) };
}

function breakdownsIn(categories: readonly Category[]): readonly Breakdown[] {
  const breakdowns = categories.flatMap((category) =>
    category.kind === "breakdown" && category.metrics.length > 0 ? [category.breakdown] : [],
  );
  return [...new Set(breakdowns)];
}

/** Of an answer over documents: about the asked days, or all that exist where the ends are open. */
function freshness(reading: Reading, { plan, known }: DailyNumbers): Freshness {
  const from = plan.asked.from ?? known.own;
  const to = plan.asked.to ?? known.counted;
  return freshnessOf(reading, known, from === null || to === null || from > to ? null : { from, to });
}

/** Of several answers in one: every doubt about any of them, and the earliest first day. */
export function mergeFreshness(parts: readonly Freshness[]): Freshness {
  const days = (list: (part: Freshness) => readonly string[]) => [...new Set(parts.flatMap(list))].toSorted();
  const [first] = parts;
  const firstDays = parts.flatMap(({ firstDay }) => firstDay ?? []).toSorted();
  return {
    asOf: first?.asOf ?? null,
    ruleVersion: first?.ruleVersion ?? "",
    firstDay: firstDays[0] ?? null,
    updatedAt: first?.updatedAt ?? null,
    missingDays: days((part) => part.missingDays),
    incompleteDays: days((part) => part.incompleteDays),
    ...(parts.some(({ generated }) => generated === true) ? { generated: true } : {}),
  };
}

import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { dayFromNumber, dayNumberOf, type Instant } from "@community-stats/contract/days.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import type { ServiceStatus } from "@community-stats/contract/page.ts";
import { ownLayout } from "@community-stats/contract/layout-schema.ts";
import { DEFAULT_LAYOUT, type LayoutDocument } from "@community-stats/contract/layout.ts";
import type { WeekStart } from "@community-stats/contract/series.ts";
import type { Engine } from "../engine/engine.ts";
import { Dictionaries } from "./dictionaries.ts";
import { NumbersStates } from "./numbers-state.ts";
import { canonicalParameters } from "./canonical.ts";
import { isSameScope, PreparedMemory, type PreparedQuery } from "./prepared.ts";
import { parseRequest, planQuery, type PlanContext, type QueryPlan, type QueryRequest } from "./plan.ts";
import { RecordDirectory } from "./record-directory.ts";
import { namedRecord } from "./record-names.ts";
import { UseMemory } from "./use-memory.ts";
import { countedBreakdowns } from "./rules.ts";
import { runProgress } from "./progress.ts";
import { runPlan, type QueryResult } from "./run-plan.ts";
import { liveGeneration, NO_PROGRESS, openReading, withReading, type ReadingSource } from "./reading.ts";
import {
  allScopes,
  statusReport,
  scopeStatuses,
  type ScopeStatus,
  type StatusReport,
  type StatusScope,
} from "./status.ts";
import {
  ALL_ON,
  PUBLIC_ONLY,
  Scopes,
  type Caller,
  type ReadableScope,
  type ReadRights,
  type ScopeSwitches,
} from "./scopes.ts";

export interface QueryOptions {
  readonly engine: Engine;
  /** In the order of configuration. */
  readonly breakdowns: readonly Breakdown[];
  readonly topLimit: number;
  /** By default Monday. */
  readonly weekStart?: WeekStart;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly rights?: ReadRights;
  readonly switches?: ScopeSwitches;
  /** How long the state of the numbers is remembered, in milliseconds; by default it is looked at each time. */
  readonly stateMs?: number;
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
  #state: { readonly text: string | null; readonly readAt: number } = {
    text: null,
    readAt: Number.NEGATIVE_INFINITY,
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

  /** Whether it would be prepared alike now, for somebody who may read it. @throws UnknownScopeError, SwitchedOffError */
  async isCurrent({ request, scope, state }: PreparedQuery, caller: Caller): Promise<boolean> {
    if (state === null || (await this.state()) !== state) return false;
    return isSameScope(await this.scopes.open(request.parameters.community_id ?? GLOBAL_KEY, caller), scope);
  }

  async #prepare(request: QueryRequest, caller: Caller): Promise<Omit<PreparedQuery, "state">> {
    const { rangeDays } = this.#options;
    const context = { breakdowns: await this.breakdowns(), layout: DEFAULT_LAYOUT, rangeDays };
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
  async breakdowns(): Promise<readonly Breakdown[]> {
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
    const { now, stateMs = 0 } = this.#options;
    const age = now() - this.#state.readAt;
    if (age < stateMs && age >= 0) return this.#state.text;
    const text = await this.#readState();
    this.#state = { text, readAt: now() };
    return text;
  }

  async #readState(): Promise<string | null> {
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

  /**
   * How far the numbers of these scopes go, or of all that the caller may read. Errors are for the operator: they can name files.
   * @throws UnknownScopeError, SwitchedOffError
   */
  async scopeStatuses(names: readonly string[], caller: Caller): Promise<readonly ScopeStatus[]> {
    const scopes: StatusScope[] = [];
    for (const name of names) scopes.push(await this.scopes.open(name, caller));
    const all = names.length > 0 ? scopes : await this.scopes.readableScopes(caller);
    return await withReading(await this.#source(), (reading) => scopeStatuses(this.#options, reading, all));
  }

  async #source(): Promise<ReadingSource> {
    const { engine, topLimit, weekStart = "monday", now } = this.#options;
    return {
      store: engine.rollups,
      facts: engine.facts,
      dictionaries: this.#dictionaries,
      records: this.#records,
      uses: this.#uses,
      breakdowns: await this.breakdowns(),
      topLimit,
      weekStart,
      today: dayNumberOf(instant(now())),
      generated: await this.#isGenerated(),
      signal: null,
    };
  }

  async #isGenerated(): Promise<boolean> {
    const now = this.#options.now();
    if (now - this.#generated.readAt >= GENERATED_MEMORY_MS) {
      const { facts } = this.#options.engine;
      const value = (await facts.isGenerated?.()) ?? (await facts.summary()).generated;
      this.#generated = { value, readAt: now };
    }
    return this.#generated.value;
  }
}

const DEFAULT_LAYOUTS = { layoutGlobal: DEFAULT_LAYOUT, layoutCommunity: DEFAULT_LAYOUT };

function instant(ms: number): Instant {
  return ms as Instant;
}

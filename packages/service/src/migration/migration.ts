import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { Held } from "../engine/held-lease.ts";
import type { ControlStore } from "../engine/control-store.ts";
import type { Enrichment, EventIndices } from "../engine/event-indices.ts";
import type { FactStore } from "../engine/fact-store.ts";
import { enrichmentOf } from "./event-fields.ts";
import { ailment, type HealthOptions } from "./health.ts";
import { aloneOn } from "./month-lease.ts";
import {
  isShown,
  type MonthKey,
  type MonthNames,
  type MonthPlan,
  planAnew,
  planMonth,
  type Planning,
} from "./month-plan.ts";
import { type MonthOutcome, runMonth } from "./month-run.ts";
import { type MigrationLimits, type MonthWork, Pause } from "./month-work.ts";
import { RecordMemory } from "./record-memory.ts";
import { StateStore } from "./state-store.ts";
import type { Phase } from "./states.ts";

export interface MigrationProgress {
  readonly step: string;
  readonly done: number;
  readonly total: number;
}

export interface MigrationOptions {
  readonly indices: EventIndices;
  readonly facts: FactStore;
  readonly control: ControlStore;
  readonly breakdowns: readonly Breakdown[];
  readonly limits: MigrationLimits;
  readonly memory: HealthOptions["memory"];
  /** Waits while machine or cluster are not well, before a month is paused. */
  readonly healthWaitsMs: readonly number[];
  /** Removes the old indices of months that are over, once they are verified. */
  readonly retires: boolean;
  /** Leaves what was copied and begins a new version. */
  readonly isFresh: boolean;
  readonly owner: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly progress: (progress: MigrationProgress) => void;
}

/** What a run made of a month. `held`: another process works on it. */
export interface MonthReport extends MonthKey {
  readonly phase: Phase | "held";
  readonly target: string;
  readonly copied: number;
  readonly repaired: number;
  readonly inPlace: number;
  readonly reason: string | null;
  readonly ms: number;
}

/** Months that one migration can work on, and how. */
export class Migration {
  readonly #options: MigrationOptions;
  readonly #enrichment: Enrichment;
  readonly #states: StateStore;
  #records: Promise<RecordMemory> | null = null;

  constructor(options: MigrationOptions) {
    this.#options = options;
    this.#enrichment = enrichmentOf(options.breakdowns);
    this.#states = new StateStore(options.control);
  }

  /** Month after month; one that pauses does not stop the others. */
  async run(keys: readonly MonthKey[]): Promise<readonly MonthReport[]> {
    const reports: MonthReport[] = [];
    for (const key of keys) {
      if (this.#options.signal.aborted) break;
      reports.push(await this.#month(key));
    }
    return reports;
  }

  async #month(key: MonthKey): Promise<MonthReport> {
    const { now } = this.#options;
    const begun = now();
    const outcome = await aloneOn(this.#options, key, (isHeld) => this.#runMonth(key, isHeld));
    const ms = now() - begun;
    if (outcome === null) {
      return { ...key, phase: "held", target: "", copied: 0, repaired: 0, inPlace: 0, reason: HELD, ms };
    }
    const { state, copied, repaired, inPlace } = outcome;
    return { ...key, phase: state.phase, target: state.target, copied, repaired, inPlace, reason: state.reason, ms };
  }

  async #runMonth(key: MonthKey, isHeld: Held): Promise<MonthOutcome> {
    const { indices, now, isFresh } = this.#options;
    const names = namesOf(indices, key);
    const planning = { names, configuration: this.#enrichment.configuration };
    const look = async () => planMonth(key, await indices.list(), planning);
    const plan = isFresh ? await this.#anew(key, planning) : await look();
    const save = (state: MonthOutcome["state"]) => this.#states.write(key, state);
    const total = plan.sources.reduce((sum, { count }) => sum + count, 0);
    const work = await this.#work(names, isHeld, (done) => {
      this.#options.progress({ step: `${key.type} ${key.month}`, done, total: isShown(plan, names) ? 0 : 2 * total });
    });
    const retires = this.#options.retires && key.month < monthOf(now());
    return await runMonth({ work, plan, state: await this.#states.read(key), isFresh, save, look, retires, now });
  }

  async #anew(key: MonthKey, planning: Planning): Promise<MonthPlan> {
    const { indices } = this.#options;
    const { plan, unseen } = planAnew(key, await indices.list(), planning);
    if (unseen !== null) await indices.drop(unseen.name);
    return plan;
  }

  async #work(names: MonthNames, isHeld: Held, note: (done: number) => void): Promise<MonthWork> {
    const { indices, limits, facts, signal } = this.#options;
    this.#records ??= RecordMemory.open(facts, this.#enrichment);
    let [batches, done] = [0, 0];
    const admit: MonthWork["admit"] = async (kind) => {
      if (signal.aborted) throw new Pause("it was cancelled");
      if (!isHeld()) throw new Pause("another process may have taken the month over");
      if (kind === "copy" && ++batches > limits.maxBatches) {
        throw new Pause(`the limit of ${limits.maxBatches} batches is reached; run it again to go on`);
      }
      const found = await ailment({
        ...this.#options,
        maxMemoryPercent: limits.maxMemoryPercent,
        waitsMs: this.#options.healthWaitsMs,
      });
      if (found !== null) throw new Pause(found);
    };
    const noted = (events: number): void => {
      done += events;
      note(done);
    };
    return { indices, limits, names, admit, note: noted, enrichment: this.#enrichment, records: await this.#records };
  }
}

/** "2025-03", in UTC. */
export function monthOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 7);
}

const HELD = "another process works on it";

export function namesOf(indices: EventIndices, { type, month }: MonthKey): MonthNames {
  return { read: indices.readAlias(type), write: indices.writeName(type, month) };
}

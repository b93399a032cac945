import type { DayNumber } from "@community-stats/contract/days.ts";
import type { CountedDay, RollupStore } from "../engine/rollup-store.ts";
import type { CountedResult, DayCounter, DayResult } from "./day-counter.ts";
import { portions } from "./planner.ts";

/** Days that a counter takes at once: few enough to share the work evenly, enough to keep its scan going. */
const PORTION_DAYS = 5;

export interface BlobNames {
  readonly globalScope: number;
  /** Names of the breakdowns in the order of the kernel, without the totals. */
  readonly breakdowns: readonly string[];
}

export interface UsageJob {
  readonly rollups: RollupStore;
  readonly generation: number;
  readonly days: readonly DayNumber[];
  /** With which facts a day is counted. */
  readonly countedWith: (day: DayNumber) => CountedDay;
  readonly counters: readonly DayCounter[];
  readonly names: BlobNames;
  /** Days written in one transaction. */
  readonly batchDays: number;
  /** False: take no more days, write what is there. */
  readonly mayGoOn: () => boolean;
  /** After each transaction. */
  readonly written: (results: readonly CountedResult[]) => Promise<void>;
}

export interface UsageOutcome {
  readonly failed: readonly Extract<DayResult, { kind: "failed" }>[];
  /** Their events are newer than the tables. */
  readonly stale: readonly DayNumber[];
}

/** Counts the days on all counters and writes them batch by batch: a run that dies has lost less than one batch of work. */
export async function countUsage(job: UsageJob): Promise<UsageOutcome> {
  const outcome = { failed: [] as Extract<DayResult, { kind: "failed" }>[], stale: [] as DayNumber[] };
  const queue = portions(job.days, PORTION_DAYS);
  const batch = new Batch(job);
  const work = async (counter: DayCounter): Promise<void> => {
    for (let days = queue.shift(); days !== undefined && job.mayGoOn(); days = queue.shift()) {
      for await (const result of counter.count(days)) {
        if (result.kind === "counted") await batch.add(result);
        else if (result.kind === "failed") outcome.failed.push(result);
        else outcome.stale.push(result.day);
      }
    }
  };
  await Promise.all(job.counters.map(work));
  await batch.write();
  return outcome;
}

/** Collects days and writes them; one write at a time. */
class Batch {
  readonly #job: UsageJob;
  #results: CountedResult[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(job: UsageJob) {
    this.#job = job;
  }

  async add(result: CountedResult): Promise<void> {
    this.#results.push(result);
    if (this.#results.length >= this.#job.batchDays) await this.write();
  }

  async write(): Promise<void> {
    const results = this.#results;
    this.#results = [];
    this.#writing = this.#writing.then(() => this.#replace(results));
    await this.#writing;
  }

  async #replace(results: readonly CountedResult[]): Promise<void> {
    if (results.length === 0) return;
    const { rollups, generation, countedWith, names } = this.#job;
    const days = results.map(({ day, packed, records }) => ({ ...countedWith(day), ...packed, records }));
    const { globalScope } = names;
    await rollups.replaceUsageDays(generation, { days, breakdowns: ["", ...names.breakdowns], globalScope });
    await this.#job.written(results);
  }
}

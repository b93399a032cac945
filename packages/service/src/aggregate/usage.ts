import type { DayNumber } from "@community-stats/contract/days.ts";
import type { CountedDay, RollupStore } from "../engine/rollup-store.ts";
import type { CountedResult, DayCounter, DayResult } from "./day-counter.ts";
import { portions, writtenTogether } from "./planner.ts";

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
  /** About so many days are written in one transaction, see `writtenTogether`. */
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
  const batches = new Batches(job);
  const work = async (counter: DayCounter): Promise<void> => {
    for (let days = queue.shift(); days !== undefined && job.mayGoOn(); days = queue.shift()) {
      for await (const result of counter.count(days)) {
        if (result.kind === "failed") outcome.failed.push(result);
        else if (result.kind === "stale") outcome.stale.push(result.day);
        await batches.add(result);
      }
    }
  };
  await Promise.all(job.counters.flatMap((counter) => Array.from({ length: counter.atOnce }, () => work(counter))));
  await batches.writeRest();
  return outcome;
}

interface Batch {
  /** Days of which nothing is known yet. */
  left: number;
  results: CountedResult[];
}

/** Collects days and writes them, those of a batch once the last of them has come; one write at a time. */
class Batches {
  readonly #job: UsageJob;
  readonly #ofDay = new Map<DayNumber, Batch>();
  #writing: Promise<void> = Promise.resolve();

  constructor(job: UsageJob) {
    this.#job = job;
    for (const days of writtenTogether(job.days, job.batchDays)) {
      const batch: Batch = { left: days.length, results: [] };
      for (const day of days) this.#ofDay.set(day, batch);
    }
  }

  async add(result: DayResult): Promise<void> {
    const batch = this.#ofDay.get(result.day);
    if (batch === undefined) throw new Error(`day ${result.day} was counted without being asked for`);
    batch.left--;
    if (result.kind === "counted") batch.results.push(result);
    if (batch.left === 0) await this.#write(batch);
  }

  /** What batches hold that were never completed. */
  async writeRest(): Promise<void> {
    for (const batch of new Set(this.#ofDay.values())) await this.#write(batch);
  }

  async #write(batch: Batch): Promise<void> {
    const { results } = batch;
    batch.results = [];
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

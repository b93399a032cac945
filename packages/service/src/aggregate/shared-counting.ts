import type { DayNumber } from "@community-stats/contract/days.ts";
import type { CountedDay, Generation, StagedUse } from "../engine/rollup-store.ts";
import type { SharedWork, WorkOutcome, WorkRun } from "../engine/shared-work.ts";
import type { CountingPiece, PieceResult, UsedDay } from "./counting-piece.ts";
import type { DayResult } from "./day-counter.ts";
import type { PieceCounter } from "./piece-counter.ts";

/** A piece is finished in seconds, so that a lost hand costs seconds; a day is never divided. */
const PIECE_EVENTS = 500_000;
/** A piece of several days that was set aside is tried day by day, so that one bad day spares its neighbours. */
const DAYS_OF_ONE = 1;

export interface SharedJob {
  readonly work: SharedWork;
  readonly staged: StagedUse;
  readonly generation: Generation;
  readonly recordSeq: number;
  readonly read: CountingPiece["read"];
  /** Ascending. */
  readonly days: readonly CountedDay[];
  readonly eventsOf: (day: DayNumber) => number;
  /** Most days of a piece. */
  readonly pieceDays: number;
  /** This process counts like every other hand. */
  readonly own: Pick<PieceCounter, "count">;
  readonly mayGoOn: () => boolean;
  /** After the days of a piece became valid. */
  readonly written: (days: readonly UsedDay[]) => Promise<void>;
}

export interface SharedOutcome {
  readonly failed: readonly Extract<DayResult, { kind: "failed" }>[];
  readonly stale: readonly DayNumber[];
}

/**
 * Counts days on all machines: every hand counts and writes, and only this run makes what they wrote valid. A hand that dies, sleeps or
 * comes too late changes nothing; a queue that forgets is filled again.
 */
export async function countShared(job: SharedJob): Promise<SharedOutcome> {
  const run = await job.work.open();
  const hand = job.work.serve(job.own.count, () => undefined);
  try {
    const counting = new SharedCounting(job, run);
    await counting.handOut(pieces(job));
    while (job.mayGoOn() && !counting.isDone()) await counting.take(await run.ended());
    return counting;
  } finally {
    await hand.close();
    await run.close();
  }
}

/** Neighbouring days, up to a number of events together; cut at whole multiples of the most days, as they stand in rows. */
export function pieces({
  days,
  eventsOf,
  pieceDays,
}: Pick<SharedJob, "days" | "eventsOf" | "pieceDays">): readonly CountedDay[][] {
  const found: CountedDay[][] = [];
  let events = Number.POSITIVE_INFINITY;
  for (const entry of days) {
    const its = eventsOf(entry.day);
    const last = found.at(-1);
    const multiple = Math.floor(entry.day / pieceDays);
    const isApart = last?.[0] === undefined || Math.floor(last[0].day / pieceDays) !== multiple;
    if (last === undefined || isApart || events + its > PIECE_EVENTS) {
      found.push([entry]);
      events = its;
    } else {
      last.push(entry);
      events += its;
    }
  }
  return found;
}

class SharedCounting implements SharedOutcome {
  readonly #job: SharedJob;
  readonly #run: WorkRun;
  readonly #out = new Map<string, CountingPiece>();
  readonly failed: Extract<DayResult, { kind: "failed" }>[] = [];
  readonly stale: DayNumber[] = [];

  constructor(job: SharedJob, run: WorkRun) {
    this.#job = job;
    this.#run = run;
  }

  isDone(): boolean {
    return this.#out.size === 0;
  }

  /** With places of their own: what an earlier holder of these days writes late prevails over nothing. */
  async handOut(all: readonly (readonly CountedDay[])[]): Promise<void> {
    const { staged, generation, recordSeq, read } = this.#job;
    const { id, ruleVersion } = generation;
    const { write, slots } = await staged.places(
      id,
      all.flat().map(({ day }) => day),
    );
    const slotOf = new Map(slots);
    const pieces = all.map((days) => {
      const places = { write, slots: days.map(({ day }) => [day, slotOf.get(day) ?? 0] as const) };
      const piece: CountingPiece = { generation: id, ruleVersion, recordSeq, read, days, places };
      return { key: `${write}-${days[0]?.day ?? 0}`, piece };
    });
    for (const { key, piece } of pieces) this.#out.set(key, piece);
    await this.#run.add(pieces.map(({ key, piece }) => ({ key, data: JSON.stringify(piece) })));
  }

  async take(outcomes: readonly WorkOutcome[]): Promise<void> {
    for (const outcome of outcomes) {
      const piece = this.#out.get(outcome.key);
      this.#out.delete(outcome.key);
      if (piece !== undefined && this.#job.mayGoOn()) await this.#takeOne(piece, outcome);
    }
  }

  async #takeOne(piece: CountingPiece, outcome: WorkOutcome): Promise<void> {
    switch (outcome.kind) {
      case "done":
        return await this.#validate(piece, JSON.parse(outcome.result));
      case "lost":
        return await this.handOut([piece.days]);
      case "aside":
        if (piece.days.length > DAYS_OF_ONE) return await this.handOut(piece.days.map((day) => [day]));
        for (const { day } of piece.days) this.failed.push({ kind: "failed", day, error: outcome.error });
        return;
      default:
        return outcome satisfies never;
    }
  }

  async #validate(piece: CountingPiece, { attempt, days }: PieceResult): Promise<void> {
    const { staged, generation, written } = this.#job;
    const counted = days.filter((one) => one.kind === "counted");
    for (const one of days) {
      if (one.kind === "failed") this.failed.push(one);
      else if (one.kind === "stale") this.stale.push(one.day);
    }
    if (counted.length === 0) return;
    const valid = new Set(counted.map(({ day }) => day));
    const entries = piece.days.filter(({ day }) => valid.has(day));
    await staged.validate(generation.id, entries, { places: piece.places, attempt });
    await written(counted);
  }
}

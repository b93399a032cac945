import { setImmediate as nextTurn } from "node:timers/promises";
import type { DayNumber } from "@community-stats/contract/days.ts";
import { UsageKernel } from "../domain/kernel.ts";
import { UnknownTermError } from "../domain/kernel-dims.ts";
import type { CountedUse } from "../domain/kernel.ts";
import { packRecordUse, type PackedDay } from "../domain/kernel-output.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { EventDay } from "../engine/facts.ts";
import type { CountingTables } from "./usage-dims.ts";

/** What became of one day. `stale`: its events are newer than the tables; count it again with new ones. */
export type DayResult =
  | { readonly kind: "counted"; readonly day: DayNumber; readonly packed: PackedDay; readonly records: Uint8Array }
  | { readonly kind: "failed"; readonly day: DayNumber; readonly error: string }
  | { readonly kind: "stale"; readonly day: DayNumber };

export type CountedResult = Extract<DayResult, { kind: "counted" }>;

/** Counts days, here or in a thread of its own. */
export interface DayCounter {
  /** How many times `count` may be under way at once: more than once, where whoever counts need not wait for who takes the results. */
  readonly atOnce: number;
  /** One result per day, in any order. */
  count(days: readonly DayNumber[]): AsyncIterable<DayResult>;
  close(): Promise<void>;
}

export interface LocalSources {
  readonly facts: FactStore;
  readonly tables: CountingTables;
  /** RollupStore codes (kind "scopeSet") of these texts. */
  readonly internSets: (texts: readonly string[]) => Promise<Int32Array>;
}

/** Counts in the thread it is made in. A day that cannot be read or counted spares the others. */
export class LocalDayCounter implements DayCounter {
  readonly atOnce = 1;
  readonly #facts: FactStore;
  readonly #internSets: LocalSources["internSets"];
  readonly #tables: CountingTables;
  readonly #kernel: UsageKernel;
  /** RollupStore codes of the kernel's community sets. */
  readonly #setCodes: number[] = [];

  constructor({ facts, tables, internSets }: LocalSources) {
    this.#facts = facts;
    this.#internSets = internSets;
    this.#tables = tables;
    this.#kernel = new UsageKernel(tables.dims);
  }

  async *count(days: readonly DayNumber[]): AsyncIterable<DayResult> {
    const left = new Set(days);
    try {
      for await (const events of this.#facts.events(days)) {
        left.delete(events.day);
        yield await this.#countDay(events);
      }
    } catch (error) {
      yield* this.#singly([...left], error);
      return;
    }
    for (const day of left) yield emptyDay(day);
  }

  // The scan of several days ended at one that cannot be read: the others are read one by one.
  async *#singly(days: readonly DayNumber[], error: unknown): AsyncIterable<DayResult> {
    const [only] = days;
    if (days.length === 1 && only !== undefined) yield { kind: "failed", day: only, error: messageOf(error) };
    else for (const day of days) yield* this.count([day]);
  }

  async #countDay(events: EventDay): Promise<DayResult> {
    const { day } = events;
    await nextTurn();
    try {
      const { packed, records } = await this.#pack(this.#kernel.count(events));
      return { kind: "counted", day, packed, records };
    } catch (error) {
      if (error instanceof UnknownTermError) return { kind: "stale", day };
      return { kind: "failed", day, error: messageOf(error) };
    }
  }

  async #pack({ packed, records }: CountedUse): Promise<{ readonly packed: PackedDay; readonly records: Uint8Array }> {
    const { sets } = this.#kernel;
    const fresh = Array.from({ length: sets.count - this.#setCodes.length }, (_, index) =>
      sets.text(this.#setCodes.length + index),
    );
    if (fresh.length > 0) this.#setCodes.push(...(await this.#internSets(fresh)));
    this.#requireKnown(records.record);
    return { packed, records: packRecordUse(records, this.#tables.recordCode, Int32Array.from(this.#setCodes)) };
  }

  #requireKnown(records: Int32Array): void {
    for (const code of records) {
      if (code >= this.#tables.recordCode.length) throw new UnknownTermError("record", code);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function emptyDay(day: DayNumber): DayResult {
  const none = new Int32Array(0);
  const packed = { scope: none, breakdown: none, start: Int32Array.of(0), data: new Uint8Array(0) };
  return { kind: "counted", day, packed, records: new Uint8Array(0) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

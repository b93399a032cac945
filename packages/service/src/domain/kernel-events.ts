import type { DayNumber } from "@community-stats/contract/days.ts";
import { grownInt32 } from "./int-arrays.ts";
import { checkStamps } from "./kernel-counters.ts";
import { Grouping, Numbering } from "./kernel-numbering.ts";

/** The code of what an event does not name. */
export const NO_TERM = -1;
/** Reader class of robots. */
export const ROBOT = 2;

/** The distinct events of one day as columns; what the kernel needs of an engine's `EventDay`. Codes are those of the FactStore. */
export interface UsageDay {
  readonly day: DayNumber;
  readonly count: number;
  readonly instant: Float64Array;
  /** 0 view, 1 download. */
  readonly kind: Uint8Array;
  readonly reader: Uint8Array;
  readonly record: Int32Array;
  readonly parent: Int32Array;
  readonly country: Int32Array;
  readonly referrer: Int32Array;
  readonly fileType: Int32Array;
  readonly communitySet: Int32Array;
  /** 64 bits in two words. */
  readonly visitor: Uint32Array;
  /** 64 bits in two words; two zeros are no file. */
  readonly file: Uint32Array;
  readonly bytes: Float64Array;
}

/** The events of a day that count, brought together by visitor and by file. */
export class SelectedEvents {
  count = 0;
  /** Position of each selected event in the day. */
  position = new Int32Array(0);
  kind = new Uint8Array(0);
  bytes = new Float64Array(0);
  readonly visitors = new Grouping();
  readonly files = new Grouping();
  readonly #numbers = new Numbering();
  #keys = new Int32Array(0);

  select(day: UsageDay): void {
    checkStamps(day.count);
    this.#grow(day.count);
    this.count = 0;
    for (let position = 0; position < day.count; position++) {
      if (day.reader[position] === ROBOT) continue;
      const at = this.count++;
      this.position[at] = position;
      this.kind[at] = day.kind[position] ?? 0;
      this.bytes[at] = day.bytes[position] ?? 0;
    }
    this.#group(this.visitors, day.visitor, false);
    this.#group(this.files, day.file, true);
  }

  #grow(count: number): void {
    this.position = grownInt32(this.position, count);
    this.#keys = grownInt32(this.#keys, count);
    if (this.kind.length >= count) return;
    this.kind = new Uint8Array(this.position.length);
    this.bytes = new Float64Array(this.position.length);
  }

  #group(grouping: Grouping, words: Uint32Array, downloadsOnly: boolean): void {
    this.#numbers.clear();
    for (let event = 0; event < this.count; event++) {
      const at = 2 * (this.position[event] ?? 0);
      const low = words[at] ?? 0;
      const high = words[at + 1] ?? 0;
      const absent = downloadsOnly && (this.kind[event] === 0 || (low === 0 && high === 0));
      this.#keys[event] = absent ? -1 : this.#numbers.number(low, high);
    }
    grouping.build(this.#keys, this.count, this.#numbers.count);
  }
}

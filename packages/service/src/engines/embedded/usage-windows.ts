import type Database from "better-sqlite3";
import type { RollupPart } from "../../engine/rollup-store.ts";
import type { ReadMemory } from "./read-memory.ts";
import { bufferOf, lastOffset, WINDOW_BITS, windowDays, WindowPacker } from "../../engine/window-packing.ts";

/** All days of the years 1 to 9999 are in between: about -45,000 to 183,400. */
const FIRST_WINDOW = -(1 << 16);
const LAST_WINDOW = 1 << 18;
/** The window whose keys begin at 0; keys of earlier ones are negative. */
const KEY_WINDOW = -(1 << 15);
/** Series that the key has room for. */
const SERIES = 2 ** 32;

export function windowOf(day: number): number {
  return Math.min(LAST_WINDOW, Math.max(FIRST_WINDOW, day >> WINDOW_BITS));
}

/**
 * Daily use, many days of one series in a row: two million rows a year are not written one by one. The key is window and series
 * in one number, because large values in a table with a key of two columns are several times slower; the window comes first, so that
 * a year is written from front to back. A series of a year is two dozen rows to look up.
 */
export class UsageWindows {
  readonly #one: Database.Statement;
  readonly #next: Database.Statement;
  readonly #put: Database.Statement;
  readonly #remove: Database.Statement;
  readonly #any: Database.Statement;
  readonly #memory: ReadMemory;
  readonly #packer = new WindowPacker();

  constructor(database: Database.Database, memory: ReadMemory) {
    this.#memory = memory;
    this.#one = database.prepare("SELECT data FROM usage_window WHERE id = ?").pluck();
    this.#next = database.prepare("SELECT id FROM usage_window WHERE id >= ? ORDER BY id LIMIT 1").pluck();
    this.#put = database.prepare("INSERT OR REPLACE INTO usage_window VALUES (?, ?)");
    this.#remove = database.prepare("DELETE FROM usage_window WHERE id = ?");
    this.#any = database.prepare("SELECT 1 FROM usage_window WHERE id = ?").pluck();
  }

  /** Days of the series, ascending. */
  read(series: number, from: number, to: number): RollupPart[] {
    const [first, last] = [windowOf(from), windowOf(to)];
    const parts: RollupPart[] = [];
    for (const window of this.#windows()) {
      if (window < first || window > last) continue;
      const data = this.#one.get(keyOf(series, window)) as Uint8Array | undefined;
      if (data === undefined) continue;
      const start = window * (1 << WINDOW_BITS);
      for (const { offset, data: bytes } of windowDays(data)) {
        const period = start + offset;
        if (period >= from && period <= to) parts.push({ period, data: bytes });
      }
    }
    return parts;
  }

  has(series: number): boolean {
    return this.#windows().some((window) => this.#any.get(keyOf(series, window)) !== undefined);
  }

  /** The windows that any series has, ascending. */
  #windows(): readonly number[] {
    return this.#memory.of("windows", () => {
      const found: number[] = [];
      let id = this.#next.get(keyOf(0, FIRST_WINDOW));
      while (typeof id === "number") {
        const window = Math.floor(id / SERIES) + KEY_WINDOW;
        found.push(window);
        id = this.#next.get(keyOf(0, window + 1));
      }
      return found;
    });
  }

  /** Writes the packed days of one window of a series. No other day of the window is there yet. */
  put(series: number, window: number, days: Uint8Array): void {
    this.#put.run(keyOf(series, window), days);
  }

  /** Takes the replaced days out of a window and puts the packed ones in. */
  merge(series: number, window: number, { days, replaced }: WindowChange): void {
    const id = keyOf(series, window);
    const stored = this.#one.get(id) as Uint8Array | undefined;
    if (stored === undefined) {
      if (days.length > 0) this.#put.run(id, days);
      return;
    }
    const all = this.#merged(stored, { days, replaced });
    if (all.length === 0) this.#remove.run(id);
    else if (all !== stored) this.#put.run(id, all);
  }

  /** A day that comes after all others needs no look at these. */
  #merged(stored: Uint8Array, { days, replaced }: WindowChange): Uint8Array {
    const packer = this.#packer;
    packer.begin();
    if (Math.min(...replaced) > lastOffset(stored)) {
      if (days.length === 0) return stored;
      packer.addPacked(stored);
      packer.addPacked(days);
      return packer.packed;
    }
    const kept = windowDays(stored).filter(({ offset }) => !replaced.has(offset));
    const all = [...kept, ...windowDays(days)].toSorted((a, b) => a.offset - b.offset);
    for (const { offset, data } of all) packer.add(offset, bufferOf(data), { start: 0, end: data.length });
    return packer.packed;
  }

  removeSeries(series: number): void {
    for (const window of this.#windows()) this.#remove.run(keyOf(series, window));
  }
}

/** What happens to one window of a series. */
export interface WindowChange {
  /** Packed. */
  readonly days: Uint8Array;
  /** Days as offsets from the window's first, these among them; never empty. */
  readonly replaced: ReadonlySet<number>;
}

function keyOf(series: number, window: number): number {
  return (window - KEY_WINDOW) * SERIES + series;
}

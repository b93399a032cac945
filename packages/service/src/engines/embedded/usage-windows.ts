import type Database from "better-sqlite3";
import type { RollupPart } from "../../engine/rollup-store.ts";
import { type WindowDay, windowDays, WindowPacker } from "./window-packing.ts";

/** Days of one window: a year of a series is a dozen rows, and a day more rewrites one of them. */
const WINDOW_BITS = 5;
/** Windows that the key has room for, half of them before 1970. */
const WINDOWS = 1 << 16;
const MIDDLE = WINDOWS / 2;

export function windowOf(day: number): number {
  return Math.min(MIDDLE - 1, Math.max(-MIDDLE, day >> WINDOW_BITS));
}

/**
 * Daily use, many days of one series in a row: two million rows a year are not written one by one. The key is series and window
 * in one number, because large values in a table with a key of two columns are several times slower.
 */
export class UsageWindows {
  readonly #one: Database.Statement;
  readonly #range: Database.Statement;
  readonly #put: Database.Statement;
  readonly #remove: Database.Statement;
  readonly #removeSeries: Database.Statement;
  readonly #any: Database.Statement;
  readonly #packer = new WindowPacker();

  constructor(database: Database.Database) {
    this.#one = database.prepare("SELECT data FROM usage_window WHERE id = ?").pluck();
    this.#range = database.prepare("SELECT id, data FROM usage_window WHERE id BETWEEN ? AND ? ORDER BY id");
    this.#put = database.prepare("INSERT OR REPLACE INTO usage_window VALUES (?, ?)");
    this.#remove = database.prepare("DELETE FROM usage_window WHERE id = ?");
    this.#removeSeries = database.prepare("DELETE FROM usage_window WHERE id BETWEEN ? AND ?");
    this.#any = database.prepare("SELECT 1 FROM usage_window WHERE id BETWEEN ? AND ? LIMIT 1").pluck();
  }

  /** Days of the series, ascending. */
  read(series: number, from: number, to: number): RollupPart[] {
    const rows = this.#range.all(keyOf(series, windowOf(from)), keyOf(series, windowOf(to)));
    return (rows as WindowRow[]).flatMap(({ id, data }) => {
      const first = (id - keyOf(series, 0)) * (1 << WINDOW_BITS);
      return windowDays(data)
        .map(({ offset, data: bytes }) => ({ period: first + offset, data: bytes }))
        .filter(({ period }) => period >= from && period <= to);
    });
  }

  has(series: number): boolean {
    return this.#any.get(keyOf(series, -MIDDLE), keyOf(series, MIDDLE - 1)) !== undefined;
  }

  /** Writes these days of one window of a series; ascending. No other day of the window is there yet. */
  put(series: number, window: number, days: readonly WindowDay[]): void {
    this.#put.run(keyOf(series, window), this.#packer.pack(days));
  }

  /** Takes the replaced days out of a window and puts these in. */
  merge(series: number, window: number, { days, replaced }: WindowChange): void {
    const id = keyOf(series, window);
    const stored = this.#one.get(id) as Uint8Array | undefined;
    if (stored === undefined && days.length === 0) return;
    const kept = stored === undefined ? [] : windowDays(stored).filter(({ offset }) => !replaced.has(offset));
    const all = [...kept, ...days].toSorted((a, b) => a.offset - b.offset);
    if (all.length === 0) this.#remove.run(id);
    else this.#put.run(id, this.#packer.pack(all));
  }

  removeSeries(series: number): void {
    this.#removeSeries.run(keyOf(series, -MIDDLE), keyOf(series, MIDDLE - 1));
  }
}

/** What happens to one window of a series: days as offsets from its first. */
export interface WindowChange {
  readonly days: readonly WindowDay[];
  readonly replaced: ReadonlySet<number>;
}

interface WindowRow {
  readonly id: number;
  readonly data: Uint8Array;
}

export function offsetOf(day: number): number {
  return day & ((1 << WINDOW_BITS) - 1);
}

function keyOf(series: number, window: number): number {
  return series * WINDOWS + MIDDLE + window;
}

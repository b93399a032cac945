import { compareCodePoints } from "../domain/code-points.ts";
import type { Table } from "./table.ts";

/** The values that a day's document lists: slots, and where the counters of each begin in `numbers`. */
export interface Listed {
  readonly slots: readonly number[];
  readonly offsets: readonly number[];
  readonly numbers: Float64Array;
}

/** A number read from the counters that begin at the offset. */
export type Measure = (numbers: Float64Array, offset: number) => number;

/** Visits the days of a table in ascending order, each once; days in between may be left out. */
export interface Walk {
  /** Moves to the day and lists its values. */
  to(day: number): Listed;
}

/** The slots of stated values by id. The empty id stands for what states no value; documents have no such item. */
export interface SlotOrder {
  readonly stated: readonly number[];
  /** Position of a slot among the stated ones; -1 for what states no value. */
  readonly rank: Int32Array;
  readonly ids: readonly string[];
}

export function slotOrder(table: Table, texts: readonly string[]): SlotOrder {
  const ids = table.codes.map((code) => texts[code] ?? "");
  const slots = [...ids.keys()].filter((slot) => ids[slot] !== "");
  const stated = slots.toSorted((a, b) => compareCodePoints(ids[a] ?? "", ids[b] ?? ""));
  const rank = new Int32Array(ids.length).fill(-1);
  for (const [position, slot] of stated.entries()) rank[slot] = position;
  return { stated, rank, ids };
}

/** The only row of a day's totals; zeros where nothing happened. */
export function totalsWalk(table: Table, kind: "delta" | "snapshot"): (day: number) => Float64Array {
  const state = new Float64Array(table.width);
  if (kind === "snapshot") state.set(table.opening.subarray(0, table.width));
  const rows = rowsByDay(table);
  return (day) => {
    if (kind === "delta") state.fill(0);
    rows(day, (row, rowDay) => {
      if (kind === "snapshot" || rowDay === day) addTo(state, 0, { table, row });
    });
    return state;
  };
}

/** What a day changed: every stated value of which any counter is not zero (T9.1 decision 18), by id. */
export function deltaWalk(table: Table, order: SlotOrder, isActive: (offset: number) => boolean): Walk {
  const rows = rowsByDay(table);
  return {
    to(day) {
      const found: number[] = [];
      rows(day, (row, rowDay) => {
        const isStated = (order.rank[table.slots[row] ?? 0] ?? -1) >= 0;
        if (rowDay === day && isStated && isActive(row * table.width)) found.push(row);
      });
      found.sort((a, b) => (order.rank[table.slots[a] ?? 0] ?? 0) - (order.rank[table.slots[b] ?? 0] ?? 0));
      return {
        slots: found.map((row) => table.slots[row] ?? 0),
        offsets: found.map((row) => row * table.width),
        numbers: table.numbers,
      };
    },
  };
}

/** Which values a snapshot lists. `top` null: all by id; otherwise the first so many by the measure, ties by id (T10). */
export interface Listing {
  readonly rank: Measure;
  readonly top: number | null;
}

/** Running totals, listed in one or more ways; values whose measure is zero are in no list. */
export function snapshotWalk(table: Table, order: SlotOrder, listings: readonly Listing[]) {
  const state = new Float64Array(table.codes.length * table.width);
  state.set(table.opening);
  const rows = rowsByDay(table);
  const list = (listing: Listing) => listSlots({ state, width: table.width, order, listing });
  let lists: readonly Listed[] | null = null;
  return {
    to(day: number): readonly Listed[] {
      rows(day, (row) => {
        addTo(state, (table.slots[row] ?? 0) * table.width, { table, row });
        lists = null;
      });
      lists ??= listings.map(list);
      return lists;
    },
  };
}

interface SlotList {
  readonly state: Float64Array;
  readonly width: number;
  readonly order: SlotOrder;
  readonly listing: Listing;
}

function listSlots({ state, width, order, listing }: SlotList): Listed {
  const slots =
    listing.top === null
      ? activeSlots({ state, width, order, listing })
      : topSlots({ state, width, order, listing }, listing.top);
  return { slots, offsets: slots.map((slot) => slot * width), numbers: state };
}

function activeSlots({ state, width, order, listing }: SlotList): number[] {
  return order.stated.filter((slot) => listing.rank(state, slot * width) > 0);
}

/** The first by value, descending, ties by id: one pass, keeping only so many. */
function topSlots({ state, width, order, listing }: SlotList, most: number): number[] {
  const slots: number[] = [];
  const values: number[] = [];
  for (const slot of order.stated) {
    const value = listing.rank(state, slot * width);
    if (value <= (slots.length < most ? 0 : (values[most - 1] ?? 0))) continue;
    let at = slots.length < most ? slots.length : most - 1;
    for (; at > 0 && (values[at - 1] ?? 0) < value; at--) {
      slots[at] = slots[at - 1] ?? 0;
      values[at] = values[at - 1] ?? 0;
    }
    slots[at] = slot;
    values[at] = value;
  }
  return slots;
}

/** Hands out each row once, when its day has come. */
function rowsByDay(table: Table): (day: number, visit: (row: number, rowDay: number) => void) => void {
  let next = 0;
  return (day, visit) => {
    for (; next < table.count; next++) {
      const rowDay = table.days[next] ?? 0;
      if (rowDay > day) return;
      visit(next, rowDay);
    }
  };
}

function addTo(state: Float64Array, at: number, { table, row }: { table: Table; row: number }): void {
  const from = row * table.width;
  for (let index = 0; index < table.width; index++) {
    state[at + index] = (state[at + index] ?? 0) + (table.numbers[from + index] ?? 0);
  }
}

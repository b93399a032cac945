import { IntColumn } from "./columns.ts";
import type { RecordHistory } from "./record-history.ts";

/**
 * When which state was active in one scope and basis, in whole days. A stretch stands on every day that it touches, both ends included;
 * so T3 becomes counting: of stretches that share a day, the first opens and the last closes. What ends at 00:00:00 ends on the day that
 * begins then (T9.1 decision 1). Stretches of a record are neighbours, oldest first, and so are the records of a work. A state that the
 * ledger cannot tell from the one before prolongs its stretch.
 */
export interface Stretches {
  readonly count: number;
  readonly record: Int32Array;
  readonly state: Int32Array;
  /** Positions in `days`; `last` is FOREVER where there is no end. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** What differs from the stretch before (`stateChanges`); 0 where the stretch does not begin as that one ends. */
  readonly change: Int32Array;
  /** The days on which anything begins or ends, ascending. */
  readonly days: Int32Array;
}

/** How a group of works can be booked. */
export const SHAPE = {
  /** One record; it never pauses, and no two of its changes share a day: neighbouring states need only be compared. */
  one: 0,
  /** Several such records of one parent that all have files switched on, or all off. */
  several: 1,
  /** The same, where the switch differs. */
  mixed: 2,
  /** Everything else. */
  odd: 3,
} as const;

export interface GroupShapes {
  readonly groupCount: number;
  /** Start offsets of groups of works. */
  readonly groupStart: Int32Array;
  readonly shape: Uint8Array;
  /** Start offsets of the records' stretches; all of a record's changes together. */
  readonly stayStart: Int32Array;
  readonly stayChange: Int32Array;
  /** Start offsets of the records of a group. */
  readonly groupStay: Int32Array;
  /** Stretches of several records: within their group in order of their first day. */
  readonly order: Int32Array;
}

/** Looks at the groups once for all columns. */
export function shapeGroups(history: RecordHistory, stretches: Stretches): GroupShapes {
  const groupStart = startsOfGroups(stretches.record, history.records.group);
  const groupCount = groupStart.length - 1;
  const shape = new Uint8Array(groupCount);
  const order = new Int32Array(stretches.count);
  for (let at = 0; at < order.length; at++) order[at] = at;
  for (let group = 0; group < groupCount; group++) {
    const from = groupStart[group] ?? 0;
    const to = groupStart[group + 1] ?? 0;
    const found = shapeOf(history, stretches, { from, to });
    shape[group] = found;
    if (found === SHAPE.several || found === SHAPE.mixed) sortByFirst(order, stretches.first, { from, to });
  }
  return { groupCount, groupStart, shape, order, ...staysOf(stretches, groupStart) };
}

interface Group {
  readonly from: number;
  readonly to: number;
}

function shapeOf({ states }: RecordHistory, { record, state, first, change }: Stretches, { from, to }: Group): number {
  const { parent, withFiles } = states;
  const start = state[from] ?? 0;
  let shape: number = SHAPE.one;
  for (let at = from + 1; at < to; at++) {
    const here = state[at] ?? 0;
    if (parent[here] !== parent[start]) return SHAPE.odd;
    if (record[at] !== record[at - 1]) shape = Math.max(shape, SHAPE.several);
    else if (change[at] === 0) return SHAPE.odd;
    else if (change[at - 1] !== 0 && first[at] === first[at - 1]) return SHAPE.odd;
  }
  if (shape === SHAPE.one) return shape;
  for (let at = from + 1; at < to; at++) if (withFiles[state[at] ?? 0] !== withFiles[start]) return SHAPE.mixed;
  return shape;
}

type Stays = Pick<GroupShapes, "stayStart" | "stayChange" | "groupStay">;

function staysOf({ count, record, change }: Stretches, groupStart: Int32Array): Stays {
  const starts = new IntColumn();
  const changes = new IntColumn();
  const groupStay = new Int32Array(groupStart.length);
  for (let at = 0, next = 0, group = 0; at < count; at = next) {
    if (groupStart[group] === at) groupStay[group++] = starts.length;
    let together = 0;
    for (next = at + 1; next < count && record[next] === record[at]; next++) together |= change[next] ?? 0;
    starts.push(at);
    changes.push(together);
  }
  groupStay[groupStart.length - 1] = starts.length;
  starts.push(count);
  return { stayStart: starts.array, stayChange: changes.array, groupStay };
}

function startsOfGroups(record: Int32Array, group: Int32Array): Int32Array {
  const starts = new IntColumn();
  let current = -1;
  for (let at = 0; at < record.length; at++) {
    const number = group[record[at] ?? 0] ?? 0;
    if (number === current) continue;
    current = number;
    starts.push(at);
  }
  starts.push(record.length);
  return starts.array.slice(0, starts.length);
}

/** Up to so many, sorting in place is faster than calling the engine's sort. */
const FEW = 32;

/** Stable. */
function sortByFirst(order: Int32Array, first: Int32Array, { from, to }: Group): void {
  if (to - from > FEW) {
    order.subarray(from, to).sort((a, b) => (first[a] ?? 0) - (first[b] ?? 0) || a - b);
    return;
  }
  for (let index = from + 1; index < to; index++) {
    const at = order[index] ?? 0;
    const key = first[at] ?? 0;
    let free = index;
    for (; free > from && (first[order[free - 1] ?? 0] ?? 0) > key; free--) order[free] = order[free - 1] ?? 0;
    order[free] = at;
  }
}

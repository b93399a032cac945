import { sharedInt32, type IntColumn } from "./columns.ts";

export interface GivenRecords {
  readonly code: IntColumn;
  /** One more than there are records. */
  readonly firstState: IntColumn;
  /** By state. */
  readonly parent: IntColumn;
}

export interface GroupedOrder {
  /** Numbers of the given records, in the order in which they are kept. */
  readonly order: Int32Array;
  /** By kept record, ascending. */
  readonly group: Int32Array;
}

/**
 * Puts the records of one work together. Where a record changed its parent, both works are one group, so that everything which can
 * touch one parent is in one place. Of a record given twice, the later one is kept.
 */
export function groupedOrder(given: GivenRecords): GroupedOrder {
  const kept = lastOfEach(given.code);
  const roots = unitedParents(given);
  const groupOf = new Map<number, number>();
  const groups = kept.map((record) => {
    const root = roots(given.parent.array[given.firstState.array[record] ?? 0] ?? 0);
    const group = groupOf.get(root) ?? groupOf.size;
    groupOf.set(root, group);
    return group;
  });
  return inOrder(kept, groups, groupOf.size);
}

function lastOfEach(code: IntColumn): Int32Array {
  const last = new Map<number, number>();
  for (let record = 0; record < code.length; record++) last.set(code.array[record] ?? 0, record);
  if (last.size === code.length) return Int32Array.from({ length: code.length }, (_, record) => record);
  return Int32Array.from(last.values()).toSorted();
}

/** Stable counting sort by group. */
function inOrder(kept: Int32Array, groups: Int32Array, count: number): GroupedOrder {
  const next = new Int32Array(count + 1);
  for (const group of groups) next[group + 1] = (next[group + 1] ?? 0) + 1;
  for (let group = 0; group < count; group++) next[group + 1] = (next[group + 1] ?? 0) + (next[group] ?? 0);
  const order = new Int32Array(kept.length);
  const group = sharedInt32(kept.length);
  kept.forEach((record, index) => {
    const number = groups[index] ?? 0;
    const at = next[number] ?? 0;
    next[number] = at + 1;
    order[at] = record;
    group[at] = number;
  });
  return { order, group };
}

/** Union-find over parents; without a record that changed its parent every parent is its own root. */
function unitedParents({ firstState, parent }: GivenRecords): (parent: number) => number {
  const above = new Map<number, number>();
  const root = (start: number): number => {
    let at = start;
    for (let next = above.get(at); next !== undefined; next = above.get(at)) at = next;
    return at;
  };
  for (let record = 0; record + 1 < firstState.length; record++) {
    const first = root(parent.array[firstState.array[record] ?? 0] ?? 0);
    const end = firstState.array[record + 1] ?? 0;
    for (let state = firstState.array[record] ?? 0; state < end; state++) {
      const other = root(parent.array[state] ?? 0);
      if (other !== first) above.set(other, first);
    }
  }
  return root;
}

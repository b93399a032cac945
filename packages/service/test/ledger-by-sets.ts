import type { RecordCounter } from "@community-stats/contract/counters.ts";
import { MS_PER_DAY } from "@community-stats/contract/days.ts";
import type { Basis } from "@community-stats/contract/metrics.ts";
import type { Counters, WorldFile, WorldRecord, WorldSpan, WorldState } from "./ledger-world.ts";

/**
 * The rows of a ledger book by brute force: for every thing that can be counted, the spans of instants in which it is there;
 * then, for every day, S, E and M of rule T3. Shares nothing with the ledger.
 */
export function rowsBySets(
  records: readonly WorldRecord[],
  community: string | null,
  basis: Basis,
): Record<string, Counters> {
  const things = new Things();
  const days = new Set<number>();
  const actives: Active[] = records.flatMap((record) => activeSpans(record, community, basis));
  for (const { record, state, span } of actives) {
    for (const at of [span.open, span.close]) if (at !== Infinity) days.add(Math.floor(at / MS_PER_DAY));
    const kind = state.withFiles ? "WithFiles" : "MetadataOnly";
    for (const [breakdown, value] of valuesOf(state)) {
      const put = (counter: string, key: string, bytes = 0) =>
        things.put({ breakdown, value, counter, key, bytes, span });
      put(`records*${kind}`, record.id);
      put(`parents*${kind}`, state.parent);
      put("works*", state.parent);
      for (const file of state.files.filter((one) => isCounted(one, breakdown, value))) {
        put("files*", JSON.stringify([record.id, file.key, file.bytes, file.checksum ?? null]), file.bytes ?? 0);
      }
    }
  }
  const rows: Record<string, Counters> = {};
  for (const day of days) {
    things.bookDay(day, rows);
    bookUploaders(actives, day, rows);
  }
  return rows;
}

/** Under a type only files of that type; what has no typed file shows all its files. */
function isCounted(file: WorldFile, breakdown: string, value: string): boolean {
  return breakdown !== "file_types" || value === "-" || file.type === value;
}

interface Active {
  readonly record: WorldRecord;
  readonly state: WorldState;
  readonly span: WorldSpan;
}

function valuesOf(state: WorldState): [string, string][] {
  const types = new Set(state.files.flatMap(({ type }) => (type === undefined ? [] : [type])));
  const kinds = new Set(state.kinds);
  return [
    ["", ""],
    ...Array.from(kinds.size === 0 ? ["-"] : kinds, (kind): [string, string] => ["kinds", kind]),
    ...Array.from(types.size === 0 ? ["-"] : types, (type): [string, string] => ["file_types", type]),
  ];
}

function activeSpans(record: WorldRecord, community: string | null, basis: Basis): Active[] {
  const published = record.published === null ? null : record.published * MS_PER_DAY;
  const basisInstant = basis === "published" ? published : record.created;
  if (basisInstant === null) return [];
  const memberships =
    community === null
      ? [{ open: basisInstant, close: Infinity }]
      : record.memberships
          .filter((membership) => membership.community === community)
          .toSorted((a, b) => a.open - b.open)
          .map((span, index) => (index > 0 || basis === "added" ? span : { open: basisInstant, close: span.close }));
  const cuts = [
    ...memberships.flatMap(({ open, close }) => [open, close]),
    ...record.deletions.flatMap(({ open, close }) => [open, close]),
    ...record.states.slice(1).map(({ from }) => from),
    Infinity,
  ].toSorted((a, b) => a - b);
  return cuts.slice(1).flatMap((close, index) => {
    const open = cuts[index] ?? 0;
    const isIn = (span: WorldSpan) => span.open <= open && open < span.close;
    if (open >= close || !memberships.some(isIn) || record.deletions.some(isIn)) return [];
    const state = record.states.findLast((one, number) => number === 0 || one.from <= open);
    return state === undefined ? [] : [{ record, state, span: { open, close } }];
  });
}

interface Put {
  readonly breakdown: string;
  readonly value: string;
  readonly counter: string;
  readonly key: string;
  readonly bytes: number;
  readonly span: WorldSpan;
}

class Things {
  readonly #puts = new Map<string, Put[]>();

  put(put: Put): void {
    const key = JSON.stringify([put.breakdown, put.value, put.counter, put.key]);
    this.#puts.set(key, [...(this.#puts.get(key) ?? []), put]);
  }

  bookDay(day: number, rows: Record<string, Counters>): void {
    for (const puts of this.#puts.values()) {
      const [put] = puts;
      if (put === undefined) continue;
      const spans = puts.map(({ span }) => span);
      const row = (rows[`${put.breakdown}/${put.value}/${day}`] ??= {});
      if (isAdded(spans, day)) raise(row, put, "Added");
      if (isRemoved(spans, day)) raise(row, put, "Removed");
    }
    for (const [key, row] of Object.entries(rows)) if (Object.keys(row).length === 0) delete rows[key];
  }
}

function raise(row: Counters, { counter, bytes }: Put, change: "Added" | "Removed"): void {
  add(row, counter.replace("*", change) as RecordCounter, 1);
  if (counter === "files*" && bytes > 0) add(row, `bytes${change}`, bytes);
}

function add(row: Counters, counter: RecordCounter, count: number): void {
  row[counter] = (row[counter] ?? 0) + count;
}

/** S, E and M of T3. A span that touches the day at all is there at some time of it. */
function isThereAtStart(spans: readonly WorldSpan[], day: number): boolean {
  const start = day * MS_PER_DAY;
  return spans.some(({ open, close }) => open < start && start <= close);
}
function isThereInDay(spans: readonly WorldSpan[], day: number): boolean {
  return spans.some(({ open, close }) => open < (day + 1) * MS_PER_DAY && close > day * MS_PER_DAY);
}
function isAdded(spans: readonly WorldSpan[], day: number): boolean {
  return isThereInDay(spans, day) && !isThereAtStart(spans, day);
}
function isRemoved(spans: readonly WorldSpan[], day: number): boolean {
  return (isThereInDay(spans, day) || isThereAtStart(spans, day)) && !isThereAtStart(spans, day + 1);
}

function bookUploaders(actives: readonly Active[], day: number, rows: Record<string, Counters>): void {
  const row = rows[`//${day}`] ?? {};
  const uploaders = new Set<string>();
  for (const stays of Map.groupBy(actives, ({ record }) => record).values()) {
    const last = stays.findLast(({ span }) => isThereInDay([span], day));
    const spans = stays.map(({ span }) => span);
    if (isAdded(spans, day) && last !== undefined && last.state.owner !== null) uploaders.add(last.state.owner);
  }
  const before = ownersAtEnd(actives, day - 1);
  const after = ownersAtEnd(actives, day);
  const counts: Counters = {
    uploaders: uploaders.size,
    uploadersGained: after.difference(before).size,
    uploadersLost: before.difference(after).size,
  };
  for (const name of ["uploaders", "uploadersGained", "uploadersLost"] as const) {
    const count = counts[name] ?? 0;
    if (count > 0) add(row, name, count);
  }
  if (Object.keys(row).length > 0) rows[`//${day}`] = row;
}

function ownersAtEnd(actives: readonly Active[], day: number): Set<string> {
  const there = actives.filter(({ span }) => isThereAtStart([span], day + 1));
  return new Set(there.flatMap(({ state }) => (state.owner === null ? [] : [state.owner])));
}

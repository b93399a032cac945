import { MS_PER_DAY, type DayNumber } from "@community-stats/contract/days.ts";
import { NO_TERM } from "../domain/kernel-events.ts";
import type { EventBatch, EventDay, EventTermKind } from "./facts.ts";

/** Rows of events as parallel columns; term columns hold store-wide codes. What an engine keeps of an `EventBatch`. */
export type EventRows = Omit<EventBatch, "dictionaries">;
/** Whole rows of one day, distinct, in no particular order. */
export interface DayOfRows {
  readonly day: DayNumber;
  readonly rows: EventRows;
}
export type EventField = Exclude<keyof EventRows, "count">;
export type EventColumn = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array;

/** Numbers per row of each column. */
export const WORDS: Readonly<Record<EventField, number>> = {
  id: 4,
  instant: 1,
  updated: 1,
  kind: 1,
  reader: 1,
  viaApi: 1,
  record: 1,
  parent: 1,
  country: 1,
  referrer: 1,
  fileType: 1,
  communitySet: 1,
  visitor: 2,
  file: 2,
  bytes: 1,
  presence: 1,
  generated: 1,
};
export const EVENT_FIELDS: readonly EventField[] = [
  "id",
  "instant",
  "updated",
  "kind",
  "reader",
  "viaApi",
  "record",
  "parent",
  "country",
  "referrer",
  "fileType",
  "communitySet",
  "visitor",
  "file",
  "bytes",
  "presence",
  "generated",
];

/** Rows of zeros. Fields that are not wanted get no room: nobody may look at them. */
export function createRows(count: number, isWanted: (field: EventField) => boolean = () => true): EventRows {
  const room = (field: EventField): number => (isWanted(field) ? count * WORDS[field] : 0);
  return {
    count,
    id: new Uint32Array(room("id")),
    instant: new Float64Array(room("instant")),
    updated: new Float64Array(room("updated")),
    kind: new Uint8Array(room("kind")),
    reader: new Uint8Array(room("reader")),
    viaApi: new Uint8Array(room("viaApi")),
    record: new Int32Array(room("record")),
    parent: new Int32Array(room("parent")),
    country: new Int32Array(room("country")),
    referrer: new Int32Array(room("referrer")),
    fileType: new Int32Array(room("fileType")),
    communitySet: new Int32Array(room("communitySet")),
    visitor: new Uint32Array(room("visitor")),
    file: new Uint32Array(room("file")),
    bytes: new Float64Array(room("bytes")),
    presence: new Uint16Array(room("presence")),
    generated: new Uint8Array(room("generated")),
  };
}

/** The rows of these indices, in this order. */
export function gatherRows(rows: EventRows, order: Int32Array): EventRows {
  const target = createRows(order.length);
  for (const field of EVENT_FIELDS) gather(rows[field], order, { words: WORDS[field], into: target[field] });
  return target;
}

/** The rows that were observed, not generated. */
export function observedRows(rows: EventRows): EventRows {
  const observed: number[] = [];
  for (let row = 0; row < rows.count; row++) if (rows.generated[row] === 0) observed.push(row);
  return gatherRows(rows, Int32Array.from(observed));
}

function gather(source: EventColumn, order: Int32Array, to: { words: number; into: EventColumn }): void {
  const { words, into } = to;
  if (words === 1 && source instanceof Float64Array) gatherDoubles(source, order, into);
  else if (words === 1 && source instanceof Int32Array) gatherCodes(source, order, into);
  else if (source instanceof Uint32Array) gatherWords(source, order, to);
  else for (let at = 0; at < order.length; at++) into[at] = source[order[at] ?? 0] ?? 0;
}

/** A loop for each type of array: one loop over all types would be several times as slow. */
function gatherDoubles(source: Float64Array, order: Int32Array, into: EventColumn): void {
  for (let at = 0; at < order.length; at++) into[at] = source[order[at] ?? 0] ?? 0;
}

function gatherCodes(source: Int32Array, order: Int32Array, into: EventColumn): void {
  for (let at = 0; at < order.length; at++) into[at] = source[order[at] ?? 0] ?? 0;
}

function gatherWords(source: Uint32Array, order: Int32Array, to: { words: number; into: EventColumn }): void {
  const { words, into } = to;
  for (let at = 0, target = 0; at < order.length; at++) {
    const from = (order[at] ?? 0) * words;
    for (let word = 0; word < words; word++) into[target++] = source[from + word] ?? 0;
  }
}

/** All rows of the parts, one after the other. */
export function concatRows(parts: readonly EventRows[]): EventRows {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const target = createRows(parts.reduce((sum, part) => sum + part.count, 0));
  let at = 0;
  for (const part of parts) {
    for (const field of EVENT_FIELDS) target[field].set(part[field], at * WORDS[field]);
    at += part.count;
  }
  return target;
}

/** The batch with store-wide codes in its term columns. `codes` gives the code of each text of a dictionary. */
export function withCodes(
  batch: EventBatch,
  codes: (kind: EventTermKind, texts: readonly string[]) => Int32Array,
): EventRows {
  const mapped = (kind: EventTermKind): Int32Array => mapCodes(batch[kind], codes(kind, batch.dictionaries[kind]));
  return {
    ...batch,
    record: mapped("record"),
    parent: mapped("parent"),
    country: mapped("country"),
    referrer: mapped("referrer"),
    fileType: mapped("fileType"),
    communitySet: mapped("communitySet"),
  };
}

function mapCodes(column: Int32Array, codes: Int32Array): Int32Array {
  const target = new Int32Array(column.length);
  for (let at = 0; at < column.length; at++) {
    const code = column[at] ?? NO_TERM;
    target[at] = code === NO_TERM ? NO_TERM : (codes[code] ?? NO_TERM);
  }
  return target;
}

export function rowDay(rows: EventRows, row: number): DayNumber {
  return Math.floor((rows.instant[row] ?? 0) / MS_PER_DAY) as DayNumber;
}

/** The given rows by day, days ascending, rows in the order given. */
export function rowsByDay(rows: EventRows, kept: Int32Array): ReadonlyMap<DayNumber, Int32Array> {
  const groups = new Map<DayNumber, DayGroup>();
  eachOfDay(rows, kept, groups, (group) => group.count++);
  const days = Array.from(groups.keys()).toSorted((a, b) => a - b);
  for (const group of groups.values()) group.rows = new Int32Array(group.count);
  eachOfDay(rows, kept, groups, (group, row) => {
    group.rows[group.filled++] = row;
  });
  return new Map(days.map((day) => [day, groups.get(day)?.rows ?? new Int32Array(0)]));
}

interface DayGroup {
  count: number;
  filled: number;
  rows: Int32Array;
}

/** Neighbours are mostly of one day: the group at hand is looked up only where the day changes. */
// oxlint-disable-next-line max-params -- one walk, made twice
function eachOfDay(
  rows: EventRows,
  kept: Int32Array,
  groups: Map<DayNumber, DayGroup>,
  use: (group: DayGroup, row: number) => void,
): void {
  let day = Number.NaN;
  let group: DayGroup = { count: 0, filled: 0, rows: new Int32Array(0) };
  for (const row of kept) {
    const its = rowDay(rows, row);
    if (its !== day) {
      day = its;
      group = groups.get(its) ?? { count: 0, filled: 0, rows: new Int32Array(0) };
      groups.set(its, group);
    }
    use(group, row);
  }
}

/** The columns that a scan offers. */
export function eventDay(day: DayNumber, rows: EventRows): EventDay {
  const { count, instant, kind, reader, viaApi, record, parent } = rows;
  const { country, referrer, fileType, communitySet, visitor, file, bytes } = rows;
  return {
    day,
    count,
    instant,
    kind,
    reader,
    viaApi,
    record,
    parent,
    country,
    referrer,
    fileType,
    communitySet,
    visitor,
    file,
    bytes,
  };
}

import { type RecordHistory, type RecordState } from "./facts.ts";
import {
  changeOn,
  firstActiveDay,
  presences,
  thereBefore,
  uploadersAdded,
  uploadersAt,
  type Holder,
  type Presence,
  type Stock,
} from "./holdings.ts";
import { dayText, startOf } from "./instants.ts";
import { labelOn, labelOrStandIn, labelsOf, type Label, type Labels, type Subcount } from "./subcounts.ts";
import { compareText } from "./text.ts";

export interface Settings {
  readonly subcounts: readonly Subcount[];
  /** Length of top lists (T10). */
  readonly topLimit: number;
}

/** What the record documents of one scope and basis are made from. */
export interface RecordBooks {
  readonly stock: Stock;
  readonly settings: Settings;
  readonly labels: ReadonlyMap<string, Labels>;
}

export function recordBooks(records: readonly RecordHistory[], settings: Settings): (holder: Holder) => RecordBooks {
  const remembered = new Map<RecordState, readonly Presence[]>();
  const shown = (record: RecordHistory, state: RecordState) => {
    const known = remembered.get(state) ?? presences(record, state, settings.subcounts);
    remembered.set(state, known);
    return known;
  };
  const labels = new Map(
    settings.subcounts.map(({ name, records: side, label }) => [name, labelsOf(records, side?.sources ?? [], label)]),
  );
  return (holder) => ({ stock: { records, holder, shown }, settings, labels });
}

export function firstRecordDay(books: RecordBooks): number | null {
  return firstActiveDay(books.stock);
}

export interface Counts {
  readonly records: { readonly metadata_only: number; readonly with_files: number };
  readonly parents: { readonly metadata_only: number; readonly with_files: number };
  readonly files: { readonly file_count: number; readonly data_volume: number };
}

/** What a document of records counts, over a set of things. */
export function count(things: readonly Presence[]): Counts {
  const number = (what: Presence["what"], withFiles: boolean) =>
    things.filter((thing) => thing.what === what && thing.withFiles === withFiles).length;
  const files = things.filter((thing) => thing.what === "files");
  return {
    records: { metadata_only: number("records", false), with_files: number("records", true) },
    parents: { metadata_only: number("parents", false), with_files: number("parents", true) },
    files: { file_count: files.length, data_volume: files.reduce((sum, file) => sum + file.bytes, 0) },
  };
}

function countChange(added: readonly Presence[], removed: readonly Presence[]): Record<keyof Counts, unknown> {
  const [plus, minus] = [count(added), count(removed)];
  return {
    records: { added: plus.records, removed: minus.records },
    parents: { added: plus.parents, removed: minus.parents },
    files: { added: plus.files, removed: minus.files },
  };
}

/** Section 2.1. `stated` false gives what carries no value instead of the published items. */
export function recordDelta(books: RecordBooks, day: number, stated = true): object {
  const { added, removed } = changeOn(books.stock, day);
  const item = (subcount: Subcount, id: string) => ({
    id,
    label: recordLabel(books, subcount, { id, day }),
    ...countChange(
      added.filter((thing) => thing.subcount === subcount.name && thing.value === id),
      removed.filter((thing) => thing.subcount === subcount.name && thing.value === id),
    ),
  });
  return {
    community_id: books.stock.holder.scope,
    period_start: `${dayText(day)}T00:00:00`,
    period_end: `${dayText(day)}T23:59:59`,
    ...countChange(added.filter(isTotal), removed.filter(isTotal)),
    uploaders: uploadersAdded(books.stock, day),
    subcounts: perSubcount(books, (subcount) =>
      valuesIn([...added, ...removed], subcount, stated).map((id) => item(subcount, id)),
    ),
  };
}

/** Section 3: the state at the end of the day. */
export function recordSnapshot(books: RecordBooks, day: number, stated = true): object {
  const there = Array.from(thereBefore(books.stock, startOf(day + 1)).values());
  const total = count(there.filter(isTotal));
  const item = (subcount: Subcount, id: string) => ({
    id,
    label: recordLabel(books, subcount, { id, day }),
    ...count(there.filter((thing) => thing.subcount === subcount.name && thing.value === id)),
  });
  return {
    community_id: books.stock.holder.scope,
    snapshot_date: `${dayText(day)}T00:00:00`,
    total_records: total.records,
    total_parents: total.parents,
    total_files: total.files,
    total_uploaders: uploadersAt(books.stock, day),
    subcounts: perSubcount(books, (subcount) => {
      const items = valuesIn(there, subcount, stated).map((id) => item(subcount, id));
      return subcount.records?.snapshot === "top" ? topRecords(items, books.settings.topLimit) : items;
    }),
  };
}

function isTotal(thing: Presence): boolean {
  return thing.subcount === "";
}

function perSubcount<Items>(books: RecordBooks, items: (subcount: Subcount) => Items): Record<string, Items> {
  const used = books.settings.subcounts.filter((subcount) => subcount.records !== null);
  return Object.fromEntries(used.map((subcount) => [subcount.name, items(subcount)]));
}

/** T9.1 decision 18: the values of which anything is counted, by code points; "" is what carries none. */
function valuesIn(things: readonly Presence[], { name }: Subcount, stated: boolean): readonly string[] {
  const values = new Set(things.filter((thing) => thing.subcount === name).map((thing) => thing.value));
  return Array.from(values)
    .filter((value) => (value !== "") === stated)
    .toSorted(compareText);
}

/** T10: the value is the number of records, above zero; ties by id. */
function topRecords<Item extends Counts & { readonly id: string }>(
  items: readonly Item[],
  limit: number,
): readonly Item[] {
  const rank = ({ records }: Item) => records.metadata_only + records.with_files;
  return items
    .filter((item) => rank(item) > 0)
    .toSorted((left, right) => rank(right) - rank(left) || compareText(left.id, right.id))
    .slice(0, limit);
}

export function recordLabel(books: RecordBooks, subcount: Subcount, { id, day }: { id: string; day: number }): Label {
  const known = labelOn(day, books.labels.get(subcount.name)?.get(id));
  return labelOrStandIn(known, subcount.label, { id, none: "" });
}

import { changeOn, daysOfChange, thereBefore, uploadersAdded, uploadersAt, type Presence } from "./holdings.ts";
import { startOf } from "./instants.ts";
import { count, type RecordBooks } from "./record-documents.ts";
import { distinct, numbersOf, type UsageBooks } from "./usage-documents.ts";

/** Numbers by the names under which they are asked for. */
export type Metrics = Readonly<Record<string, number>>;
export interface DayMetrics {
  readonly total: Metrics;
  /** By value of the subcount that was asked for; "" is what states none. Only values of which anything is counted. */
  readonly values: ReadonlyMap<string, Metrics>;
}

/** What the day changed. */
export function recordChange(books: RecordBooks, day: number, subcount: string | null): DayMetrics {
  const { added, removed } = changeOn(books.stock, day);
  const net = (name: string, value: string): Metrics => {
    const [plus, minus] = [slice(added, name, value), slice(removed, name, value)];
    const [more, fewer] = [holdingsOf(plus), holdingsOf(minus)];
    const difference = mapped(more, (metric) => (more[metric] ?? 0) - (fewer[metric] ?? 0));
    return { ...difference, recordsAdded: more["records"] ?? 0, recordsRemoved: fewer["records"] ?? 0 };
  };
  return {
    total: { ...net("", ""), uploaders: uploadersAdded(books.stock, day) },
    values: byValue([...added, ...removed], subcount, (value) => net(String(subcount), value)),
  };
}

/** What is there at the end of the day; added and removed are all that ever were, up to then. */
export function recordStanding(books: RecordBooks, day: number, subcount: string | null): DayMetrics {
  const there = Array.from(thereBefore(books.stock, startOf(day + 1)).values());
  const days = daysOfChange(books.stock).filter((earlier) => earlier <= day);
  const changes = days.map((earlier) => recordChange(books, earlier, subcount));
  const standing = (name: string, value: string, past: readonly (Metrics | undefined)[]): Metrics => ({
    ...holdingsOf(slice(there, name, value)),
    recordsAdded: sum(past.map((change) => change?.["recordsAdded"] ?? 0)),
    recordsRemoved: sum(past.map((change) => change?.["recordsRemoved"] ?? 0)),
  });
  const total = standing(
    "",
    "",
    changes.map((change) => change.total),
  );
  const values = new Set(changes.flatMap((change) => Array.from(change.values.keys())));
  return {
    total: { ...total, uploaders: uploadersAt(books.stock, day) },
    values: new Map(
      Array.from(values, (value) => [
        value,
        standing(
          String(subcount),
          value,
          changes.map((change) => change.values.get(value)),
        ),
      ]),
    ),
  };
}

export function usageChange(books: UsageBooks, day: number, subcount: string | null): DayMetrics {
  const events = books.events.filter((event) => event.day === day);
  const values = new Set(events.flatMap((event) => Array.from(event.values.get(String(subcount)) ?? [])));
  return {
    total: metricsOfUse(events),
    values: new Map(
      Array.from(values, (value) => [
        value,
        metricsOfUse(events.filter((event) => event.values.get(String(subcount))?.has(value))),
      ]),
    ),
  };
}

/** T9: sums of the days. */
export function usageStanding(books: UsageBooks, day: number, subcount: string | null): DayMetrics {
  const days = new Set(books.events.map((event) => event.day).filter((earlier) => earlier <= day));
  const uses = Array.from(days, (earlier) => usageChange(books, earlier, subcount));
  const zero = metricsOfUse([]);
  const added = (parts: readonly (Metrics | undefined)[]) =>
    mapped(zero, (metric) => sum(parts.map((part) => part?.[metric] ?? 0)));
  const values = new Set(uses.flatMap((use) => Array.from(use.values.keys())));
  return {
    total: added(uses.map((use) => use.total)),
    values: new Map(Array.from(values, (value) => [value, added(uses.map((use) => use.values.get(value)))])),
  };
}

function metricsOfUse(events: UsageBooks["events"]): Metrics {
  const { view, download } = numbersOf(events);
  return {
    views: view.total_events,
    viewVisitors: view.unique_visitors,
    viewUniqueRecords: view.unique_records,
    viewUniqueParents: view.unique_parents,
    downloads: download.total_events,
    downloadVisitors: download.unique_visitors,
    downloadUniqueRecords: download.unique_records,
    downloadUniqueParents: download.unique_parents,
    downloadUniqueFiles: download.unique_files,
    dataVolume: download.total_volume,
    visitors: distinct(events, (event) => event.visitor),
  };
}

function holdingsOf(things: readonly Presence[]): Metrics {
  const { records, parents, files } = count(things);
  return {
    records: records.metadata_only + records.with_files,
    parents: parents.metadata_only + parents.with_files,
    works: things.filter((thing) => thing.what === "works").length,
    fileCount: files.file_count,
    dataVolume: files.data_volume,
  };
}

function slice(things: readonly Presence[], subcount: string, value: string): readonly Presence[] {
  return things.filter((thing) => thing.subcount === subcount && thing.value === value);
}

function byValue(
  things: readonly Presence[],
  subcount: string | null,
  metrics: (value: string) => Metrics,
): ReadonlyMap<string, Metrics> {
  const own = things.filter((thing) => subcount !== null && thing.subcount === subcount);
  return new Map(Array.from(new Set(own.map((thing) => thing.value)), (value) => [value, metrics(value)]));
}

function mapped(names: Metrics, value: (name: string) => number): Metrics {
  return Object.fromEntries(Object.keys(names).map((name) => [name, value(name)]));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

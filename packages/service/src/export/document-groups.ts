import type { Label, StatsDocument } from "@community-stats/contract/documents.ts";
import { counted, plainLabel } from "./labels.ts";
import type { ExportGroup, ExportMetric, ExportPoint, ExportSeries, SeriesKind } from "./model.ts";
import { unitOf } from "./units.ts";

/** The daily documents turned into series: the totals, then each breakdown, with a table for each counter. */
export function documentGroups(documents: Iterable<StatsDocument>): readonly ExportGroup[] {
  const gathered = GATHERED.get(documents);
  if (gathered !== undefined) return gathered;
  const groups = new Map<string, Group>();
  for (const document of documents) addDocument(groups, document);
  return exportGroups(groups);
}

/**
 * Gathers the series of documents before they are asked for: many years take seconds, in which others have their turn after each day.
 * @param turn is awaited there; its error ends the work.
 */
export async function gatherDocuments(documents: Iterable<StatsDocument>, turn: () => Promise<void>): Promise<void> {
  const groups = new Map<string, Group>();
  for (const document of documents) {
    addDocument(groups, document);
    await turn();
  }
  GATHERED.set(documents, exportGroups(groups));
}

const GATHERED = new WeakMap<Iterable<StatsDocument>, readonly ExportGroup[]>();

function addDocument(groups: Map<string, Group>, document: StatsDocument): void {
  const date = ("period_start" in document ? document.period_start : document.snapshot_date).slice(0, 10);
  groupNamed(groups, "global").add({ id: "global", label: "Global" }, date, totalsOf(document));
  for (const [name, items] of lists(document)) {
    const group = groupNamed(groups, name);
    for (const item of items) group.add(item, date, item);
  }
}

function exportGroups(groups: ReadonlyMap<string, Group>): readonly ExportGroup[] {
  return Array.from(groups, ([name, group]) => ({
    name,
    metrics: group.metrics(name === "global" ? "total" : "value"),
  }));
}

interface Item {
  readonly id: string;
  readonly label: Label;
}

/** Lists by view and by download are told apart as in the series: countries_by_view. */
function lists(document: StatsDocument): readonly (readonly [name: string, items: readonly Item[]])[] {
  return Object.entries(document.subcounts).flatMap(
    ([name, list]): readonly (readonly [name: string, items: readonly Item[]])[] =>
      "by_view" in list
        ? [
            [`${name}_by_view`, list.by_view],
            [`${name}_by_download`, list.by_download],
          ]
        : [[name, list]],
  );
}

/** Numbers beside the totals' own members are spelled as those of a value. */
function totalsOf(document: StatsDocument): object {
  if ("totals" in document) return document.totals;
  const { subcounts: _, ...counters } = document;
  return counters;
}

/** One breakdown: for each value its days once, and its numbers by counter. */
class Group {
  readonly #values = new Map<string, { label: Label; readonly dates: string[]; readonly numbers: number[][] }>();
  #names: readonly string[] = [];

  add({ id, label }: Item, date: string, counters: object): void {
    if (this.#names.length === 0) this.#names = [...paths(counters)];
    const known = this.#values.get(id) ?? { label, dates: [], numbers: this.#names.map(() => []) };
    this.#values.set(id, known);
    known.label = label;
    known.dates.push(date);
    let index = 0;
    for (const value of numbersIn(counters)) known.numbers[index++]?.push(value);
  }

  metrics(kind: SeriesKind): readonly ExportMetric[] {
    return this.#names.map((name, metric) => ({ name, unit: unitOf(name), series: [...this.#series(metric, kind)] }));
  }

  *#series(metric: number, kind: SeriesKind): Generator<ExportSeries> {
    for (const [id, { label, dates, numbers }] of this.#values) {
      yield {
        kind,
        id,
        label: plainLabel(label, id),
        points: counted(dates.length, () => zip(dates, numbers[metric] ?? [])),
      };
    }
  }
}

function groupNamed(groups: Map<string, Group>, name: string): Group {
  const known = groups.get(name) ?? new Group();
  groups.set(name, known);
  return known;
}

function* zip(dates: readonly string[], numbers: readonly number[]): Generator<ExportPoint> {
  for (const [index, date] of dates.entries()) yield [date, numbers[index] ?? null];
}

/** Dotted paths of all numbers, in order: "records.added.with_files". */
function* paths(counters: object, before = ""): Generator<string> {
  for (const [name, value] of Object.entries(counters)) {
    if (typeof value === "number") yield before + name;
    else if (typeof value === "object" && value !== null && name !== "label") yield* paths(value, `${before}${name}.`);
  }
}

/** The same numbers in the same order. */
function* numbersIn(counters: object): Generator<number> {
  for (const [name, value] of Object.entries(counters)) {
    if (typeof value === "number") yield value;
    else if (typeof value === "object" && value !== null && name !== "label") yield* numbersIn(value);
  }
}

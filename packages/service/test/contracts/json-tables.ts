import type { StatsDocument } from "@community-stats/contract/documents.ts";
import type { CategoryResult, ColumnsAnswer, WireSeries } from "@community-stats/contract/series.ts";
import type { ReadRow, ReadTable } from "./export-readers.ts";

/** Written down by hand: what each metric of the series and each counter of the documents counts. */
const UNITS: Readonly<Record<string, string>> = {
  records: "records",
  recordsAdded: "records",
  recordsRemoved: "records",
  parents: "works",
  works: "works",
  uploaders: "people",
  fileCount: "files",
  dataVolume: "bytes",
  views: "events",
  downloads: "events",
  visitors: "visitors",
  viewVisitors: "visitors",
  downloadVisitors: "visitors",
  viewUniqueRecords: "records",
  viewUniqueParents: "works",
  downloadUniqueRecords: "records",
  downloadUniqueParents: "works",
  downloadUniqueFiles: "files",
  "view.total_events": "events",
  "view.unique_visitors": "visitors",
  "view.unique_records": "records",
  "view.unique_parents": "works",
  "download.total_events": "events",
  "download.unique_visitors": "visitors",
  "download.unique_records": "records",
  "download.unique_parents": "works",
  "download.unique_files": "files",
  "download.total_volume": "bytes",
  total_uploaders: "people",
  ...perClass("records", "records"),
  ...perClass("parents", "works"),
  ...ofFiles(),
};

function perClass(name: string, unit: string): Record<string, string> {
  const classes = ["metadata_only", "with_files"];
  const paths = [`total_${name}`, name, `${name}.added`, `${name}.removed`];
  return Object.fromEntries(paths.flatMap((path) => classes.map((part) => [`${path}.${part}`, unit])));
}

function ofFiles(): Record<string, string> {
  const paths = ["total_files", "files", "files.added", "files.removed"];
  return Object.fromEntries(
    paths.flatMap((path) => [
      [`${path}.file_count`, "files"],
      [`${path}.data_volume`, "bytes"],
    ]),
  );
}

interface Cell extends Omit<ReadRow, "unit"> {
  readonly group: string;
  readonly metric: string;
}

/** JSON of the wire as the tables that the other formats should hold; written without the code that makes them. */
export function tablesOfJson(
  query: string,
  json: unknown,
  asked: Readonly<Record<string, string>>,
): readonly ReadTable[] {
  const cells = [...cellsOf(query, json, asked)];
  const tables = new Map<string, ReadRow[]>();
  for (const { group, metric, ...cell } of cells) {
    const place = `${group}/${metric}`;
    const rows = tables.get(place) ?? [];
    tables.set(place, rows);
    if (cell.date !== "") rows.push({ ...cell, unit: UNITS[metric] ?? `no unit for ${metric}` });
  }
  return Array.from(tables, ([place, rows]) => ({ place, rows: byId(rows) }));
}

/** Documents list values by day, exports days by value: within a value, days ascend. */
function byId(rows: readonly ReadRow[]): readonly ReadRow[] {
  return [...Map.groupBy(rows, ({ id, label }) => id || label).values()].flat();
}

function cellsOf(query: string, json: unknown, asked: Readonly<Record<string, string>>): Iterable<Cell> {
  if (asked["shape"] !== undefined) return columnsCells(query, json as ColumnsAnswer);
  if (query.endsWith("-category")) return categoryCells(query, json as CategoryResult);
  if (query.endsWith("-series"))
    return seriesCells(`${query}/${asked["category"]}/`, asked["metric"] ?? "", json as WireSeries[]);
  if (Array.isArray(json)) return documentCells(query, json as StatsDocument[]);
  const parts = Object.entries(json as Record<string, StatsDocument[]>);
  return parts.flatMap(([part, documents]) => [...documentCells(`${query}.${part}`, documents)]);
}

function* categoryCells(query: string, result: CategoryResult): Generator<Cell> {
  for (const [group, metrics] of Object.entries(result)) {
    for (const [metric, series] of Object.entries(metrics)) yield* seriesCells(`${query}/${group}/`, metric, series);
  }
}

function* seriesCells(group: string, metric: string, list: readonly WireSeries[]): Generator<Cell> {
  const place = { group: group.slice(0, -1), metric };
  for (const { id, name, data, year } of list) {
    const label = (typeof name === "string" ? name : name["en"]) || id;
    if (data.length === 0) yield { ...place, id, label, date: "", value: null };
    for (const [date, value] of data)
      yield { ...place, id, label, date: year === undefined ? date : `${year}-${date}`, value };
  }
}

function* columnsCells(query: string, answer: ColumnsAnswer): Generator<Cell> {
  const group = `${query}/${answer.breakdown ?? "global"}`;
  for (const metric of Object.keys(answer.series[0]?.totals ?? {})) {
    for (const series of answer.series) {
      const own = typeof series.label === "string" ? series.label : (series.label["en"] ?? "");
      const label = {
        total: "Total",
        other: `Other values (${series.values})`,
        notStated: "Not stated",
        value: own || series.id,
      }[series.kind];
      const cell = { group, metric, id: series.id, label };
      for (const [index, period] of answer.periods.entries()) {
        yield { ...cell, date: period.from, value: series.metrics[metric]?.[index] ?? null };
      }
      if (answer.periods.length === 0) yield { ...cell, date: answer.from, value: series.totals[metric] ?? null };
    }
  }
}

interface Item {
  readonly id: string;
  readonly label: string | Readonly<Record<string, string>>;
}

/** One counter of one value on one day; the newest label of a value names all its days. */
function* documentCells(query: string, documents: readonly StatsDocument[]): Generator<Cell> {
  const items = documents.flatMap((document) => itemsOf(document).map((item) => ({ ...item, date: dateOf(document) })));
  for (const [group, ofGroup] of Map.groupBy(items, (item) => item.group)) {
    const labels = new Map(ofGroup.map(({ item: { id, label } }) => [id, plainText(label) || id]));
    const [first] = ofGroup;
    for (const [metric] of leaves(first?.item ?? {})) {
      for (const { item, date } of ofGroup) {
        const value = new Map(leaves(item)).get(metric) ?? null;
        yield { group: `${query}/${group}`, metric, id: item.id, label: labels.get(item.id) ?? "", date, value };
      }
    }
  }
}

function itemsOf({ subcounts, ...rest }: StatsDocument): readonly { readonly group: string; readonly item: Item }[] {
  const total = { ...("totals" in rest ? rest.totals : rest), id: "global", label: "Global" };
  const lists = Object.entries(subcounts).flatMap(([name, list]): readonly (readonly [string, readonly Item[]])[] =>
    "by_view" in list
      ? [
          [`${name}_by_view`, list.by_view],
          [`${name}_by_download`, list.by_download],
        ]
      : [[name, list]],
  );
  const values = lists.flatMap(([group, list]) => list.map((item) => ({ group, item })));
  return [{ group: "global", item: total }, ...values];
}

function dateOf(document: StatsDocument): string {
  return ("period_start" in document ? document.period_start : document.snapshot_date).slice(0, 10);
}

function plainText(label: Item["label"]): string {
  return typeof label === "string" ? label : (label["en"] ?? "");
}

function leaves(value: object, before = ""): readonly (readonly [string, number])[] {
  return Object.entries(value).flatMap(([name, part]): readonly (readonly [string, number])[] => {
    if (typeof part === "number") return [[before + name, part]];
    return typeof part === "object" && part !== null && name !== "label"
      ? leaves(part as object, `${before}${name}.`)
      : [];
  });
}

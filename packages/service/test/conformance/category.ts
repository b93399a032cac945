import type { Oracle, OracleQuery } from "../oracle/oracle.ts";
import type { Subcount } from "../oracle/subcounts.ts";
import { fieldAt, isObject } from "../oracle/text.ts";
import { dayNamed } from "../oracle/instants.ts";

/** Where a metric stands in a document and in its items: what is added up, and what is taken off. */
interface Source {
  readonly total: readonly (readonly string[])[];
  readonly totalMinus?: readonly (readonly string[])[];
  readonly item: readonly (readonly string[])[] | null;
  readonly itemMinus?: readonly (readonly string[])[];
}

const CLASSES = ["metadata_only", "with_files"];

function change(what: string): Source {
  const [plus, minus] = ["added", "removed"].map((way) => CLASSES.map((name) => [what, way, name]));
  return { total: plus ?? [], totalMinus: minus ?? [], item: plus ?? [], itemMinus: minus ?? [] };
}

function fileChange(field: string): Source {
  const [plus, minus] = [[["files", "added", field]], [["files", "removed", field]]];
  return { total: plus, totalMinus: minus, item: plus, itemMinus: minus };
}

function standing(what: string, fields: readonly string[]): Source {
  return { total: fields.map((name) => [`total_${what}`, name]), item: fields.map((name) => [what, name]) };
}

function use(side: string, field: string): Source {
  return { total: [["totals", side, field]], item: [[side, field]] };
}

const USE: Readonly<Record<string, Source>> = {
  dataVolume: use("download", "total_volume"),
  downloadUniqueFiles: use("download", "unique_files"),
  downloadUniqueParents: use("download", "unique_parents"),
  downloadUniqueRecords: use("download", "unique_records"),
  downloadVisitors: use("download", "unique_visitors"),
  downloads: use("download", "total_events"),
  viewUniqueParents: use("view", "unique_parents"),
  viewUniqueRecords: use("view", "unique_records"),
  viewVisitors: use("view", "unique_visitors"),
  views: use("view", "total_events"),
};
const SOURCES: Readonly<Record<string, Readonly<Record<string, Source>>>> = {
  "record-delta": {
    records: change("records"),
    fileCount: fileChange("file_count"),
    dataVolume: fileChange("data_volume"),
    parents: change("parents"),
    uploaders: { total: [["uploaders"]], item: null },
  },
  "record-snapshot": {
    records: standing("records", CLASSES),
    parents: standing("parents", CLASSES),
    uploaders: { total: [["total_uploaders"]], item: null },
    dataVolume: standing("files", ["data_volume"]),
    fileCount: standing("files", ["file_count"]),
  },
  "usage-delta": USE,
  "usage-snapshot": USE,
};

/** The wire answer of a category query, read off the daily documents. */
export function expectedCategory(oracle: Oracle, query: OracleQuery, subcounts: readonly Subcount[]): object {
  const kind = query.query.replace(/^community-/, "").replace(/-(added|created|published)$/, "");
  const sources = SOURCES[kind] ?? {};
  const sheet: Sheet = { oracle, query, sources, documents: oracle.documents(query) };
  const side = kind.startsWith("record") ? "records" : "usage";
  const used = subcounts.filter((subcount) => subcount[side] !== null);
  return Object.fromEntries([
    ["global", globalSeries(sheet)],
    ...used.flatMap((subcount) => ofSubcount(sheet, subcount, kind)),
    ...(side === "records" ? [["filePresence", presence(sheet, kind)]] : []),
  ]);
}

interface Sheet {
  readonly oracle: Oracle;
  readonly query: OracleQuery;
  readonly sources: Readonly<Record<string, Source>>;
  readonly documents: readonly object[];
}
type Points = readonly (readonly [day: string, value: number])[];

function globalSeries({ sources, documents }: Sheet): object {
  return mapped(sources, (source, metric) => {
    const points = documents.map(
      (document) => [dayOf(document), value(document, source.total, source.totalMinus)] as const,
    );
    return points.length === 0 ? [] : [series({ id: "global", name: "Global", type: "bar" }, metric, points)];
  });
}

function ofSubcount(sheet: Sheet, subcount: Subcount, kind: string): readonly (readonly [string, object])[] {
  const lists = kind === "usage-snapshot" && subcount.usage?.snapshot === "top" ? ["by_view", "by_download"] : [null];
  return lists.map((list) => {
    const name = list === null ? subcount.name : `${subcount.name}_${list}`;
    return [camel(name), valueSeries(sheet, subcount, list)] as const;
  });
}

function valueSeries({ oracle, query, sources, documents }: Sheet, subcount: Subcount, list: string | null): object {
  const path = ["subcounts", subcount.name, ...(list === null ? [] : [list])];
  const listed = documents.flatMap((document) =>
    itemsAt(document, path).map((item) => ({ day: dayOf(document), id: String(fieldAt(item, "id")), item })),
  );
  const last = dayNamed(dayOf(documents.at(-1))) ?? 0;
  const ids = Array.from(new Set(listed.map(({ id }) => id)));
  const ofValues = Object.entries(sources).filter(([, source]) => source.item !== null);
  return mapped(Object.fromEntries(ofValues), (source, metric) =>
    ids.map((id) => {
      const label = oracle.label({ query: query.query, scope: query.scope, subcount }, id, last);
      const own = listed.filter((entry) => entry.id === id);
      const points = own.map(({ day, item }) => [day, value(item, source.item ?? [], source.itemMinus)] as const);
      return series({ id, name: label === "" ? id : label, type: "line" }, metric, points);
    }),
  );
}

/** The two classes of the files switch as if they were values. */
function presence({ sources, documents }: Sheet, kind: string): object {
  const named = [
    { id: "metadata_only", name: "Metadata Only", type: "line" },
    { id: "with_files", name: "With Files", type: "line" },
  ];
  const { uploaders: _, ...metrics } = sources;
  return mapped(metrics, (source, metric) =>
    named.map((one) => {
      const isFiles = metric === "fileCount" || metric === "dataVolume";
      const ofClass = (paths: readonly (readonly string[])[] = []) =>
        paths.filter((path) => (isFiles ? one.id === "with_files" : path.at(-1) === one.id));
      const minus = kind === "record-delta" ? ofClass(source.totalMinus) : [];
      const points = documents.map(
        (document) => [dayOf(document), value(document, ofClass(source.total), minus)] as const,
      );
      return series(one, metric, points);
    }),
  );
}

function series(
  { id, name, type }: { id: string; name: unknown; type: string },
  metric: string,
  points: Points,
): object {
  const years = Array.from(new Set(points.map(([day]) => day.slice(0, 4))));
  const [year] = years;
  const head = { id, name, type, valueType: metric === "dataVolume" ? "filesize" : "number" };
  if (year === undefined || years.length > 1) return { ...head, data: points };
  return { ...head, data: points.map(([day, number]) => [day.slice(5), number]), year: Number(year) };
}

function value(
  holder: unknown,
  plus: readonly (readonly string[])[],
  minus: readonly (readonly string[])[] = [],
): number {
  const at = (path: readonly string[]) => Number(fieldAt(holder, ...path));
  const sum = (paths: readonly (readonly string[])[]) => paths.reduce((total, path) => total + at(path), 0);
  return sum(plus) - sum(minus);
}

function itemsAt(document: object, path: readonly string[]): readonly object[] {
  const items = fieldAt(document, ...path);
  return Array.isArray(items) ? items.filter(isObject) : [];
}

function dayOf(document: object | undefined): string {
  return String(fieldAt(document, "period_start") ?? fieldAt(document, "snapshot_date")).slice(0, 10);
}

function mapped(
  sources: Readonly<Record<string, Source>>,
  value_: (source: Source, metric: string) => readonly object[],
): object {
  return Object.fromEntries(Object.entries(sources).map(([metric, source]) => [metric, value_(source, metric)]));
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

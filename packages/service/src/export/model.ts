/**
 * What every export format writes: queries, their breakdowns, metrics, series and points. Lazy where it is long: the points of a series are
 * made as they are read, and each reading begins anew.
 */

/** A full ISO date (of a longer period, its first day) and a whole number; null where nothing is known. */
export type ExportPoint = readonly [date: string, value: number | null];

/** How many points there are is known before any is made. */
export interface ExportPoints extends Iterable<ExportPoint> {
  readonly length: number;
}

/** What a series stands for. Only a value has an id: some values are called "other". */
export type SeriesKind = "total" | "value" | "other" | "notStated";

export interface ExportSeries {
  readonly kind: SeriesKind;
  /** "global" for totals of the wire's series; "metadata_only" / "with_files" for file presence; "" where no value is meant. */
  readonly id: string;
  readonly label: string;
  /** What is known of what the series stands for, in the order of its group's `facts`; absent where that has none. */
  readonly facts?: readonly string[];
  readonly points: ExportPoints;
}
export interface ExportMetric {
  /** camelCase for series, dotted path for documents. */
  readonly name: string;
  readonly unit: string;
  readonly series: readonly ExportSeries[];
}
export interface ExportGroup {
  /** Breakdown in the spelling of the answer, or "global". */
  readonly name: string;
  /** Names of further columns, after those that all tables have. */
  readonly facts?: readonly string[];
  readonly metrics: readonly ExportMetric[];
}
export interface ExportQuery {
  /** Label of the request's entry, and its part where the answer has several; then the query it names. */
  readonly label: string;
  readonly query: string;
  /** Id of one of the document's scopes. */
  readonly scope: string;
  /** "day" unless longer periods were asked for. */
  readonly granularity: string;
  readonly groups: readonly ExportGroup[];
}

/** The repository or a community, as far as it is known. */
export interface ExportScope {
  /** "global" or the community's id. */
  readonly id: string;
  readonly slug: string | null;
  readonly title: string;
  readonly description: string;
  /** Its page; "" where the repository's address is not known. */
  readonly url: string;
}

/** What a reader of the file must know without us. The same numbers give the same file: it does not say when it was written. */
export interface ExportAbout {
  readonly repository: string;
  /** Of the labels that are chosen where there are several. */
  readonly language: string;
  readonly scopes: readonly ExportScope[];
  /** Asked range over all queries; null where nothing is known that could fill an open end. */
  readonly from: string | null;
  readonly to: string | null;
  readonly asOf: string | null;
  readonly ruleVersion: string;
  readonly missingDays: readonly string[];
  readonly incompleteDays: readonly string[];
  /** When the numbers were counted, ISO 8601 with zone; null before the first run. */
  readonly countedAt: string | null;
  readonly generatedUse: boolean;
}
/** An entry of the request that has no answer. */
export interface ExportFailure {
  readonly label: string;
  readonly code: string;
  readonly detail: string;
}
export interface ExportDocument {
  readonly about: ExportAbout;
  readonly queries: readonly ExportQuery[];
  readonly failures: readonly ExportFailure[];
}

/** The same facts about the file as (name, value) pairs, for formats that have no place of their own for them. */
export function aboutRows({ about, queries, failures }: ExportDocument): readonly (readonly [string, string])[] {
  return [
    ["repository", about.repository],
    ...about.scopes.flatMap(scopeRows),
    ["from", about.from ?? ""],
    ["to", about.to ?? ""],
    ["granularity", [...new Set(queries.map(({ granularity }) => granularity))].join(" ")],
    ["complete to", about.asOf ?? "nothing is complete yet"],
    ["rule version", about.ruleVersion],
    ["missing days", about.missingDays.join(" ")],
    ["incomplete days", about.incompleteDays.join(" ")],
    ["use is generated demonstration data", about.generatedUse ? "yes" : "no"],
    ["counted", about.countedAt ?? ""],
    ...failures.map(({ label, code, detail }) => [`not answered: ${label}`, `${code}: ${detail}`] as const),
  ];
}

function scopeRows({ id, slug, title, description, url }: ExportScope): readonly (readonly [string, string])[] {
  return [
    ["community id", id],
    ["community slug", slug ?? ""],
    ["community", title],
    ["community description", description],
    ["community page", url],
  ];
}

/** One flat table of the file: the points of one metric of one breakdown. */
export interface ExportTable {
  readonly query: ExportQuery;
  readonly group: ExportGroup;
  readonly metric: ExportMetric;
}

/** All tables in order, also those without a series. */
export function* allTables(document: ExportDocument): Generator<ExportTable> {
  for (const query of document.queries) {
    for (const group of query.groups) yield* group.metrics.map((metric) => ({ query, group, metric }));
  }
}

/** The tables that hold anything. */
export function* tablesOf(document: ExportDocument): Generator<ExportTable> {
  for (const table of allTables(document)) if (table.metric.series.length > 0) yield table;
}

/** File and sheet names: ASCII letters, digits, dot, dash and underscore; never empty. */
export function safeName(text: string): string {
  const safe = text
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9._-]+/g, "_")
    .replace(/^[._]+/, "");
  return safe === "" ? "_" : safe;
}

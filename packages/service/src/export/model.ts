/**
 * What every export format writes: queries, their breakdowns, metrics, series and points. Lazy where it is long: points are read once,
 * so a format must not go through them twice.
 */

/** A full ISO date (or the first day of a period) and a whole number; null where nothing is known. */
export type ExportPoint = readonly [date: string, value: number | null];

export interface ExportSeries {
  /** "global" for totals; "metadata_only" / "with_files" for file presence. */
  readonly id: string;
  readonly label: string;
  readonly points: Iterable<ExportPoint>;
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
  readonly metrics: readonly ExportMetric[];
}
export interface ExportQuery {
  /** Label of the request's entry, then the query it names. They are equal unless the caller chose a label. */
  readonly label: string;
  readonly query: string;
  readonly from: string;
  readonly to: string;
  readonly groups: readonly ExportGroup[];
}

/** What a reader of the file must know without us. */
export interface ExportAbout {
  readonly repository: string;
  readonly communityId: string;
  readonly communitySlug: string | null;
  readonly communityTitle: string;
  readonly communityDescription: string;
  readonly communityUrl: string;
  readonly language: string;
  readonly from: string;
  readonly to: string;
  readonly asOf: string | null;
  readonly ruleVersion: string;
  readonly missingDays: readonly string[];
  readonly incompleteDays: readonly string[];
  /** ISO 8601 with zone. */
  readonly generatedAt: string;
  readonly generatedUse: boolean;
}
export interface ExportDocument {
  readonly about: ExportAbout;
  readonly queries: readonly ExportQuery[];
}

/** The same facts about the file as (name, value) pairs, for formats that have no place of their own for them. */
export function aboutRows(about: ExportAbout): readonly (readonly [string, string])[] {
  return [
    ["repository", about.repository],
    ["community id", about.communityId],
    ["community slug", about.communitySlug ?? ""],
    ["community", about.communityTitle],
    ["from", about.from],
    ["to", about.to],
    ["complete to", about.asOf ?? "nothing is complete yet"],
    ["rule version", about.ruleVersion],
    ["missing days", about.missingDays.join(" ")],
    ["incomplete days", about.incompleteDays.join(" ")],
    ["use is generated demonstration data", about.generatedUse ? "yes" : "no"],
    ["written", about.generatedAt],
  ];
}

/** One flat table of the file: the points of one metric of one breakdown. */
export interface ExportTable {
  readonly query: ExportQuery;
  readonly group: ExportGroup;
  readonly metric: ExportMetric;
}

/** The tables that hold anything, in order. */
export function* tablesOf(document: ExportDocument): Generator<ExportTable> {
  for (const query of document.queries) {
    for (const group of query.groups) {
      const filled = group.metrics.filter((metric) => metric.series.length > 0);
      yield* filled.map((metric) => ({ query, group, metric }));
    }
  }
}

/** File and sheet names: ASCII letters, digits, dot, dash and underscore; never empty. */
export function safeName(text: string): string {
  const safe = text
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9._-]+/g, "_")
    .replace(/^[._]+/, "");
  return safe === "" ? "_" : safe;
}

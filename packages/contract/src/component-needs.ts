import type { Kind, Side } from "./metrics.ts";
import { WIDGET_ALIASES } from "./widget-aliases.ts";

/**
 * What the widgets of a layout read, so that a category query can leave out the rest (`optimize`). A row names the metrics that the
 * original's widgets read and those that ours show; both kinds of client may ask.
 */
export interface Need {
  readonly side: Side;
  readonly kind: Kind;
  /** "global" for the totals, the name of a breakdown, or "*" for every breakdown that the widget can be switched to. */
  readonly breakdown: string;
  /** camelCase. */
  readonly metrics: readonly string[];
}

/** A widget as a layout places it. */
export interface PlacedComponent {
  readonly component: string;
  /** Prop `display_subcounts`: the only breakdowns that the widget can be switched to; null for all. */
  readonly shown: readonly string[] | null;
}

const VIEWS = ["views", "viewUniqueRecords"];
const DOWNLOADS = ["downloads", "downloadUniqueFiles"];
const VISITORS = ["viewVisitors", "downloadVisitors"];
const TRAFFIC = [...VIEWS, ...DOWNLOADS, "dataVolume"];

type Measured = Pick<Need, "side" | "metrics">;
const RECORDS: Measured = { side: "records", metrics: ["records"] };
const VIEWED: Measured = { side: "usage", metrics: VIEWS };
const DOWNLOADED: Measured = { side: "usage", metrics: DOWNLOADS };

const STATS: Readonly<Record<string, Measured>> = {
  RecordCount: RECORDS,
  Uploaders: { side: "records", metrics: ["uploaders"] },
  DataVolume: { side: "records", metrics: ["dataVolume"] },
  Views: VIEWED,
  Downloads: DOWNLOADED,
  Traffic: { side: "usage", metrics: ["dataVolume"] },
  Visitors: { side: "usage", metrics: VISITORS },
};

/** Stem of a name → breakdown. */
const SUBJECTS: Readonly<Record<string, string>> = {
  AccessStatuses: "access_statuses",
  Affiliations: "affiliations",
  FileTypes: "file_types",
  Funders: "funders",
  Languages: "languages",
  Periodicals: "periodicals",
  Publishers: "publishers",
  ResourceTypes: "resource_types",
  Rights: "rights",
  Subjects: "subjects",
  Countries: "countries",
  Referrers: "referrers",
};
/** Ending of a name → what is counted. */
const FAMILIES: Readonly<Record<string, Measured>> = { "": RECORDS, Views: VIEWED, Downloads: DOWNLOADED };
const KINDS = [
  ["snapshot", ""],
  ["delta", "Delta"],
] as const;

const rows: [string, readonly Need[]][] = [];
for (const [stem, measured] of Object.entries(STATS)) {
  rows.push([`SingleStat${stem}`, [{ ...measured, kind: "delta", breakdown: "global" }]]);
  rows.push([`SingleStat${stem}Cumulative`, [{ ...measured, kind: "snapshot", breakdown: "global" }]]);
}
for (const [stem, breakdown] of Object.entries(SUBJECTS)) {
  for (const [family, measured] of Object.entries(FAMILIES)) {
    for (const [kind, ending] of KINDS) {
      rows.push([`${stem}MultiDisplay${family}${ending}`, [{ ...measured, kind, breakdown }]]);
    }
  }
}

function chart(kind: Kind, measured: Measured, ofTotals: readonly string[] = []): readonly Need[] {
  const total = { ...measured, kind, breakdown: "global", metrics: [...measured.metrics, ...ofTotals] };
  return [total, { ...measured, kind, breakdown: "*" }];
}

const CONTENT: Measured = { side: "records", metrics: ["records", "dataVolume", "fileCount"] };
const USE: Measured = { side: "usage", metrics: TRAFFIC };
const MAP_METRICS: Measured = { side: "usage", metrics: [...VIEWS, ...DOWNLOADS] };
const NEEDS = new Map<string, readonly Need[]>([
  ...rows,
  ["ContentStatsChart", chart("delta", CONTENT, ["uploaders"])],
  ["ContentStatsChartCumulative", chart("snapshot", CONTENT, ["uploaders"])],
  ["TrafficStatsChart", chart("delta", USE, VISITORS)],
  ["TrafficStatsChartCumulative", chart("snapshot", USE)],
  ["StatsChart", [...chart("delta", USE, VISITORS), ...chart("delta", RECORDS)]],
  ["StatsMap", KINDS.map(([kind]) => ({ ...MAP_METRICS, kind, breakdown: "countries" }))],
  ...["SingleStatBox", "StatsTable", "StatsMultiDisplay"].map((name): [string, readonly Need[]] => [
    name,
    [{ ...RECORDS, kind: "snapshot", breakdown: name === "SingleStatBox" ? "global" : "resource_types" }],
  ]),
  // What they show is no category: lists of records, controls, texts.
  ...[
    "MostDownloadedRecordsMultiDisplay",
    "MostViewedRecordsMultiDisplay",
    "DateRangeSelector",
    "GranularitySelector",
    "ReportSelector",
    "StatsPopup",
    "Text",
  ].map((name): [string, readonly Need[]] => [name, []]),
]);
/** Every name of a widget whose needs are known. */
export const COMPONENT_NAMES: readonly string[] = [...NEEDS.keys(), ...Object.keys(WIDGET_ALIASES)];

/** What a widget reads of the category queries; empty for an unknown name. */
export function needsOf({ component, shown }: PlacedComponent): readonly Need[] {
  const needs = NEEDS.get(WIDGET_ALIASES[component] ?? component) ?? [];
  if (shown === null) return needs;
  return needs.flatMap((need) =>
    need.breakdown === "*" ? shown.map((breakdown) => ({ ...need, breakdown })) : [need],
  );
}

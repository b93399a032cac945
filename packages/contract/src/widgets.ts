import type { Kind, Side } from "./metrics.ts";
import { WIDGET_ALIASES } from "./widget-aliases.ts";

/** What a widget asks for: one metric of one side, as change or as running total. */
export interface DataRef {
  readonly side: Side;
  readonly kind: Kind;
  readonly metric: string;
}

function dataRef(side: Side, kind: Kind, metric: string): DataRef {
  return { side, kind, metric };
}

/** What a name of a layout document stands for. */
export type WidgetSpec = StatSpec | ChartSpec | BreakdownSpec | MapSpec | RecordsSpec | ControlSpec | TextSpec;

export interface StatSpec {
  readonly kind: "stat";
  readonly data: DataRef;
}
export interface ChartSpec {
  readonly kind: "chart";
  /** Offered in this order; the first is shown first. */
  readonly metrics: readonly DataRef[];
  readonly titleKey:
    | "widget.chart"
    | "widget.content"
    | "widget.contentCumulative"
    | "widget.traffic"
    | "widget.trafficCumulative";
  readonly draw: "bar" | "line" | "area";
}
export interface BreakdownSpec {
  readonly kind: "breakdown";
  readonly data: DataRef;
  readonly breakdown: string;
}
export interface MapSpec {
  readonly kind: "map";
  readonly metrics: readonly DataRef[];
}
export interface RecordsSpec {
  readonly kind: "records";
  readonly data: DataRef;
}
export interface ControlSpec {
  readonly kind: "control";
  readonly control: "range" | "granularity" | "report";
}
export interface TextSpec {
  readonly kind: "text";
}

const DELTA = {
  views: dataRef("usage", "delta", "views"),
  downloads: dataRef("usage", "delta", "downloads"),
  visitors: dataRef("usage", "delta", "visitors"),
  traffic: dataRef("usage", "delta", "dataVolume"),
  records: dataRef("records", "delta", "records"),
  uploaders: dataRef("records", "delta", "uploaders"),
  files: dataRef("records", "delta", "fileCount"),
  volume: dataRef("records", "delta", "dataVolume"),
};
const TOTAL = {
  views: dataRef("usage", "snapshot", "views"),
  downloads: dataRef("usage", "snapshot", "downloads"),
  traffic: dataRef("usage", "snapshot", "dataVolume"),
  records: dataRef("records", "snapshot", "records"),
  uploaders: dataRef("records", "snapshot", "uploaders"),
  files: dataRef("records", "snapshot", "fileCount"),
  volume: dataRef("records", "snapshot", "dataVolume"),
};

type Rows = Readonly<Record<string, WidgetSpec>>;

const STATS: Rows = {
  SingleStatRecordCount: { kind: "stat", data: DELTA.records },
  SingleStatRecordCountCumulative: { kind: "stat", data: TOTAL.records },
  SingleStatUploaders: { kind: "stat", data: DELTA.uploaders },
  SingleStatUploadersCumulative: { kind: "stat", data: TOTAL.uploaders },
  SingleStatDataVolume: { kind: "stat", data: DELTA.volume },
  SingleStatDataVolumeCumulative: { kind: "stat", data: TOTAL.volume },
  SingleStatViews: { kind: "stat", data: DELTA.views },
  SingleStatViewsCumulative: { kind: "stat", data: TOTAL.views },
  SingleStatDownloads: { kind: "stat", data: DELTA.downloads },
  SingleStatDownloadsCumulative: { kind: "stat", data: TOTAL.downloads },
  SingleStatTraffic: { kind: "stat", data: DELTA.traffic },
  SingleStatTrafficCumulative: { kind: "stat", data: TOTAL.traffic },
  SingleStatVisitors: { kind: "stat", data: DELTA.visitors },
};

const USE = [DELTA.views, DELTA.downloads, DELTA.visitors, DELTA.traffic];
const CHARTS: Rows = {
  StatsChart: { kind: "chart", metrics: [...USE, DELTA.records], titleKey: "widget.chart", draw: "bar" },
  ContentStatsChart: {
    kind: "chart",
    metrics: [DELTA.records, DELTA.uploaders, DELTA.volume],
    titleKey: "widget.content",
    draw: "bar",
  },
  ContentStatsChartCumulative: {
    kind: "chart",
    metrics: [TOTAL.records, TOTAL.files, TOTAL.volume, TOTAL.uploaders],
    titleKey: "widget.contentCumulative",
    draw: "area",
  },
  TrafficStatsChart: { kind: "chart", metrics: USE, titleKey: "widget.traffic", draw: "bar" },
  TrafficStatsChartCumulative: {
    kind: "chart",
    metrics: [TOTAL.views, TOTAL.downloads, TOTAL.traffic],
    titleKey: "widget.trafficCumulative",
    draw: "area",
  },
};

/** Stem of a name → breakdown. */
const SUBJECTS: Readonly<Record<string, string>> = {
  ResourceTypes: "resource_types",
  Subjects: "subjects",
  AccessStatuses: "access_statuses",
  Rights: "rights",
  Affiliations: "affiliations",
  Funders: "funders",
  Periodicals: "periodicals",
  Publishers: "publishers",
  Languages: "languages",
  FileTypes: "file_types",
};

/** Ending of a name → what is counted. */
const FAMILIES: Readonly<Record<string, DataRef>> = {
  "": TOTAL.records,
  Delta: DELTA.records,
  Views: TOTAL.views,
  ViewsDelta: DELTA.views,
  Downloads: TOTAL.downloads,
  DownloadsDelta: DELTA.downloads,
};

const MULTI_DISPLAYS: Rows = Object.fromEntries(
  Object.entries(SUBJECTS).flatMap(([subject, breakdown]) =>
    Object.entries(FAMILIES).map(([family, data]) => [
      `${subject}MultiDisplay${family}`,
      breakdownSpec(breakdown, data),
    ]),
  ),
);

const EVENT_DISPLAYS: Rows = {
  CountriesMultiDisplayViews: breakdownSpec("countries", TOTAL.views),
  CountriesMultiDisplayViewsDelta: breakdownSpec("countries", DELTA.views),
  ReferrersMultiDisplayViews: breakdownSpec("referrers", TOTAL.views),
  ReferrersMultiDisplayViewsDelta: breakdownSpec("referrers", DELTA.views),
};

const PARTS: Rows = {
  MostDownloadedRecordsMultiDisplay: { kind: "records", data: DELTA.downloads },
  MostViewedRecordsMultiDisplay: { kind: "records", data: DELTA.views },
  StatsMap: { kind: "map", metrics: [DELTA.views, DELTA.downloads] },
  DateRangeSelector: { kind: "control", control: "range" },
  GranularitySelector: { kind: "control", control: "granularity" },
  ReportSelector: { kind: "control", control: "report" },
  Text: { kind: "text" },
};

/** Building blocks of the original that needed code to fill them, as what a layout can mean by them. */
const BLOCKS: Rows = {
  SingleStatBox: { kind: "stat", data: TOTAL.records },
  StatsTable: breakdownSpec("resource_types", TOTAL.records),
  StatsMultiDisplay: breakdownSpec("resource_types", TOTAL.records),
  StatsPopup: { kind: "text" },
};

const ROWS: Rows = { ...STATS, ...CHARTS, ...MULTI_DISPLAYS, ...EVENT_DISPLAYS, ...PARTS, ...BLOCKS };

/** Every name that a layout may use, with what it stands for. */
export const WIDGETS: ReadonlyMap<string, WidgetSpec> = new Map([
  ...Object.entries(ROWS),
  ...Object.entries(WIDGET_ALIASES).flatMap(([alias, name]): [string, WidgetSpec][] => {
    const spec = ROWS[name];
    return spec === undefined ? [] : [[alias, spec]];
  }),
]);

function breakdownSpec(breakdown: string, data: DataRef): BreakdownSpec {
  return { kind: "breakdown", breakdown, data };
}

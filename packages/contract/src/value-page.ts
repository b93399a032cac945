import type { LayoutDocument } from "./layout.ts";
import type { PageBreakdown, PageValue } from "./page.ts";

/** What stands between the address of a dashboard and a value: `/stats/value/languages/eng`. */
const SEGMENT = "value";

/** Address of the page about one value, below the dashboard's. Slashes of an id stay: some web servers refuse encoded ones. */
export function valuePath(dashboard: string, { breakdown, id }: Pick<PageValue, "breakdown" | "id">): string {
  const rest = id.split("/").map(encodeURIComponent).join("/");
  return `${dashboard === "/" ? "" : dashboard}/${SEGMENT}/${encodeURIComponent(breakdown)}/${rest}`;
}

/** The id in the rest of such an address. Some web servers make one slash of two. */
export function valueIdIn(rest: string): string {
  return rest.replace(/^(https?:)\/+/, "$1//");
}

/** The same as a route: `breakdown`, and the id as the rest. */
export function valueRoute(dashboard: string): string {
  return `${dashboard === "/" ? "" : dashboard}/${SEGMENT}/:breakdown/*`;
}

/** What the page about one value shows: what there is and how it is used, as far as its breakdown counts both. */
export function valueLayout({ records, usage }: Pick<PageBreakdown, "records" | "usage">): LayoutDocument {
  const stats = [
    ...(records ? ["SingleStatRecordCountCumulative", "SingleStatDataVolumeCumulative"] : []),
    ...(usage ? ["SingleStatViews", "SingleStatDownloads", "SingleStatTraffic"] : []),
  ];
  const charts = [...(usage ? ["TrafficStatsChart"] : []), ...(records ? ["ContentStatsChartCumulative"] : [])];
  return {
    tabs: [
      {
        name: "value",
        label: "Statistics",
        rows: [
          { name: "single-stats", components: stats.map((component) => ({ component, width: 3 })) },
          ...charts.map((component) => ({ name: "chart", components: [{ component, width: 16 }] })),
        ],
      },
    ],
  };
}

import type { Label } from "./documents.ts";
import type { LayoutDocument } from "./layout-schema.ts";

export type { LayoutDocument };

export interface LayoutCell {
  readonly component: string;
  readonly width: number;
  readonly tablet: number | null;
  readonly mobile: number | null;
  readonly props: Readonly<Record<string, unknown>>;
}
export interface LayoutRow {
  readonly name: string;
  readonly cells: readonly LayoutCell[];
}
export interface LayoutTab {
  readonly name: string;
  readonly label: Label;
  readonly rows: readonly LayoutRow[];
}
/** A layout as used: defaults filled in, cell keys merged under `props`. */
export interface Layout {
  readonly tabs: readonly LayoutTab[];
}

const GRID = new Set(["component", "width", "tablet", "mobile", "props"]);

export function resolveLayout(document: LayoutDocument): Layout {
  return {
    tabs: document.tabs.map((tabDocument) => ({
      name: tabDocument.name,
      label: tabDocument.label,
      rows: tabDocument.rows.map((rowDocument) => ({
        name: rowDocument.name,
        cells: rowDocument.components.map(resolveCell),
      })),
    })),
  };
}

type CellDocument = LayoutDocument["tabs"][number]["rows"][number]["components"][number];

function resolveCell(document: CellDocument): LayoutCell {
  const beside = Object.entries(document).filter(([key]) => !GRID.has(key));
  return {
    component: document.component,
    width: document.width ?? 16,
    tablet: document.tablet ?? null,
    mobile: document.mobile ?? null,
    props: { ...Object.fromEntries(beside), ...document.props },
  };
}

/** The manual's default: one tab with a date range selector, three single stats, one chart and four tables. */
export const DEFAULT_LAYOUT: LayoutDocument = {
  tabs: [
    {
      name: "content",
      label: "Content",
      rows: [
        { name: "date-range-selector", components: [{ component: "DateRangeSelector", width: 16 }] },
        {
          name: "single-stats",
          components: [
            { component: "SingleStatRecordCount", width: 3, title: "Records" },
            { component: "SingleStatViews", width: 3, title: "Views" },
            { component: "SingleStatDownloads", width: 3, title: "Downloads" },
          ],
        },
        { name: "charts", components: [{ component: "StatsChart", width: 8, title: "Trends" }] },
        {
          name: "tables",
          components: [
            { component: "ResourceTypesTable", width: 8, title: "Resource types" },
            { component: "AccessStatusTable", width: 8, title: "Access status" },
            { component: "RightsTable", width: 8, title: "Rights" },
            { component: "AffiliationsTable", width: 8, title: "Affiliations" },
          ],
        },
      ],
    },
  ],
};

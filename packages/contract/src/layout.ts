import { z } from "zod";
import type { Label } from "./documents.ts";

/**
 * A dashboard layout document as configured: `STATS_DASHBOARD_LAYOUT` and the custom field `stats:dashboard_layout`.
 * Keys of a cell beside the known ones are props of the widget, as the manual says; `props` is accepted as well.
 */
const cell = z.looseObject({
  component: z.string().min(1),
  width: z.number().int().min(1).max(16).nullish(),
  tablet: z.number().int().min(1).max(16).nullish(),
  mobile: z.number().int().min(1).max(16).nullish(),
  props: z.record(z.string(), z.unknown()).nullish(),
});
const row = z.object({ name: z.string().min(1), components: z.array(cell).min(1) });
const tab = z.object({
  name: z.string().min(1),
  /** One text, or one per language: `{ "en": "Use", "de": "Nutzung" }`. */
  label: z.union([z.string().min(1), z.record(z.string(), z.string())]),
  icon: z.string().nullish(),
  date_range_phrase: z.string().nullish(),
  rows: z.array(row).min(1),
});
export const layoutSchema = z.object({ tabs: z.array(tab).min(1) });
export type LayoutDocument = z.infer<typeof layoutSchema>;

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

const ownSchema = z.looseObject({
  community: layoutSchema.nullish(),
  community_layout: layoutSchema.nullish(),
  global: layoutSchema.nullish(),
  global_layout: layoutSchema.nullish(),
});

/** The layout in the text of a community's custom field `stats:dashboard_layout`; null where it is missing or no layout. */
export function ownLayout(text: string | null): LayoutDocument | null {
  const json = text === null ? null : parseJson(text);
  const plain = layoutSchema.safeParse(json);
  if (plain.success) return plain.data;
  const own = ownSchema.safeParse(json);
  if (!own.success) return null;
  return own.data.community ?? own.data.community_layout ?? own.data.global ?? own.data.global_layout ?? null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
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

function resolveCell(document: z.infer<typeof cell>): LayoutCell {
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

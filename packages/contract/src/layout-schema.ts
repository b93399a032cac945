import { z } from "zod";

/**
 * A dashboard layout document as configured: `STATS_DASHBOARD_LAYOUT` and the custom field `stats:dashboard_layout`.
 * Keys of a cell beside the known ones are props of the widget, as the manual says; `props` is accepted as well.
 */
const cellSchema = z.looseObject({
  component: z.string().min(1),
  width: z.number().int().min(1).max(16).nullish(),
  tablet: z.number().int().min(1).max(16).nullish(),
  mobile: z.number().int().min(1).max(16).nullish(),
  props: z.record(z.string(), z.unknown()).nullish(),
});
const row = z.object({ name: z.string().min(1), components: z.array(cellSchema).min(1) });
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

const ownSchema = z.looseObject({
  community: layoutSchema.nullish(),
  community_layout: layoutSchema.nullish(),
  global: layoutSchema.nullish(),
  global_layout: layoutSchema.nullish(),
});

/** Where a custom field may hold its layout instead of being one itself; the first that is there counts. */
export const OWN_PLACES = ["community", "community_layout", "global", "global_layout"] as const;

/** The layout in the text of a community's custom field `stats:dashboard_layout`; null where it is missing or no layout. */
export function ownLayout(text: string | null): LayoutDocument | null {
  const json = text === null ? null : parseJson(text);
  const plain = layoutSchema.safeParse(json);
  if (plain.success) return plain.data;
  const own = ownSchema.safeParse(json);
  if (!own.success) return null;
  return OWN_PLACES.map((place) => own.data[place]).find((layout) => layout) ?? null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

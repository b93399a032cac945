import type { WidgetSpec } from "@community-stats/contract/widgets.ts";

/** A cell of the layout with the row of the table that its name stands for. */
export interface Placed<Spec extends WidgetSpec = WidgetSpec> {
  /** Unique on the page and the same on every visit. */
  readonly id: string;
  readonly name: string;
  readonly spec: Spec;
  readonly props: Readonly<Record<string, unknown>>;
}

export function textProp(props: Placed["props"], name: string): string | null {
  const value = props[name];
  if (typeof value === "string" && value !== "") return value;
  return null;
}

/** Names given as a list, or as the keys of a mapping. */
export function namesProp(props: Placed["props"], name: string): readonly string[] | null {
  const value = props[name];
  if (Array.isArray(value)) return value.filter((item) => typeof item === "string");
  return typeof value === "object" && value !== null ? Object.keys(value) : null;
}

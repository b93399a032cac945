import type { LayoutDocument } from "@community-stats/contract/layout.ts";
import { WIDGETS } from "@community-stats/contract/widgets.ts";

type Cell = LayoutDocument["tabs"][number]["rows"][number]["components"][number];

/** Attribute `layout` as given: none, a document, or why it is neither. */
export type OwnLayout =
  | { readonly kind: "none" }
  | { readonly kind: "layout"; readonly layout: LayoutDocument }
  | { readonly kind: "bad"; readonly reason: string | null };

/** Names of widgets ("SingleStatViews TrafficStatsChart"), a list of cells as JSON, or a whole layout document as JSON. */
export function ownLayout(text: string | null): OwnLayout {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return { kind: "none" };
  if (!/^[[{]/.test(trimmed)) return oneRow(trimmed.split(/[\s,]+/).map((component) => ({ component })));
  try {
    return fromJson(JSON.parse(trimmed));
  } catch (error) {
    return { kind: "bad", reason: error instanceof Error ? error.message : null };
  }
}

function fromJson(json: unknown): OwnLayout {
  if (Array.isArray(json) && json.length > 0 && json.every(isCell)) return oneRow(json);
  if (isLayout(json)) return { kind: "layout", layout: json };
  return { kind: "bad", reason: null };
}

function oneRow(cells: readonly Cell[]): OwnLayout {
  const components = cells.map((cell) => ({ ...cell, width: cell.width ?? usualWidth(cell.component, cells.length) }));
  return {
    kind: "layout",
    layout: { tabs: [{ name: "own", label: "own", rows: [{ name: "own", components }] }] },
  };
}

/** Two breakdowns fit beside each other; everything else likes to be wide. */
function usualWidth(component: string, count: number): number {
  return count > 1 && ["breakdown", "records"].includes(WIDGETS.get(component)?.kind ?? "") ? 8 : 16;
}

function isLayout(value: unknown): value is LayoutDocument {
  return hasList(value, "tabs", (tab) => hasTexts(tab, "name", "label") && hasList(tab, "rows", isRow));
}

function isRow(value: unknown): boolean {
  return hasTexts(value, "name") && hasList(value, "components", isCell);
}

function isCell(value: unknown): value is Cell {
  if (!hasTexts(value, "component")) return false;
  const { width, props } = value as Readonly<Record<string, unknown>>;
  const fits =
    width === undefined || width === null || (Number.isInteger(width) && Number(width) >= 1 && Number(width) <= 16);
  return fits && (props === undefined || props === null || isMap(props));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasTexts(value: unknown, ...names: readonly string[]): boolean {
  return isMap(value) && names.every((name) => typeof value[name] === "string" && value[name] !== "");
}

function hasList(value: unknown, name: string, fits: (item: unknown) => boolean): boolean {
  if (!isMap(value)) return false;
  const list = value[name];
  return Array.isArray(list) && list.length > 0 && list.every(fits);
}

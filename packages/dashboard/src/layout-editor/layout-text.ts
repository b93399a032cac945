import type { LayoutDocument } from "@community-stats/contract/layout.ts";
import { WIDGETS, type WidgetSpec } from "@community-stats/contract/widgets.ts";
import { scanJson, type Place } from "./json-places.ts";

const WIDTH = 80;
const STEP = "  ";

/** A layout as JSON that people read: a cell stands in one line wherever its own text is no longer than that. */
export function layoutText(value: unknown, indent = ""): string {
  const line = oneLine(value);
  if (typeof value !== "object" || value === null || line.length <= WIDTH) return line;
  const inner = indent + STEP;
  const entries = Array.isArray(value)
    ? value.map((item) => inner + layoutText(item, inner))
    : defined(value).map(([name, item]) => `${inner}${JSON.stringify(name)}: ${layoutText(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${entries.join(",\n")}\n${indent}${close}`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = defined(value).map(([name, item]) => `${JSON.stringify(name)}: ${oneLine(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function defined(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, item]) => item !== undefined);
}

/** Columns that suit a kind. */
const COLUMNS: Readonly<Record<WidgetSpec["kind"], number>> = {
  stat: 4,
  chart: 16,
  breakdown: 8,
  map: 16,
  records: 8,
  control: 16,
  text: 16,
};

/** A cell with this widget as it is written in the place of a stretch of the text, parted by commas from its neighbours. */
export function cellText(text: string, { start, end }: Place, component: string): string {
  const spec = WIDGETS.get(component);
  const cell = oneLine({ component, width: spec === undefined ? 16 : COLUMNS[spec.kind] });
  const before = text.slice(0, start).trimEnd().endsWith("}") ? ", " : "";
  const after = text.slice(end).trimStart().startsWith("{") ? ", " : "";
  return `${before}${cell}${after}`;
}

/** Behind the last cell of a layout in its text. */
export function endOfCells(text: string, { tabs }: LayoutDocument): number {
  const rows = tabs.at(-1)?.rows ?? [];
  const cells = rows.at(-1)?.components ?? [];
  const last = ["tabs", tabs.length - 1, "rows", rows.length - 1, "components", cells.length - 1];
  const scanned = scanJson(text);
  return scanned.kind === "json" ? (scanned.places.value(last)?.end ?? 0) : 0;
}

import type { Label } from "@community-stats/contract/documents.ts";
import { isHostWidget } from "@community-stats/contract/host-widgets.ts";
import {
  resolveLayout,
  type LayoutCell,
  type LayoutDocument,
  type LayoutRow,
  type LayoutTab,
} from "@community-stats/contract/layout.ts";
import { type StatSpec, WIDGETS, type WidgetSpec } from "@community-stats/contract/widgets.ts";
import type { Placed } from "../widgets/props.ts";

/** Columns that a part takes on a wide screen, a tablet and a phone; null: what suits its kind. */
export interface Columns {
  readonly wide: number;
  readonly tablet: number | null;
  readonly mobile: number | null;
}

/** One place of the grid: neighbouring figures share a strip, everything else stands alone. */
export type Place =
  | { readonly kind: "stats"; readonly id: string; readonly stats: readonly Placed<StatSpec>[] }
  | { readonly kind: "widget"; readonly placed: Placed; readonly columns: Columns }
  | {
      readonly kind: "host";
      readonly id: string;
      readonly name: string;
      readonly props: Placed["props"];
      readonly columns: Columns;
    }
  | { readonly kind: "unknown"; readonly id: string; readonly name: string; readonly columns: Columns };

export interface ArrangedRow {
  readonly name: string;
  readonly places: readonly Place[];
}

export interface ArrangedTab {
  readonly name: string;
  readonly label: Label;
  readonly rows: readonly ArrangedRow[];
  /** Every widget shows totals at a day, so that the tab is about a day, not about a range. */
  readonly cumulative: boolean;
}

export function arrange(document: LayoutDocument): readonly ArrangedTab[] {
  return withOwnNames(resolveLayout(document).tabs).map(arrangeTab);
}

/** A tab is found by its name: of several with one name, all but the first get a number. */
function withOwnNames(tabs: readonly LayoutTab[]): readonly LayoutTab[] {
  return tabs.map((tab, index) => {
    const before = tabs.slice(0, index).filter(({ name }) => name === tab.name).length;
    return before === 0 ? tab : { ...tab, name: `${tab.name}-${before + 1}` };
  });
}

function arrangeTab(tab: LayoutTab): ArrangedTab {
  const counts = new Map<string, number>();
  const idOf = (name: string): string => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? `${tab.name}.${name}` : `${tab.name}.${name}.${count}`;
  };
  const rows = tab.rows.map((row, index) => arrangeRow(row, { idOf, first: index === 0 }));
  const kinds = rows.flatMap(({ places }) => places.flatMap(dataKinds));
  return {
    name: tab.name,
    label: tab.label,
    rows,
    cumulative: kinds.length > 0 && kinds.every((kind) => kind === "snapshot"),
  };
}

interface RowContext {
  readonly idOf: (name: string) => string;
  readonly first: boolean;
}

/** The page has a control bar of its own: date and granularity controls at its head would repeat it. */
function arrangeRow(row: LayoutRow, { idOf, first }: RowContext): ArrangedRow {
  const places: Place[] = [];
  for (const cell of row.cells) {
    const spec = WIDGETS.get(cell.component);
    const id = idOf(cell.component);
    if (spec === undefined) places.push(elsewhere(id, cell));
    else if (spec.kind === "control" && first) continue;
    else addPlace(places, { id, cell, spec });
  }
  return { name: row.name, places };
}

/** Of the page around, or of nobody. */
function elsewhere(id: string, cell: LayoutCell): Place {
  const place = { id, name: cell.component, columns: columnsOf(cell) };
  return isHostWidget(cell.component) ? { kind: "host", ...place, props: cell.props } : { kind: "unknown", ...place };
}

function addPlace(
  places: Place[],
  { id, cell, spec }: { readonly id: string; readonly cell: LayoutCell; readonly spec: WidgetSpec },
): void {
  const placed = { id, name: cell.component, spec, props: cell.props };
  if (spec.kind !== "stat") {
    places.push({ kind: "widget", placed, columns: columnsOf(cell) });
    return;
  }
  const stat = { ...placed, spec };
  const last = places.at(-1);
  if (last?.kind === "stats") places[places.length - 1] = { ...last, stats: [...last.stats, stat] };
  else places.push({ kind: "stats", id, stats: [stat] });
}

/** In fewer columns no card can be read. */
const LEAST_COLUMNS = 4;

/** Props may hold the widths, too, as the original allows. */
function columnsOf(cell: LayoutCell): Columns {
  const own = (name: string): number | null => {
    const value = cell.props[name];
    return typeof value === "number" && value >= 1 && value <= 16 ? value : null;
  };
  return {
    wide: Math.max(LEAST_COLUMNS, cell.width),
    tablet: own("tablet") ?? cell.tablet,
    mobile: own("mobile") ?? cell.mobile,
  };
}

function dataKinds(place: Place): readonly string[] {
  if (place.kind === "unknown" || place.kind === "host") return [];
  const specs: readonly WidgetSpec[] =
    place.kind === "stats" ? place.stats.map(({ spec }) => spec) : [place.placed.spec];
  return specs.flatMap((spec) => {
    if (spec.kind === "chart" || spec.kind === "map") return spec.metrics.map(({ kind }) => kind);
    return "data" in spec ? [spec.data.kind] : [];
  });
}

import { isHostWidget } from "./host-widgets.ts";
import { resolveLayout, type LayoutCell, type LayoutDocument } from "./layout.ts";
import { nearest } from "./nearest.ts";
import { IDLE_PROPS, propNamed, WIDGET_PROPS } from "./widget-props.ts";
import { WIDGETS, type WidgetSpec } from "./widgets.ts";

/** What a cell asks for that cannot be done. */
export type CellProblem =
  | { readonly kind: "component"; readonly component: string; readonly near: string | null }
  | { readonly kind: "prop"; readonly component: string; readonly prop: string; readonly near: string | null }
  | {
      readonly kind: "value";
      readonly component: string;
      readonly prop: string;
      /** The value as JSON, cut. */
      readonly value: string;
      /** What it may be. */
      readonly takes: string;
    };

export interface LayoutProblem {
  /** Names of tab and row, as written. */
  readonly tab: string;
  readonly row: string;
  readonly problem: CellProblem;
}

const LONGEST_NAME = 100;
const LONGEST_VALUE = 60;

/** Everything in a layout that is left out when it is drawn, in its order. Null and missing props are no problem. */
export function layoutProblems(document: LayoutDocument): readonly LayoutProblem[] {
  return resolveLayout(document).tabs.flatMap((tab) =>
    tab.rows.flatMap((row) =>
      row.cells.flatMap(cellProblems).map((problem) => ({ tab: tab.name, row: row.name, problem })),
    ),
  );
}

export function cellProblems({ component, props }: Pick<LayoutCell, "component" | "props">): readonly CellProblem[] {
  const spec = WIDGETS.get(component);
  if (isHostWidget(component)) return [];
  if (spec === undefined) {
    return [{ kind: "component", component, near: nearest(component.slice(0, LONGEST_NAME), [...WIDGETS.keys()]) }];
  }
  return Object.entries(props)
    .filter(([, value]) => value !== null && value !== undefined)
    .flatMap(([prop, value]) => propProblems({ component, spec, prop, value }));
}

interface SetProp {
  readonly component: string;
  readonly spec: WidgetSpec;
  readonly prop: string;
  readonly value: unknown;
}

function propProblems({ component, spec, prop, value }: SetProp): readonly CellProblem[] {
  const row = propNamed(spec.kind, prop);
  if (row !== null) {
    if (row.fits(value)) return [];
    return [{ kind: "value", component, prop, value: valueText(value), takes: row.values }];
  }
  if (IDLE_PROPS.has(prop)) return [];
  const known = WIDGET_PROPS.filter(({ kinds }) => kinds.includes(spec.kind)).map(({ name }) => name);
  return [{ kind: "prop", component, prop, near: nearest(prop.slice(0, LONGEST_NAME), known) }];
}

/** A value of a document as a sentence about it shows it: as JSON, texts as they are, cut. */
export function valueText(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

import type { WidgetSpec } from "./widgets.ts";

/** A prop that a cell of a layout document may have, beside `component` and its widths or under `props`. */
export interface WidgetProp {
  readonly name: string;
  readonly kinds: readonly WidgetSpec["kind"][];
  /** What it may be. */
  readonly values: string;
  /** What holds without it. */
  readonly otherwise: string;
  readonly fits: (value: unknown) => boolean;
}

const VIEWS = ["list", "pie", "bar", "table"];

export const WIDGET_PROPS: readonly WidgetProp[] = [
  {
    name: "title",
    kinds: ["stat", "chart", "breakdown", "map", "records", "text"],
    values: "a text",
    otherwise: "the widget's name in the reader's language",
    fits: isTitle,
  },
  {
    name: "compactThreshold",
    kinds: ["stat"],
    values: "a number from 1; figures from there on are shortened",
    otherwise: "1000000",
    fits: within(1, Number.MAX_SAFE_INTEGER),
  },
  {
    name: "chartType",
    kinds: ["chart"],
    values: "`bar`, `line` or `area`: how it is drawn at first",
    otherwise: "as said above",
    fits: oneOf("bar", "line", "area"),
  },
  {
    name: "display_subcounts",
    kinds: ["chart"],
    values: "a list of breakdowns (or a mapping with them as keys) that its menu offers, in this order",
    otherwise: "those of the page",
    fits: (value) => isTexts(value) || (typeof value === "object" && value !== null && !Array.isArray(value)),
  },
  {
    name: "maxSeries",
    kinds: ["chart"],
    values: "a number from 1 to 50: values of a breakdown with a series of their own",
    otherwise: "5",
    fits: within(1, 50),
  },
  {
    name: "height",
    kinds: ["chart"],
    values: "a number from 100 to 2000: pixels",
    otherwise: "by the room it has",
    fits: within(100, 2000),
  },
  {
    name: "pageSize",
    kinds: ["breakdown"],
    values: "a number from 1 to 100: values listed before the rest is summed up",
    otherwise: "10",
    fits: within(1, 100),
  },
  {
    name: "pageSize",
    kinds: ["records"],
    values: "a number from 1 to 50: records listed",
    otherwise: "6",
    fits: within(1, 50),
  },
  {
    name: "available_views",
    kinds: ["breakdown"],
    values: "a list of `list` and `pie`; the list, which has bars, is always there (`bar` and `table` mean it)",
    otherwise: "both, where parts make up a whole",
    fits: (value) => isTexts(value) && value.every((view) => VIEWS.includes(view)),
  },
  {
    name: "default_view",
    kinds: ["breakdown"],
    values:
      "`list` or `pie` (`bar` and `table` mean the list; so does a ring of which more than 30 % would be the rest, until the reader asks for it)",
    otherwise: "`list`",
    fits: oneOf(...VIEWS),
  },
  {
    name: "metric",
    kinds: ["map"],
    values: "`views` or `downloads`: what it shows at first",
    otherwise: "`views`",
    fits: oneOf("views", "downloads"),
  },
  {
    name: "useSnapshot",
    kinds: ["map"],
    values: "`false`: use in the period instead of all use up to its last day",
    otherwise: "`true`",
    fits: (value) => typeof value === "boolean",
  },
  {
    name: "text",
    kinds: ["text"],
    values: "a text; an empty line begins a paragraph",
    otherwise: "`content`",
    fits: isTitle,
  },
  {
    name: "content",
    kinds: ["text"],
    values: "the same under its older name",
    otherwise: "nothing",
    fits: isTitle,
  },
];

/** Props of the original that a layout may keep: what they set is decided here by the room there is, or by the reader. */
export const IDLE_PROPS: ReadonlySet<string> = new Set(
  (
    "icon label subtitle headers classnames className community width tablet mobile height minHeight " +
    "maxHeight startCollapsed stacked areaStyle defaultLineDisplay isCumulative isDelta metricType showControls showLegend showTooltip showGrid " +
    "showAxisLabels showSeriesControls xAxisLabel yAxisLabel gridConfig tooltipConfig default_view available_views hideOtherInCharts pageSize zoom center " +
    "uniformColorMode defaultFormat"
  ).split(" "),
);

/** The row of a prop for a kind of widget; null where that kind has no such prop. */
export function propNamed(kind: WidgetSpec["kind"], name: string): WidgetProp | null {
  return WIDGET_PROPS.find((prop) => prop.name === name && prop.kinds.includes(kind)) ?? null;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** A text, or one per language. */
function isTitle(value: unknown): boolean {
  if (typeof value === "string") return true;
  return typeof value === "object" && value !== null && !Array.isArray(value) && isTexts(Object.values(value));
}

function oneOf(...allowed: readonly string[]): WidgetProp["fits"] {
  return (value) => typeof value === "string" && allowed.includes(value);
}

/** A layout may write a number as text, with a unit behind it. */
function within(least: number, most: number): WidgetProp["fits"] {
  return (value) => {
    const number = typeof value === "string" ? Number.parseFloat(value) : value;
    return typeof number === "number" && number >= least && number <= most;
  };
}

import type { WidgetSpec } from "./widgets.ts";

/** A prop that a cell of a layout document may have, beside `component` and its widths or under `props`. */
export interface WidgetProp {
  readonly name: string;
  readonly kinds: readonly WidgetSpec["kind"][];
  /** What it may be. */
  readonly values: string;
  /** What holds without it. */
  readonly otherwise: string;
}

export const WIDGET_PROPS: readonly WidgetProp[] = [
  {
    name: "title",
    kinds: ["stat", "chart", "breakdown", "map", "records", "text"],
    values: "a text",
    otherwise: "the widget's name in the reader's language",
  },
  {
    name: "compactThreshold",
    kinds: ["stat"],
    values: "a number from 1; figures from there on are shortened",
    otherwise: "1000000",
  },
  {
    name: "chartType",
    kinds: ["chart"],
    values: "`bar`, `line` or `area`: how it is drawn at first",
    otherwise: "as said above",
  },
  {
    name: "display_subcounts",
    kinds: ["chart"],
    values: "a list of breakdowns (or a mapping with them as keys) that its menu offers, in this order",
    otherwise: "those of the page",
  },
  {
    name: "maxSeries",
    kinds: ["chart"],
    values: "a number from 1 to 50: values of a breakdown with a series of their own",
    otherwise: "5",
  },
  { name: "height", kinds: ["chart"], values: "a number from 100 to 2000: pixels", otherwise: "by the room it has" },
  {
    name: "pageSize",
    kinds: ["breakdown"],
    values: "a number from 1 to 100: values listed before the rest is summed up",
    otherwise: "10",
  },
  { name: "pageSize", kinds: ["records"], values: "a number from 1 to 50: records listed", otherwise: "6" },
  {
    name: "available_views",
    kinds: ["breakdown"],
    values: "a list of `list` and `pie`; the list is always there",
    otherwise: "both, where parts make up a whole",
  },
  { name: "default_view", kinds: ["breakdown"], values: "`list` or `pie`", otherwise: "`list`" },
  { name: "metric", kinds: ["map"], values: "`views` or `downloads`: what it shows at first", otherwise: "`views`" },
  {
    name: "useSnapshot",
    kinds: ["map"],
    values: "`false`: use in the period instead of all use up to its last day",
    otherwise: "`true`",
  },
  { name: "text", kinds: ["text"], values: "a text; an empty line begins a paragraph", otherwise: "`content`" },
  { name: "content", kinds: ["text"], values: "the same under its older name", otherwise: "nothing" },
];

import { parseDay, type DayRange } from "@community-stats/contract/days.ts";
import { GRANULARITIES, type Granularity } from "@community-stats/contract/series.ts";
import { COMPARISONS, type Comparison } from "./comparison.ts";
import {
  defaultPreset,
  firstAllowed,
  fitsGranularity,
  presetNamed,
  presetRange,
  type Bounds,
} from "@community-stats/contract/presets.ts";

export type RangeChoice = { readonly kind: "preset"; readonly name: string } | ({ readonly kind: "custom" } & DayRange);

/** One value of a breakdown that narrows the page. */
export interface Filter {
  readonly breakdown: string;
  readonly value: string;
}

/** What a reader chose inside one widget: metric, by, draw, view, table, hidden. */
export type WidgetChoices = Readonly<Record<string, string>>;

/** Everything of a page that can be shared. The scope is the path. */
export interface PageState {
  readonly tab: string | null;
  readonly range: RangeChoice;
  readonly granularity: Granularity;
  readonly comparison: Comparison;
  readonly filter: Filter | null;
  /** By id of the widget; ids are `tab.Component`, then `.2` and so on for repeated ones. */
  readonly widgets: Readonly<Record<string, WidgetChoices>>;
}

export interface StateDefaults {
  readonly granularity: Granularity;
  readonly comparison: Comparison;
  readonly rangeOptions: Readonly<Partial<Record<Granularity, string>>>;
  /** The value that the page is about; it does not stand in the query. */
  readonly filter?: Filter | null;
  /** The breakdowns that there are; a filter by any other is dropped. Without a list, all are taken. */
  readonly breakdowns?: readonly string[];
}

const WIDGET_KEY = /^w\.(.+)\.([a-z]+)$/;
const FILTER_KEY = "only";

function defaultRange(granularity: Granularity, defaults: StateDefaults): RangeChoice {
  return { kind: "preset", name: defaultPreset(granularity, defaults.rangeOptions).name };
}

/** Reads the query of an address. What cannot be read falls back to the default, never to an error. */
export function parseState(search: string, defaults: StateDefaults): PageState {
  const query = new URLSearchParams(search);
  const granularity = oneOf(GRANULARITIES, query.get("by")) ?? defaults.granularity;
  return {
    tab: query.get("tab"),
    granularity,
    range: parseRange(query.get("range")) ?? defaultRange(granularity, defaults),
    comparison: oneOf(COMPARISONS, query.get("compare")) ?? defaults.comparison,
    filter: defaults.filter ?? parseFilter(query.get(FILTER_KEY), defaults.breakdowns),
    widgets: parseWidgets(query),
  };
}

/** The query that `parseState` reads back; only what differs from the defaults, in a fixed order. Foreign parameters stay. */
export function formatState(state: PageState, defaults: StateDefaults, search = ""): string {
  const query = new URLSearchParams(search);
  for (const key of new Set(query.keys())) if (isOurs(key)) query.delete(key);
  if (state.tab !== null) query.set("tab", state.tab);
  const range = formatRange(state.range);
  if (range !== formatRange(defaultRange(state.granularity, defaults))) query.set("range", range);
  if (state.granularity !== defaults.granularity) query.set("by", state.granularity);
  if (state.comparison !== defaults.comparison) query.set("compare", state.comparison);
  if (state.filter !== null && !defaults.filter)
    query.set(FILTER_KEY, `${state.filter.breakdown}:${state.filter.value}`);
  for (const [id, choices] of sorted(state.widgets)) {
    for (const [name, value] of sorted(choices)) query.set(`w.${id}.${name}`, value);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function isOurs(key: string): boolean {
  return ["tab", "range", "by", "compare", FILTER_KEY].includes(key) || WIDGET_KEY.test(key);
}

function sorted<T>(entries: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function oneOf<T extends string>(allowed: readonly T[], text: string | null): T | null {
  return allowed.find((value) => value === text) ?? null;
}

function parseRange(text: string | null): RangeChoice | null {
  if (text === null) return null;
  if (presetNamed(text) !== undefined) return { kind: "preset", name: text };
  const [from, to, ...rest] = text.split("..").map(parseDay);
  if (from === undefined || to === undefined || from === null || to === null || rest.length > 0) return null;
  return from <= to ? { kind: "custom", from, to } : null;
}

function formatRange(range: RangeChoice): string {
  return range.kind === "preset" ? range.name : `${range.from}..${range.to}`;
}

function parseFilter(text: string | null, breakdowns: readonly string[] | undefined): Filter | null {
  const colon = text?.indexOf(":") ?? -1;
  if (text === null || colon < 1 || colon === text.length - 1) return null;
  const breakdown = text.slice(0, colon);
  return breakdowns?.includes(breakdown) === false ? null : { breakdown, value: text.slice(colon + 1) };
}

function parseWidgets(query: URLSearchParams): PageState["widgets"] {
  const widgets: Record<string, Record<string, string>> = {};
  for (const [key, value] of query) {
    const match = WIDGET_KEY.exec(key);
    const id = match?.[1];
    const name = match?.[2];
    if (id === undefined || name === undefined) continue;
    widgets[id] = { ...widgets[id], [name]: value };
  }
  return widgets;
}

/** The days of the chosen range: nothing after today, nothing before the configured years. */
export function resolveRange(choice: RangeChoice, bounds: Bounds): DayRange {
  if (choice.kind === "preset") {
    const preset = presetNamed(choice.name);
    if (preset !== undefined) return presetRange(preset, bounds);
  }
  const first = firstAllowed(bounds);
  const asked = choice.kind === "custom" ? choice : { from: first, to: bounds.today };
  const to = asked.to > bounds.today ? bounds.today : asked.to;
  const from = asked.from < first ? first : asked.from;
  return from <= to ? { from, to } : { from: to < first ? first : to, to: to < first ? first : to };
}

/** Another granularity keeps the range where it is offered there or was chosen by days; otherwise its own default. */
export function withGranularity(state: PageState, granularity: Granularity, defaults: StateDefaults): PageState {
  const { range } = state;
  const keeps = range.kind === "custom" || fitsGranularity(range.name, granularity);
  return { ...state, granularity, range: keeps ? range : defaultRange(granularity, defaults) };
}

/** A choice of null goes back to the widget's own default and leaves the address. */
export function withChoice(state: PageState, id: string, choice: Readonly<Record<string, string | null>>): PageState {
  const merged = Object.entries({ ...state.widgets[id], ...choice }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  const { [id]: _, ...others } = state.widgets;
  return { ...state, widgets: merged.length === 0 ? others : { ...others, [id]: Object.fromEntries(merged) } };
}

import { breakdownSplitting, MAP_SPLITTING, mapData, widgetRequest, type AskingPage } from "./asking.ts";
import type { Breakdown } from "./breakdowns.ts";
import { daily, needsDays, otherRequest, YEAR_SHIFT_DAYS } from "./other-period.ts";
import { resolveLayout, type LayoutCell, type LayoutDocument } from "./layout.ts";
import { defaultPreset, presetRange, type Bounds } from "./presets.ts";
import { recordListRequest, type RecordListRequest } from "./record-list.ts";
import type { ColumnsAnswer, ColumnsRequest, Granularity } from "./series.ts";
import { valueOrderRequest } from "./value-order.ts";
import { WIDGETS } from "./widgets.ts";

/** What a page shows before anybody has chosen anything. */
export interface FirstPage {
  readonly scope: string;
  readonly layout: LayoutDocument;
  readonly granularity: Granularity;
  /** First range of each granularity, by the name of its preset. */
  readonly rangeOptions: Readonly<Partial<Record<Granularity, string>>>;
  readonly bounds: Bounds;
  /** Those that the numbers are counted by. */
  readonly breakdowns: readonly Breakdown[];
}

/** A question of a page's first view, and whether the widget asks about the year before as well. */
export interface FirstQuestion {
  readonly request: ColumnsRequest;
  readonly compared: boolean;
}

/**
 * Every question about series that the widgets of all tabs of a layout ask when nobody has chosen anything, each once, in the order of the
 * layout. The server keeps these answers ready; the dashboard asks by the same functions.
 */
export function firstQuestions(first: FirstPage): readonly FirstQuestion[] {
  const page = askingPage(first);
  const byText = new Map<string, FirstQuestion>();
  for (const question of cellsOf(first).flatMap((cell) => questionsOf(cell, page, first.breakdowns))) {
    const text = JSON.stringify(question.request);
    byText.set(text, { ...question, compared: question.compared || byText.get(text)?.compared === true });
  }
  return [...byText.values()];
}

/** As `firstQuestions`, the lists of records. */
export function firstRecordLists(first: FirstPage): readonly RecordListRequest[] {
  const page = askingPage(first);
  const lists = cellsOf(first).flatMap(({ component, props }) => {
    const spec = WIDGETS.get(component);
    return spec?.kind === "records" ? [recordListRequest(page, spec, props)] : [];
  });
  return [...new Map(lists.map((list) => [JSON.stringify(list), list])).values()];
}

function askingPage({ scope, granularity, rangeOptions, bounds }: FirstPage): AskingPage {
  const range = presetRange(defaultPreset(granularity, rangeOptions), bounds);
  return { scope, granularity, range, today: bounds.today };
}

function cellsOf({ layout }: FirstPage): readonly LayoutCell[] {
  return resolveLayout(layout).tabs.flatMap((tab) => tab.rows.flatMap((row) => row.cells));
}

function questionsOf(
  { component, props }: LayoutCell,
  page: AskingPage,
  breakdowns: readonly Breakdown[],
): readonly FirstQuestion[] {
  const spec = WIDGETS.get(component);
  switch (spec?.kind) {
    case "stat":
      return [{ request: widgetRequest(page, spec.data, { breakdown: null }), compared: true }];
    case "chart":
      return spec.metrics.slice(0, 1).map((data) => ({
        request: widgetRequest(page, data, { breakdown: null }),
        compared: true,
      }));
    case "breakdown":
      return [
        widgetRequest(page, spec.data, breakdownSplitting(spec, props)),
        ...(props["default_view"] === "pie" ? [colourQuestion(page, spec.breakdown, breakdowns)] : []),
      ].map((request) => ({ request, compared: false }));
    case "map":
      return [{ request: widgetRequest(page, mapData(spec, props), MAP_SPLITTING), compared: false }];
    case "records":
    case "control":
    case "text":
    case undefined:
      return [];
  }
}

/** A card that begins as a ring gives its values colours, unless its numbers turn out to suit a list only. */
function colourQuestion(page: AskingPage, breakdown: string, breakdowns: readonly Breakdown[]): ColumnsRequest {
  const known = breakdowns.find(({ name }) => name === breakdown);
  return valueOrderRequest(page, { breakdown, ofRecords: known?.records !== null });
}

/** What a widget asks about the year before once it has its answer; null where it asks nothing. */
export function yearBefore({ request, compared }: FirstQuestion, answer: ColumnsAnswer): ColumnsRequest | null {
  return compared ? otherRequest(request, answer, YEAR_SHIFT_DAYS) : null;
}

/** What it asks when it has both answers: the days of both, where their sums cannot be compared. */
export function daysOfBoth(
  asked: { readonly request: ColumnsRequest; readonly before: ColumnsRequest },
  answers: { readonly current: ColumnsAnswer; readonly before: ColumnsAnswer },
): readonly ColumnsRequest[] {
  return needsDays(answers.current, answers.before, YEAR_SHIFT_DAYS) ? [daily(asked.request), daily(asked.before)] : [];
}

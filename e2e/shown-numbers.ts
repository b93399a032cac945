import { breakdownSplitting, MAP_SPLITTING, mapData, widgetRequest } from "@community-stats/contract/asking.ts";
import { addressedRequest } from "@community-stats/contract/columns-address.ts";
import { parseDay, type Day } from "@community-stats/contract/days.ts";
import type { LayoutTab } from "@community-stats/contract/layout.ts";
import type { RecordListAnswer } from "@community-stats/contract/records.ts";
import type { ColumnsAnswer, ColumnsRequest } from "@community-stats/contract/series.ts";
import { WIDGETS, type WidgetSpec } from "@community-stats/contract/widgets.ts";
import type { Page } from "playwright-core";

/** Numbers of one widget by what they belong to: a value, a record, or "total". */
export interface Shown {
  readonly widget: string;
  readonly numbers: Readonly<Record<string, number>>;
}

export interface Asking {
  readonly origin: string;
  readonly from: string;
  readonly to: string;
  /** The tab that the widgets stand in. */
  readonly tab: LayoutTab;
}

/** What the widgets of a page show, in their order; those that show no number are left out. */
export async function shownNumbers(page: Page): Promise<readonly Shown[]> {
  const shown = await page.locator("[data-widget]").evaluateAll((elements) =>
    elements.map((element) => {
      const read = (parts: string, number: string): [string, number][] =>
        [...element.querySelectorAll(parts)].map((part) => [
          part.getAttribute("data-key") ?? "total",
          Number((part.matches(number) ? part : part.querySelector(number))?.getAttribute("data-value")),
        ]);
      const said = element.querySelector(".chart .says b")?.textContent ?? null;
      return {
        widget: element.getAttribute("data-widget") ?? "",
        numbers: Object.fromEntries([
          ...read(".figure", ".figure"),
          ...read(".row[data-key^='value:'], .donut-key [data-key^='value:'], .works [data-key]", ".v"),
          ...(said === null ? [] : [["total", Number(said.replace(/\D/g, ""))]]),
        ]),
      };
    }),
  );
  return shown.filter(({ numbers }) => Object.keys(numbers).length > 0);
}

const answers = new Map<string, Promise<unknown>>();

/** The same numbers as the API has them: of what the widget shows, no more. */
export async function askedNumbers({ widget, numbers }: Shown, asking: Asking): Promise<Shown> {
  const spec = WIDGETS.get(widget);
  if (spec === undefined) throw new Error(`${widget} shows numbers and is no widget.`);
  const cell = asking.tab.rows.flatMap(({ cells }) => cells).find(({ component }) => component === widget);
  const all = await numbersOf(spec, cell?.props ?? {}, asking);
  return { widget, numbers: Object.fromEntries(Object.keys(numbers).map((key) => [key, all.get(key) ?? Number.NaN])) };
}

type Props = Readonly<Record<string, unknown>>;

async function numbersOf(spec: WidgetSpec, props: Props, asking: Asking): Promise<ReadonlyMap<string, number>> {
  if (spec.kind === "records") {
    const { metric } = spec.data;
    const name = metric === "downloads" ? "most-downloaded-records" : "most-viewed-records";
    const query = { start_date: asking.from, end_date: asking.to, limit: "50" };
    const { records } = await answer<RecordListAnswer>(asking, name, Object.entries(query));
    return new Map(records.map(({ record, metrics }) => [record, metrics[metric === "downloads" ? metric : "views"]]));
  }
  const request = requestOf(spec, props, asking);
  if (request === null) return new Map();
  const { query, parameters } = addressedRequest(request);
  const { series } = await answer<ColumnsAnswer>(asking, query, parameters);
  const [metric = ""] = request.metrics;
  return new Map(
    series.map(({ kind, id, totals }) => [kind === "value" ? `value:${id}` : kind, totals[metric] ?? Number.NaN]),
  );
}

const MANY_VALUES = { pageSize: 100 };

function requestOf(spec: WidgetSpec, props: Props, { from, to }: Asking): ColumnsRequest | null {
  const page = {
    scope: "global",
    granularity: "month",
    range: { from: day(from), to: day(to) },
    today: LATER,
  } as const;
  const totals = { shape: "totals" } as const;
  switch (spec.kind) {
    case "stat":
      return { ...widgetRequest(page, spec.data, { breakdown: null }), ...totals };
    case "chart": {
      const [first] = spec.metrics;
      return first === undefined ? null : { ...widgetRequest(page, first, { breakdown: null }), ...totals };
    }
    case "breakdown":
      return { ...widgetRequest(page, spec.data, breakdownSplitting(spec, MANY_VALUES)), ...totals };
    case "map":
      return { ...widgetRequest(page, mapData(spec, props), MAP_SPLITTING), ...totals };
    default:
      return null;
  }
}

function answer<Answer>({ origin }: Asking, query: string, parameters: Iterable<readonly [string, string]>) {
  const url = `${origin}/api/stats-dashboard/${query}?${new URLSearchParams(Object.fromEntries(parameters))}`;
  const asked = answers.get(url) ?? fetch(url).then((response) => response.json());
  answers.set(url, asked);
  return asked as Promise<Answer>;
}

function day(text: string): Day {
  const parsed = parseDay(text);
  if (parsed === null) throw new RangeError(`"${text}" is not a day.`);
  return parsed;
}

/** The range does not end today. */
const LATER = day("2099-01-01");

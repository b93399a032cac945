import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { parseDay, type Day } from "@community-stats/contract/days.ts";
import type { PageConfig } from "@community-stats/contract/page.ts";
import type { ColumnsAnswer } from "@community-stats/contract/series.ts";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, renderHook, screen, waitFor, within } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { pageConfig } from "../../test/page-config.ts";
import { withoutLayout } from "../../test/without-layout.ts";
import { answerLocally, ApiError } from "../api/http.ts";
import { inventedAnswer, worldOf } from "../gallery/answer.ts";
import { loadCatalogue } from "../messages/catalogue.ts";
import { createWords, type Words } from "../messages/words.ts";
import { PAGE_ADDRESS } from "../state/address.ts";
import { FilterForm } from "../ui/FilterForm.tsx";
import { App } from "./App.tsx";
import { useStatus } from "./use-service.ts";

const API_BASE = "/numbers";
const NOW = Date.UTC(2026, 10, 22);
/** A busy machine takes its time. */
const PATIENT = { timeout: 10_000 };
const LONG_MS = 30_000;
const layoutOf = (...names: readonly string[]): PageConfig["layout"] => ({
  tabs: [
    { name: "content", label: "Content", rows: [{ name: "r", components: names.map((component) => ({ component })) }] },
  ],
});
const CONFIG = pageConfig({
  repositoryUrl: "https://repository.example",
  layout: layoutOf("SingleStatViews", "ResourceTypesTable"),
  defaultGranularity: "week",
  uiBreakdowns: ["resource_types"],
  apiBase: API_BASE,
  today: "2026-11-22",
  breakdowns: DEFAULT_BREAKDOWNS.map(({ name, records, usage, multiple }) => ({
    name,
    records: records !== null,
    usage: usage !== null,
    several: multiple,
  })),
});

function day(text: string): Day {
  const parsed = parseDay(text);
  if (parsed === null) throw new RangeError(text);
  return parsed;
}

const WORLD = worldOf(day(CONFIG.today));
const invented = (address: URL): unknown => inventedAnswer(address, WORLD);
let words: Words;
let answer: (address: URL) => unknown;
beforeAll(async () => {
  // The page loads it when the button is pressed; here it is there before.
  if (FilterForm === undefined) throw new Error("the form is not loaded");
  withoutLayout();
  words = createWords("en", await loadCatalogue("en"), false);
  answerLocally(API_BASE, (address) => answer(address));
});
beforeEach(() => {
  answer = (address) => invented(address);
  history.replaceState(null, "", "/stats");
});
afterEach(cleanup);

const show = (config: Partial<PageConfig> = {}) =>
  render(<App config={{ ...CONFIG, ...config }} words={words} frame="page" address={PAGE_ADDRESS} now={() => NOW} />);
const refusing = (status: number, code: string) => (address: URL) => {
  if (!address.pathname.includes("category")) return invented(address);
  throw new ApiError(status === 404 ? "notFound" : "status", { status, code });
};

/** An answer in which the values come in another sequence. */
const leastFirst = (found: unknown): unknown => {
  const { series, ...rest } = found as ColumnsAnswer;
  return { ...rest, series: series.toReversed() };
};
const coloursIn = (list: string, name: string): Readonly<Record<string, string | null | undefined>> =>
  Object.fromEntries(
    [...document.querySelectorAll(`${list} li`)].map((item) => [
      item.querySelector(name)?.textContent,
      item.querySelector("rect")?.getAttribute("class"),
    ]),
  );
const toldElement = (): unknown => ({ ...document.querySelector("stats-own-part") });
const printFoot = (): string => document.documentElement.style.getPropertyValue("--cs-print-foot");
const byName = async (name: string): Promise<HTMLElement> => screen.findByLabelText(name, {}, PATIENT);
const linkTo = (text: string): string | null => screen.getByText(text).closest("a")?.getAttribute("href") ?? null;

it(
  "of two choices one right after the other, both are kept and shown",
  async () => {
    show();
    const month = await screen.findByRole("radio", { name: "Month" }, PATIENT);
    const dataset = await byName("Show only Dataset");
    fireEvent.click(month);
    fireEvent.click(dataset);
    expect(location.search).toBe("?by=month&only=resource_types%3Adataset");
    expect(screen.getByRole("radio", { name: "Month", checked: true })).toBeDefined();
    act(() => history.replaceState(null, "", location.pathname));
    fireEvent(window, new PopStateEvent("popstate"));
    expect(await screen.findByRole("radio", { name: "Week", checked: true }, PATIENT)).toBeDefined();
  },
  LONG_MS,
);

it(
  "a value becomes the page's filter, by its name, and goes again",
  async () => {
    show();
    fireEvent.click(await byName("Show only Dataset"));
    const chip = within(await byName("Filters"));
    expect(await chip.findByText("Dataset", {}, PATIENT)).toBeDefined();
    expect(location.search).toBe("?only=resource_types%3Adataset");
    expect(linkTo("Its own page")).toBe("/stats/value/resource_types/dataset");
    expect(await screen.findByText(/^Only Resource type: Dataset\. [\d,]+ /, {}, PATIENT)).toBeDefined();
    fireEvent.click(await byName("Remove filter: Resource type Dataset"));
    expect(location.search).toBe("");
    expect(await screen.findByText(/^The filter is removed\. [\d,]+ /, {}, PATIENT)).toBeDefined();
  },
  LONG_MS,
);

it.each([
  ["the order of the values", "shape=totals"],
  ["the numbers", "shape=columns"],
])(
  "values have the same colours in every picture, by their order, also where %s comes last",
  async (_, late) => {
    const early = Promise.withResolvers<void>();
    answer = async (address) => {
      if (address.search.includes(late)) await early.promise;
      else if (address.search.includes("shape=")) early.resolve();
      const found = invented(address);
      return address.search.includes("shape=totals") ? leastFirst(found) : found;
    };
    const at = "w.content.StatsChart.by=resource_types&w.content.ResourceTypesTable.view=pie";
    history.replaceState(null, "", `/stats?${at}`);
    show({ layout: layoutOf("StatsChart", "ResourceTypesTable") });
    const colours = { Report: "fill-8", Dataset: "fill-7", "Journal article": "fill-6", "Other work": "fill-5" };
    await waitFor(() => expect(coloursIn(".legend", ".key-name")).toMatchObject(colours), PATIENT);
    await waitFor(() => expect(coloursIn(".donut-key", ".k")).toMatchObject(colours), PATIENT);
  },
  LONG_MS,
);

it(
  "an element that the page around defines is drawn, and told what the page is about",
  async () => {
    show({ layout: layoutOf("Text", "stats-own-part") });
    expect(await screen.findByText("The page around defines no element “stats-own-part”.", {}, PATIENT)).toBeDefined();
    customElements.define("stats-own-part", class extends HTMLElement {});
    const context = { scope: "global", granularity: "week", to: "2026-11-21", filter: null, locale: "en" };
    await waitFor(() => expect(toldElement()).toMatchObject({ context, settings: {} }), PATIENT);
    fireEvent.click(screen.getByRole("radio", { name: "Month" }));
    await waitFor(() => expect(toldElement()).toMatchObject({ context: { granularity: "month" } }), PATIENT);
  },
  LONG_MS,
);

it(
  "on paper it tells where the numbers are from, at the foot of every sheet, too",
  async () => {
    show();
    await byName("Show only Dataset");
    fireEvent(window, new Event("beforeprint"));
    expect(screen.getByText(location.href)).toBeDefined();
    expect(printFoot()).toMatch(/^"Statistics · Whole repository · Complete to 21 Nov 2026 · rules \w+"$/);
    fireEvent(window, new Event("afterprint"));
    expect(printFoot()).toBe("");
  },
  LONG_MS,
);

it(
  "any value of any breakdown is found behind the filter button",
  async () => {
    show();
    fireEvent.click(await screen.findByText("Filter", {}, PATIENT));
    fireEvent.change(await byName("Filter by"), { target: { value: "languages" } });
    fireEvent.change(await byName("Find a value"), { target: { value: "fren" } });
    const found = await screen.findByText("French", {}, PATIENT);
    expect(screen.queryByText("Spanish")).toBeNull();
    fireEvent.click(found);
    expect(location.search).toBe("?only=languages%3Afra");
  },
  LONG_MS,
);

it(
  "the page about a value shows its numbers only, and has no filter to take away",
  async () => {
    const asked: string[] = [];
    answer = (address) => {
      if (address.pathname.includes("category")) asked.push(address.search);
      return invented(address);
    };
    show({
      value: { breakdown: "resource_types", id: "dataset", label: { en: "Dataset" } },
      layout: layoutOf("SingleStatViews"),
    });
    expect(await screen.findByText("Dataset", { selector: ".value-name" }, PATIENT)).toBeDefined();
    await waitFor(() => expect(asked.length).toBeGreaterThan(0), PATIENT);
    expect(
      asked.every((query) => query.includes("breakdowns=resource_types") && query.includes("values=dataset")),
    ).toBe(true);
    expect([screen.queryByLabelText("Filters"), screen.queryByText("Filter")]).toEqual([null, null]);
    expect(linkTo("Its records in the repository")).toContain("/search?");
    expect(location.search).toBe("");
  },
  LONG_MS,
);

it.each([
  [404, "UNKNOWN_COMMUNITY", "There is nothing to show at this address"],
  [403, "STATISTICS_OFF", "They are off."],
])(
  "a refusal %i %s of the whole scope is told once, not in every part",
  async (status, code, expected) => {
    answer = refusing(status, code);
    show();
    expect(await screen.findByText(expected, {}, PATIENT)).toBeDefined();
    expect(document.querySelector("[role=alert]")).toBeNull();
  },
  LONG_MS,
);

it(
  "shows how far the first calculation has come, and for how long it goes on",
  async () => {
    const startedAt = new Date(NOW - 600_000).toISOString();
    const running = { startedAt, firstRun: true, step: "usage", done: 3, total: 4, countedTo: "2024-03-14" };
    answer = (address) =>
      address.pathname.endsWith("/status")
        ? { asOf: null, updatedAt: null, ruleVersion: "", running, generated: false }
        : invented(address);
    show();
    expect(await screen.findByText("3 of 4 · about 3 min left", {}, PATIENT)).toBeDefined();
    expect((await byName("Counted to 14 Mar 2024")).getAttribute("aria-valuenow")).toBe("75");
  },
  LONG_MS,
);

const statusAt = (updatedAt: string): unknown => ({
  asOf: "2026-11-21",
  updatedAt,
  ruleVersion: "1",
  running: null,
  generated: false,
});

it("asks again for what the page has when newer numbers are there", async () => {
  const client = new QueryClient();
  answer = () => statusAt("2026-11-22T01:00:00Z");
  client.setQueryData(["columns", "x"], 1);
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => useStatus(API_BASE), { wrapper });
  await waitFor(() => expect(result.current?.updatedAt).toBe("2026-11-22T01:00:00Z"), PATIENT);
  expect(client.getQueryState(["columns", "x"])?.isInvalidated).toBe(false);
  act(() => void client.setQueryData(["status", API_BASE], statusAt("2026-11-22T02:00:00Z")));
  await waitFor(() => expect(client.getQueryState(["columns", "x"])?.isInvalidated).toBe(true), PATIENT);
});

it("shows the fiscal year that its configuration begins in July", () => {
  const defaultRangeOptions = { ...CONFIG.defaultRangeOptions, week: "fiscalYearToDate" };
  show({ fiscalYearStart: 7, defaultRangeOptions, layout: layoutOf("SingleStatViews") });
  const button = screen.getByRole("button", { name: /^Fiscal year to date/ });
  expect(button.textContent).toContain("1 Jul – 22 Nov 2026");
});

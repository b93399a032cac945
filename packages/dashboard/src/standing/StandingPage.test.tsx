import type { PageConfig } from "@community-stats/contract/page.ts";
import type { AggregationStanding, ScopeStanding, StandingAnswer } from "@community-stats/contract/standing.ts";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { pageConfig } from "../../test/page-config.ts";
import { answerLocally } from "../api/http.ts";
import { PageParts } from "../layout/App.tsx";
import { loadCatalogue } from "../messages/catalogue.ts";
import { createWords, type Words } from "../messages/words.ts";
import { PAGE_ADDRESS } from "../state/address.ts";
import { StandingPage } from "./StandingPage.tsx";
import { verdictOf } from "./verdict.ts";

const NOW = Date.UTC(2026, 10, 26, 12);
const API_BASE = "/standing-numbers";
const COUNTED: AggregationStanding = {
  aggregation: "usage",
  firstDay: "2026-01-01",
  lastDay: "2026-11-26",
  bookmark: "2026-11-25",
  days: 330,
  missingDays: 0,
  age: 1,
  covered: 1,
  waitingDays: 0,
  isWaiting: false,
  lastRun: { state: "done", startedAt: "2026-11-26T00:40:00Z", endedAt: "2026-11-26T00:41:00Z" },
  failed: false,
};
const NEVER: AggregationStanding = { ...COUNTED, firstDay: null, lastDay: null, bookmark: null, age: null, days: 0 };

const scope = (title: string, ...aggregations: readonly AggregationStanding[]): ScopeStanding => ({
  id: title.toLowerCase(),
  slug: title.toLowerCase(),
  title,
  aggregations,
});
const records = (change: Partial<AggregationStanding> = {}): AggregationStanding => ({
  ...COUNTED,
  aggregation: "records-added",
  ...change,
});
const GLOBAL: ScopeStanding = { id: "global", slug: null, title: null, aggregations: [COUNTED, records()] };

const CONFIG = pageConfig({ apiBase: API_BASE });

let words: Words;
let answer: StandingAnswer;
let asked: (string | null)[];
beforeAll(async () => {
  words = createWords("en", await loadCatalogue("en"), false);
  answerLocally(API_BASE, ({ searchParams }) => {
    asked.push(searchParams.get("scopes"));
    return answer;
  });
});
beforeEach(() => {
  asked = [];
  answer = {
    asOf: "2026-11-25",
    updatedAt: "2026-11-26T00:41:00Z",
    ruleVersion: "0123456789abcdef",
    running: null,
    generated: false,
    scopes: [GLOBAL],
  };
});
afterEach(cleanup);

function show(config: Partial<PageConfig> = {}): void {
  render(
    <PageParts config={{ ...CONFIG, ...config }} words={words} address={PAGE_ADDRESS} now={() => NOW}>
      <StandingPage frame="page" />
    </PageParts>,
  );
}

it.each([
  ["/stats/how-we-count", "/stats/how-we-count?lang=en"],
  ["https://example.org/help?page=2", "https://example.org/help?page=2"],
])("leads to %s in the language read here, where that page is ours", (helpUrl, href) => {
  show({ helpUrl });
  expect(screen.getByRole("link", { name: "How we count" }).getAttribute("href")).toBe(href);
});

const textsOf = (row: HTMLElement): readonly (string | null)[] =>
  [...row.querySelectorAll("th, td")].map(({ textContent }) => textContent);
const rowsOf = async (name: string): Promise<readonly (readonly (string | null)[])[]> => {
  const table = await screen.findByRole("table", { name });
  return within(table).getAllByRole("row").slice(1).map(textsOf);
};

it.each<[string, string | null, Partial<AggregationStanding>]>([
  ["Up to date", "good", {}],
  ["Up to date", "good", { age: 2 }],
  ["2 days behind", "late", { age: 3 }],
  ["Records wait", "late", { isWaiting: true }],
  ["1,200 days wait", "late", { isWaiting: true, waitingDays: 1200, age: 9 }],
  ["3 days missing", "bad", { missingDays: 3, waitingDays: 4 }],
  ["Could not be counted", "bad", { failed: true, missingDays: 3 }],
  ["No complete day", "late", { age: null }],
  ["Nothing yet", null, { ...NEVER }],
  ["1 day waits", "late", { ...NEVER, waitingDays: 1, isWaiting: true }],
])("says %s", (text, tone, change) => {
  expect(verdictOf(words, { ...COUNTED, ...change })).toEqual({ text, tone });
});

it("tells of each kind how far it goes, and under which rules", async () => {
  answer = { ...answer, scopes: [{ ...GLOBAL, aggregations: [COUNTED, records({ failed: true, lastRun: null })] }] };
  show();
  const [use, added] = await rowsOf("Kinds of numbers: Whole repository");
  expect(use?.slice(0, -1)).toEqual([
    "Use",
    "Up to date",
    "25 Nov 2026",
    "1",
    "1 Jan 2026",
    "26 Nov 2026",
    "330",
    "0",
    "0",
  ]);
  expect(use?.at(-1)).toMatch(/^\d\d:41, done$/);
  expect([added?.[1], added?.at(-1)]).toEqual(["Could not be counted", "–"]);
  expect(screen.getByText(/command community-stats status/)).toBeDefined();
  expect(screen.getByText(/rule version 0123456789ab\./)).toBeDefined();
});

it("tells of each community what must be known first, sorted as the reader likes, and leads to its page", async () => {
  const late = records({ bookmark: "2026-11-20", age: 6 });
  answer = { ...answer, scopes: [GLOBAL, scope("Alpha", COUNTED, records()), scope("Beta", COUNTED, late)] };
  show();
  const whole = await rowsOf("Communities");
  expect(whole.map(([name, state, use, held]) => [name, state, use, held])).toEqual([
    ["Alpha", "Up to date", "25 Nov 2026", "25 Nov 2026"],
    ["Beta", "5 days behind", "25 Nov 2026", "20 Nov 2026"],
  ]);
  expect(asked).toContain("all");
  const table = screen.getByRole("table", { name: "Communities" });
  fireEvent.click(within(table).getByRole("button", { name: "State" }));
  fireEvent.click(within(table).getByRole("button", { name: /State/ }));
  expect((await rowsOf("Communities")).map(([name]) => name)).toEqual(["Beta", "Alpha"]);
  expect(screen.getByRole("link", { name: "Beta" }).getAttribute("href")).toBe("/communities/beta/stats/status");
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: "alp" } });
  expect((await rowsOf("Communities")).map(([name]) => name)).toEqual(["Alpha"]);
  expect(screen.getByText("1 community")).toBeDefined();
});

it("shows the first of very many, in the order of the reader", async () => {
  const many = Array.from({ length: 205 }, (_, index) => scope(`C${index + 100}`, COUNTED));
  answer = { ...answer, scopes: [GLOBAL, ...many] };
  show();
  expect(await rowsOf("Communities")).toHaveLength(200);
  expect(screen.getByText("The first 200 of 205 communities")).toBeDefined();
  const table = screen.getByRole("table", { name: "Communities" });
  fireEvent.click(within(table).getByRole("button", { name: "Scope" }));
  fireEvent.click(within(table).getByRole("button", { name: /Scope/ }));
  expect((await rowsOf("Communities"))[0]?.[0]).toBe("C304");
});

it("asks of a community's page for that community only, and shows a run that goes on", async () => {
  const running = {
    startedAt: "2026-11-26T11:59:00Z",
    firstRun: false,
    step: "use",
    done: 1,
    total: 4,
    countedTo: null,
  };
  answer = { ...answer, running, scopes: [scope("Alpha", COUNTED)] };
  show({ dashboardType: "community", scope: "alpha", slug: "alpha", scopeTitle: "Alpha" });
  expect(await rowsOf("Kinds of numbers: Alpha")).toHaveLength(1);
  expect(screen.getByRole("progressbar", { name: "Counting: use" }).getAttribute("aria-valuenow")).toBe("25");
  expect([...new Set(asked)].toSorted()).toEqual(["alpha", null].toSorted());
  expect(screen.queryByRole("table", { name: "Communities" })).toBeNull();
  expect(screen.getByRole("link", { name: "Alpha" }).getAttribute("href")).toBe("/communities/alpha/stats");
});

it("says where statistics are switched off", () => {
  show({ enabled: false });
  expect(screen.getByText("Statistics are switched off here")).toBeDefined();
  expect(asked).toEqual([]);
});

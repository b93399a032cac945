import type { RecordDelta, RecordSnapshot, UsageDelta } from "@community-stats/contract/documents.ts";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FIRST_DAY } from "./demonstration.ts";
import {
  complaints,
  open,
  FEW_SCREENS,
  SCREENS,
  settled,
  shoot,
  startService,
  turnTo,
  watched,
  type Started,
} from "./harness.ts";

const DEMO_MS = 360_000;
const WIDE = { width: 1280, theme: "light" } as const;
const RANGE = { from: "2026-01-01", to: "2026-06-30" };
const QUERY = `?range=${RANGE.from}..${RANGE.to}&by=month`;

let service: Started;
beforeAll(async () => {
  service = await startService();
}, DEMO_MS);
afterAll(async () => service?.stop());

async function read<Document>(query: string): Promise<readonly Document[]> {
  const { from, to } = RANGE;
  return JSON.parse(
    await service.command("read", "--query-type", query, "--start-date", from, "--end-date", to, "--json"),
  );
}

async function figure(page: Page, widget: string): Promise<number> {
  return exact(page.locator(`[data-widget=${widget}] .figure`));
}

async function exact(locator: Locator): Promise<number> {
  return Number(await locator.getAttribute("data-value"));
}

describe("numbers on screen are those of `read --json`", () => {
  let page: Page;
  beforeAll(async () => {
    page = await open(service.browser, `${service.origin}/stats${QUERY}`, WIDE);
  });

  it("figures of use", async () => {
    const days = await read<UsageDelta>("community-usage-delta");
    const views = days.reduce((sum, { totals }) => sum + totals.view.total_events, 0);
    const downloads = days.reduce((sum, { totals }) => sum + totals.download.total_events, 0);
    expect(views).toBeGreaterThan(0);
    expect(await figure(page, "SingleStatViews")).toBe(views);
    expect(await figure(page, "SingleStatDownloads")).toBe(downloads);
  });

  it("figure of records: added less removed", async () => {
    const days = await read<RecordDelta>("community-record-delta-added");
    const sum = (part: "added" | "removed"): number =>
      days.reduce((total, { records }) => total + records[part].metadata_only + records[part].with_files, 0);
    expect(await figure(page, "SingleStatRecordCount")).toBe(sum("added") - sum("removed"));
  });

  it("rows of the resource types at the last day", async () => {
    const last = (await read<RecordSnapshot>("community-record-snapshot-added")).at(-1);
    const rows = page.locator("[data-widget=ResourceTypesTable] .row[data-key^='value:']");
    const expected = new Map(
      last?.subcounts["resource_types"]?.map(({ id, records }) => [id, records.metadata_only + records.with_files]),
    );
    expect(await rows.count()).toBeGreaterThan(0);
    for (const row of await rows.all()) {
      const id = (await row.getAttribute("data-key"))?.slice("value:".length) ?? "";
      expect([id, await exact(row.locator(".v"))]).toEqual([id, expected.get(id)]);
    }
  });

  it("the table of the chart adds up to the figure", async () => {
    await page.getByRole("button", { name: "Table" }).first().click();
    const cells = page.locator(".chart tbody tr td[data-value]:nth-child(2)");
    await cells.first().waitFor();
    let sum = 0;
    for (const cell of await cells.all()) sum += await exact(cell);
    expect(sum).toBe(await figure(page, "SingleStatViews"));
  });
});

describe("the page in each width and theme", () => {
  let page: Page;
  beforeAll(async () => {
    page = await open(service.browser, `${service.origin}/stats`, WIDE);
  });

  it.each(SCREENS)("has nothing that axe finds at $width px, $theme", async (screen) => {
    await turnTo(page, screen);
    await shoot(page, `stats-${screen.width}-${screen.theme}`);
    expect(await complaints(page)).toEqual([]);
  });
});

it.each(FEW_SCREENS)("says how it counts, one click away, at $width px, $theme", async (screen) => {
  const page = await open(service.browser, `${service.origin}/stats`, screen);
  await page.getByRole("link", { name: "How we count" }).click();
  await page.getByRole("heading", { level: 1, name: "What each number means" }).waitFor();
  await shoot(page, `how-we-count-${screen.width}-${screen.theme}`);
  expect(await complaints(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(screen.width);
  expect(await page.getByText("generated for demonstration").isVisible()).toBe(true);
  await page.getByRole("link", { name: "Statistics", exact: true }).click();
  await settled(page);
});

it.each(FEW_SCREENS)(
  "tells how far the numbers of each scope go, one click away, at $width px, $theme",
  async (screen) => {
    const page = await open(service.browser, `${service.origin}/stats?by=year`, screen);
    await page.getByRole("link", { name: "Status of the numbers" }).click();
    await settled(page, ".standing tbody tr");
    await shoot(page, `standing-${screen.width}-${screen.theme}`);
    expect(await complaints(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(screen.width);
    const { scopes } = await (await fetch(`${service.origin}/api/stats-dashboard/status?scopes=all`)).json();
    const table = page.getByRole("table", { name: "Communities", exact: true });
    const rows = table.locator("tbody tr");
    expect(await rows.count()).toBe(scopes.length - 1);
    const { title } = scopes.at(-1);
    await page.getByRole("searchbox").fill(title);
    await table.getByRole("link", { name: title, exact: true }).click();
    await page.getByRole("row", { name: /^Use Up to date/ }).waitFor();
    await page.locator("#stats-main").getByRole("link", { name: title, exact: true }).click();
    await settled(page);
    expect(new URL(page.url()).searchParams.get("by")).toBe("year");
  },
);

it("has use from the day on that the demonstration was told", async () => {
  const { facts } = JSON.parse(await service.command("status", "--json"));
  expect(facts.firstEventDay).toBe(FIRST_DAY);
});

it("shows a community, and says that its use is generated", async () => {
  const scopes = await (await fetch(`${service.origin}/api/stats-dashboard/scopes`)).json();
  const slug = scopes[1].slug;
  const page = await open(service.browser, `${service.origin}/communities/${slug}/stats`, WIDE);
  await settled(page);
  expect(await page.locator(".scope").textContent()).toContain(scopes[1].title);
  expect(await page.getByText("Demonstration data").isVisible()).toBe(true);
});

it("a layout is written, its mistake found and corrected, looked at and copied", async () => {
  const context = await service.browser.newContext({ reducedMotion: "reduce" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = watched(await context.newPage());
  await page.goto(`${service.origin}/stats/layout-editor`);
  await settled(page);
  const field = page.getByRole("textbox", { name: "Layout document (JSON)" });
  const selected = () =>
    field.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd));

  await field.fill((await field.inputValue()).replace("StatsChart", "StatMap"));
  await page.getByRole("button", { name: /^Line \d+, column \d+ .*Did you mean “StatsMap”/ }).click();
  expect(await selected()).toBe('"StatMap"');
  await page.keyboard.type('"StatsMap"');
  await page.getByText("Nothing is wrong.").waitFor();
  await settled(page, "[data-widget=StatsMap] path");

  const text = await field.inputValue();
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByText("Copied.").first().waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByText("The text is selected").first().waitFor();
  expect(await selected()).toBe(text);

  await field.fill(text.replace(",", ""));
  await page.getByText("This is the last one that could.").waitFor();
  expect(await page.locator("[data-widget=StatsMap] path").count()).toBeGreaterThan(0);
  for (const screen of FEW_SCREENS) {
    await turnTo(page, screen);
    await shoot(page, `layout-editor-${screen.width}-${screen.theme}`);
    expect(await complaints(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(screen.width);
  }
  await context.close();
});

import { brotliCompressSync, constants } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  complaints,
  open,
  FEW_SCREENS,
  resize,
  SCREENS,
  settled,
  shoot,
  startFixtures,
  turnTo,
  watched,
  type Started,
} from "./harness.ts";

const WIDE = { width: 1440, theme: "light" } as const;

let service: Started;
let page: Page;
beforeAll(async () => {
  service = await startFixtures();
});
afterAll(async () => service?.stop());

async function show(query: string, screen: (typeof SCREENS)[number] = WIDE): Promise<void> {
  page = await open(service.browser, `${service.origin}/stats${query}`, screen);
}

function query(): string {
  return new URL(page.url()).search;
}

/** Presses Tab until what is focused has this name. */
async function tabTo(name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
    });
    if (name.test(focused)) return;
  }
  throw new Error(`Nothing named ${name} can be reached with the Tab key.`);
}

describe("by keyboard alone", () => {
  beforeEach(() => show(""));

  it("reads the chart point by point, its unfinished end and its hole", async () => {
    await tabTo(/^Read the chart week by week$/);
    const slider = page.getByRole("slider");
    expect(await slider.getAttribute("aria-valuetext")).toContain("not finished");
    await page.keyboard.press("ArrowLeft");
    expect(await slider.getAttribute("aria-valuetext")).toMatch(
      /^Week 9–15 Nov 2026: [\d,]+ views; Same week of 2025: [\d,]+$/,
    );
    for (let step = 0; step < 14; step += 1) await page.keyboard.press("ArrowLeft");
    expect(await slider.getAttribute("aria-valuetext")).toBe("Week 3–9 Aug 2026: no data");
    await page.keyboard.press("t");
    await page.locator(".chart table").waitFor();
  });

  it("narrows the page to neighbouring weeks of the chart", async () => {
    await tabTo(/^Read the chart week by week$/);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Shift+ArrowLeft");
    const slider = page.getByRole("slider");
    expect(await slider.getAttribute("aria-valuetext")).toMatch(/^2–15 Nov 2026\. Let go/);
    await page.keyboard.press("Enter");
    await settled(page);
    expect(query()).toBe("?range=2026-11-02..2026-11-15");
    expect(await slider.getAttribute("aria-valuemax")).toBe("2");
  });

  it("chooses a period, and gives the focus back", async () => {
    await tabTo(/^Year to date/);
    await page.keyboard.press("Enter");
    await page.getByLabel("From", { exact: true }).fill("2026-03-01");
    await page.getByLabel("To", { exact: true }).fill("2026-03-31");
    expect(query()).toBe("");
    await page.getByLabel("To", { exact: true }).press("Enter");
    await settled(page);
    expect(query()).toBe("?range=2026-03-01..2026-03-31");
    expect(await page.evaluate(() => document.activeElement?.className)).toContain("period-button");
  });

  it("refuses days that do not exist, in words", async () => {
    await page.locator(".period-button").press("Enter");
    await page.getByLabel("To", { exact: true }).fill("2026-02-30");
    await page.getByLabel("To", { exact: true }).press("Enter");
    expect(await page.getByRole("alert").textContent()).toContain("“2026-02-30” is not a day.");
    expect(query()).toBe("");
  });

  it("breaks the chart down from its menu", async () => {
    await tabTo(/^No breakdown$/);
    await page.keyboard.press("Enter");
    await page.getByRole("menuitemradio", { name: "Resource type" }).press("Enter");
    await settled(page);
    expect(query()).toBe("?w.content.StatsChart.by=resource_types");
    expect(await page.locator(".chart .says").textContent()).toContain("Report leads with");
  });
});

describe("address", () => {
  it("shows again what was chosen, and goes back and forward", async () => {
    await show("");
    await page.getByRole("radio", { name: "Month" }).check({ force: true });
    await page.getByRole("radio", { name: "Downloads" }).check({ force: true });
    await settled(page);
    const chosen = query();
    expect(chosen).toBe("?by=month&w.content.StatsChart.metric=downloads");
    const sentence = await page.locator(".chart .says").textContent();
    await page.goBack();
    expect(query()).toBe("?by=month");
    await page.goForward();
    expect(query()).toBe(chosen);
    await show(chosen);
    expect(await page.locator(".chart .says").textContent()).toBe(sentence);
  });

  it("has the days that were dragged over in the chart", async () => {
    await show("?by=month");
    const box = await page.getByRole("slider").boundingBox();
    if (box === null) throw new Error("The chart has no place.");
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width - 10, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 12, y);
    await page.mouse.up();
    expect(query()).toBe("?by=month");
    await page.mouse.down();
    await page.mouse.move(box.x + 60, y, { steps: 3 });
    await page.mouse.up();
    await settled(page);
    expect(query()).toBe("?range=2026-01-01..2026-11-22&by=month");
  });

  it("narrows the page to a value and back", async () => {
    await show("");
    const before = await page.locator("[data-widget=SingleStatViews] .figure").getAttribute("data-value");
    await page.getByRole("button", { name: "Show only Dataset" }).click();
    await settled(page);
    expect(query()).toBe("?only=resource_types%3Adataset");
    expect(await page.locator("[data-widget=SingleStatViews] .figure").getAttribute("data-value")).not.toBe(before);
    await page.getByRole("button", { name: /^Remove filter/ }).click();
    expect(query()).toBe("");
  });
});

describe("what is not known", () => {
  it("is hatched, named and left out of the comparison", async () => {
    await show("");
    expect(await page.locator(".chart .says").textContent()).toContain("at least: 9 days have no data.");
    expect(await page.locator(".notes").textContent()).toContain("3–11 Aug: no data were collected.");
    expect(await page.locator(".chart .plot svg").textContent()).toContain("no data 3–11 Aug");
  });

  it("fails alone and can be tried again", async () => {
    const context = await service.browser.newContext();
    page = watched(await context.newPage());
    await page.route("**/api/**breakdowns=rights**", (route) => route.fulfill({ status: 500, body: "{}" }));
    await page.goto(`${service.origin}/stats`);
    const card = page.locator("[data-widget=RightsTable]");
    await card.getByRole("alert").waitFor();
    expect(await card.getByRole("alert").textContent()).toContain("The rest of the page is not affected.");
    await page.unroute("**/api/**breakdowns=rights**");
    await card.getByRole("button", { name: "Try again" }).click();
    await card.locator(".row").first().waitFor();
    expect(await page.locator("[data-widget=SingleStatViews] .figure").isVisible()).toBe(true);
  });
});

it.each(FEW_SCREENS)("axe finds nothing with everything open at $width px, $theme", async (screen) => {
  const query =
    "?w.content.StatsChart.by=resource_types&w.content.StatsChart.table=1&w.content.ResourceTypesTable.view=pie";
  await show(query, screen);
  await shoot(page, `open-${screen.width}-${screen.theme}`);
  expect(await complaints(page)).toEqual([]);
});

describe("nothing but tables scrolls sideways", () => {
  beforeAll(() => show("?w.content.StatsChart.table=1", { width: 320, theme: "light" }));

  it.each([320, 390, 768, 1024, 1280, 1920])("at %i px", async (width) => {
    await resize(page, width);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
});

const LISTS = new URL("../packages/dashboard/test/records-layout.json", import.meta.url).pathname;

describe("lists of records", () => {
  beforeAll(() => show(`?layout=${LISTS}`));

  it.each(SCREENS)("hold long, reversed, missing titles at $width px, $theme", async (screen) => {
    await turnTo(page, screen);
    await shoot(page, `records-${screen.width}-${screen.theme}`);
    const list = page.locator("[data-widget=MostViewedRecordsMultiDisplay] .works");
    expect(await list.locator("li").count()).toBe(7);
    expect(await list.locator("li").nth(3).textContent()).toContain("Deleted record 1234567");
    expect(await list.getByRole("link", { name: /Deleted/ }).count()).toBe(0);
    const names = await list.locator(".name").evaluateAll((found) =>
      found.map((name) => ({
        lines: Math.round(name.clientHeight / Number.parseFloat(getComputedStyle(name).lineHeight)),
        wide: name.scrollWidth > name.clientWidth + 1,
      })),
    );
    expect(names.filter(({ lines, wide }) => lines > 2 || wide)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(screen.width);
    expect(await complaints(page)).toEqual([]);
  });
});

describe("other languages", () => {
  it("speaks German when the address says so", async () => {
    await show("?lang=de", { width: 320, theme: "light" });
    expect(await page.locator("html").getAttribute("lang")).toBe("de");
    expect(await page.locator(".fresh").textContent()).toContain("Vollständig bis 21. Nov. 2026");
    expect(await page.locator(".chart .says").textContent()).toContain(
      "Aufrufe vom 1. Januar bis 21. November 2026: 9 Tage sind ohne Daten.",
    );
    expect(await page.getByRole("link", { name: "Deutsch" }).getAttribute("aria-current")).toBe("true");
    expect(await complaints(page)).toEqual([]);
  });

  it.each(["de", "fr", "es"])("fits in %s, and no control stands alone in a row", async (language) => {
    await show(`?lang=${language}`, { width: 320, theme: "light" });
    await shoot(page, `language-${language}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    for (const [width, rows] of [
      [320, 2],
      [1024, 1],
      [1440, 1],
    ] as const) {
      await resize(page, width);
      expect(await page.locator(".controls").evaluate(rowsOfControls), `rows at ${width} px`).toBe(rows);
    }
  });
});

it("saves a report under the name that the server gives it", async () => {
  await show("");
  await page.route("**/api/stats-dashboard", (route) =>
    route.fulfill({
      body: "numbers",
      headers: { "content-disposition": 'attachment; filename="stats_global_2026.xlsx"' },
    }),
  );
  await page.getByRole("button", { name: "Download", exact: true }).click();
  await page.getByRole("radio", { name: "Excel" }).check({ force: true });
  const asked = page.waitForRequest("**/api/stats-dashboard");
  const saved = page.waitForEvent("download");
  await page.locator(".download-pop .primary").click();
  expect((await asked).headers()["accept"]).toContain("spreadsheetml");
  expect((await saved).suggestedFilename()).toBe("stats_global_2026.xlsx");
});

it("takes few bytes for its first view, and does not jump while it loads", async () => {
  page = watched(await (await service.browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage());
  const sizes = { data: 0, script: 0 };
  const read: Promise<void>[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    const part = pathname.startsWith("/api/") ? "data" : pathname.endsWith(".js") ? "script" : null;
    if (part === null) return;
    const measure = async (): Promise<void> => {
      const body = await response.body();
      sizes[part] += brotliCompressSync(body, PACKED).length;
    };
    read.push(measure());
  });
  await page.addInitScript(() => {
    Object.assign(globalThis, { shift: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        Object.assign(globalThis, { shift: Reflect.get(globalThis, "shift") + Reflect.get(entry, "value") });
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(`${service.origin}/stats`);
  await settled(page);
  await Promise.all(read);
  expect(sizes.data).toBeGreaterThan(1000);
  expect(sizes.data).toBeLessThanOrEqual(100_000);
  expect(sizes.script).toBeGreaterThan(50_000);
  expect(sizes.script).toBeLessThanOrEqual(200_000);
  expect(await page.evaluate(() => Reflect.get(globalThis, "shift"))).toBeLessThan(0.05);
});

/** Somewhat worse than what is served, and much faster. */
const PACKED = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** Runs in the page: in how many rows its buttons stand. */
function rowsOfControls(bar: Element): number {
  const boxes = [...bar.querySelectorAll("button")].map((button) => button.getBoundingClientRect());
  return new Set(boxes.filter(({ height }) => height > 0).map(({ top }) => Math.round(top))).size;
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { layoutSchema } from "@community-stats/contract/layout-schema.ts";
import { resolveLayout, type LayoutDocument, type LayoutTab } from "@community-stats/contract/layout.ts";
import { WIDGETS } from "@community-stats/contract/widgets.ts";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { complaints, resize, settled, shoot, startService, watched, type Started } from "./harness.ts";
import { keyboardComplaints } from "./keyboard.ts";
import { askedNumbers, shownNumbers } from "./shown-numbers.ts";

const FOLDER = join(import.meta.dirname, "../fixtures/layouts");
const RANGE = { from: "2026-01-01", to: "2026-06-30" };
const WIDTHS = [320, 768, 1280, 1920] as const;
const LOOKS = {
  light: { colorScheme: "light", forcedColors: "none" },
  dark: { colorScheme: "dark", forcedColors: "none" },
  forced: { colorScheme: "light", forcedColors: "active" },
} as const;
/** `npm run looks` looks at every tab of every document, in every look at every width, which takes too long for every day. */
const ALL = process.env["LOOKS"] === "all";
const LONG_MS = 900_000;
/** Where the Tab key goes through all of every tab, with `npm run looks` only. */
const KEYBOARD_WIDTHS = ALL ? [320, 1280] : [];
/** Otherwise, over all documents, every look meets every width: light ones in turn, the others dealt out. */
const OTHER_VIEWS = (["dark", "forced"] as const).flatMap((look) => WIDTHS.map((width) => ({ look, width })));
const files = readdirSync(FOLDER);
const documents = files.map((file, index) => ({
  file,
  layout: layoutSchema.parse(JSON.parse(readFileSync(join(FOLDER, file), "utf8"))),
  light: WIDTHS.filter((_, place) => ALL || place === index % WIDTHS.length),
  views: OTHER_VIEWS.filter((_, place) => ALL || place % files.length === index),
}));

let service: Started;
let page: Page;
const said: string[] = [];
beforeAll(async () => {
  service = await startService();
  page = watched(await (await service.browser.newContext({ reducedMotion: "reduce" })).newPage());
  page.on("pageerror", (error) => said.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") said.push(message.text());
  });
});
afterAll(async () => service?.stop());

describe.each(documents)("$file", ({ file, layout, light, views }) => {
  beforeAll(async () => {
    said.length = 0;
    await page.unrouteAll();
    await page.route("**/stats?**", (route) => withLayout(route, layout));
    await page.goto(`${service.origin}/stats?range=${RANGE.from}..${RANGE.to}&by=month`);
  });

  const turnToTab = async (index: number): Promise<void> => {
    if (layout.tabs.length > 1) await page.getByRole("tab").nth(index).click();
    await page
      .locator(`[role=tab]:nth-of-type(${index + 1})[aria-selected=true], body:not(:has([role=tab]))`)
      .waitFor();
    await settled(page, PARTS);
  };

  it("draws every part of every tab with the numbers of the API, without an error", async () => {
    for (const [index, tab] of resolveLayout(layout).tabs.entries()) {
      await turnToTab(index);
      expect(await page.locator(PARTS).count(), `parts of tab ${index}`).toBe(partsOf(tab));
      const shown = await shownNumbers(page);
      const asked = await Promise.all(shown.map((of) => askedNumbers(of, { origin: service.origin, ...RANGE, tab })));
      expect(shown).toEqual(asked);
    }
    expect(said).toEqual([]);
  });

  it("is a report on paper: named, every picture with its table, and no sheet with nothing on it", async () => {
    await settled(page, PARTS);
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    expect(await page.getByRole("tab").filter({ visible: true }).count()).toBe(layout.tabs.length > 1 ? 1 : 0);
    const pictures = page.locator(".card:has(.plot-area, .donut, .map-figure)");
    expect(await pictures.locator("table").filter({ visible: true }).count()).toBe(await pictures.count());
    expect(await page.evaluate(belowTheParts)).toEqual([]);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    await page.emulateMedia({ media: "screen" });
  });

  /** What is wrong with the tab that is open; with `npm run looks` with any of them. @param rules of axe, all by default. */
  const look = async (
    name: keyof typeof LOOKS,
    width: number,
    rules?: readonly string[],
  ): Promise<readonly string[]> => {
    const wrong: string[] = [];
    await page.emulateMedia(LOOKS[name]);
    await resize(page, width);
    for (const tab of ALL ? layout.tabs.keys() : [null]) {
      if (tab !== null) await turnToTab(tab);
      await shoot(page, ["layout", file.replace(".json", ""), ...(tab === null ? [] : [tab]), width, name].join("-"));
      const taken = await page.evaluate(() => document.documentElement.scrollWidth);
      if (taken > width) wrong.push(`tab ${tab}: takes ${taken} px`);
      wrong.push(...(await complaints(page, rules)).map((complaint) => `tab ${tab}: ${complaint}`));
    }
    return wrong;
  };

  it.each(light)(
    "passes axe at %i px and does not scroll sideways",
    async (width) => {
      expect(await look("light", width)).toEqual([]);
    },
    LONG_MS,
  );

  // The same elements as before: only what depends on colours and places is looked at again.
  it.each(views)(
    "can be read at $width px, $look, and does not scroll sideways",
    async ({ look: name, width }) => {
      expect(await look(name, width, ALL ? undefined : ["color-contrast", "target-size"])).toEqual([]);
    },
    LONG_MS,
  );

  it.each(KEYBOARD_WIDTHS)(
    "is operated by keyboard alone at %i px",
    async (width) => {
      await page.emulateMedia(LOOKS.light);
      await resize(page, width);
      for (const index of layout.tabs.keys()) {
        await turnToTab(index);
        expect(await keyboardComplaints(page), `tab ${index}`).toEqual([]);
      }
    },
    LONG_MS,
  );
});

/** Runs in the page: what would begin another sheet below the last part. */
function belowTheParts(): readonly string[] {
  const end = document.querySelector(".stats-dashboard-content")?.getBoundingClientRect().bottom ?? 0;
  const all = [...document.querySelectorAll("body *")];
  return all.filter((one) => one.getBoundingClientRect().bottom > end + 1).map(({ outerHTML }) => outerHTML);
}

type Route = Parameters<Parameters<Page["route"]>[1]>[0];

/** The page as the service writes it, with another layout in its configuration. */
async function withLayout(route: Route, layout: LayoutDocument): Promise<void> {
  const response = await route.fetch();
  const body = (await response.text()).replace(/(id="stats-dashboard-config">)(.*?)(?=<\/script>)/s, (_, tag, json) => {
    const config = JSON.stringify({ ...JSON.parse(json), layout });
    return tag + config.replaceAll("<", String.raw`\u003c`);
  });
  await route.fulfill({ response, body });
}

/** Places of the grid: cards, figures, placeholders. */
const PARTS = ".stats-dashboard-row > .place, .stats > .stat";

/** Controls at the head of a tab are part of the page's control bar. */
function partsOf({ rows }: LayoutTab): number {
  const cells = rows.flatMap((row, index) => row.cells.map(({ component }) => ({ component, first: index === 0 })));
  return cells.filter(({ component, first }) => !(first && WIDGETS.get(component)?.kind === "control")).length;
}

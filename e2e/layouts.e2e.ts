import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { layoutSchema } from "@community-stats/contract/layout-schema.ts";
import { resolveLayout, type LayoutDocument, type LayoutTab } from "@community-stats/contract/layout.ts";
import { WIDGETS } from "@community-stats/contract/widgets.ts";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { complaints, resize, settled, shoot, startService, watched, type Started } from "./harness.ts";
import { askedNumbers, shownNumbers } from "./shown-numbers.ts";

const FOLDER = join(import.meta.dirname, "../fixtures/layouts");
const RANGE = { from: "2026-01-01", to: "2026-06-30" };
const WIDTHS = [320, 768, 1280, 1920] as const;
const LOOKS = {
  light: { colorScheme: "light", forcedColors: "none" },
  dark: { colorScheme: "dark", forcedColors: "none" },
  forced: { colorScheme: "light", forcedColors: "active" },
} as const;
/** Over all documents, every look meets every width: light ones in turn, the others dealt out. */
const OTHER_VIEWS = (["dark", "forced"] as const).flatMap((look) => WIDTHS.map((width) => ({ look, width })));
const files = readdirSync(FOLDER);
const documents = files.map((file, index) => ({
  file,
  layout: layoutSchema.parse(JSON.parse(readFileSync(join(FOLDER, file), "utf8"))),
  light: WIDTHS[index % WIDTHS.length] ?? 1280,
  views: OTHER_VIEWS.filter((_, place) => place % files.length === index),
}));

let service: Started;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => service?.stop());

describe.each(documents)("$file", ({ file, layout, light, views }) => {
  let page: Page;
  const said: string[] = [];
  beforeAll(async () => {
    page = watched(await (await service.browser.newContext({ reducedMotion: "reduce" })).newPage());
    page.on("pageerror", (error) => said.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") said.push(message.text());
    });
    await page.route("**/stats?**", (route) => withLayout(route, layout));
    await page.goto(`${service.origin}/stats?range=${RANGE.from}..${RANGE.to}&by=month`);
  });
  afterAll(async () => page?.context().close());

  it("draws every part of every tab with the numbers of the API, without an error", async () => {
    for (const [index, tab] of resolveLayout(layout).tabs.entries()) {
      if (layout.tabs.length > 1) await page.getByRole("tab").nth(index).click();
      await page
        .locator(`[role=tab]:nth-of-type(${index + 1})[aria-selected=true], body:not(:has([role=tab]))`)
        .waitFor();
      await settled(page, PARTS);
      expect(await page.locator(PARTS).count(), `parts of tab ${index}`).toBe(partsOf(tab));
      const shown = await shownNumbers(page);
      const asked = await Promise.all(shown.map((of) => askedNumbers(of, { origin: service.origin, ...RANGE, tab })));
      expect(shown).toEqual(asked);
    }
    expect(said).toEqual([]);
  });

  const look = async (name: keyof typeof LOOKS, width: number): Promise<void> => {
    await page.emulateMedia(LOOKS[name]);
    await resize(page, width);
    await shoot(page, `layout-${file.replace(".json", "")}-${width}-${name}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  };

  it(`passes axe at ${light} px and does not scroll sideways`, async () => {
    await look("light", light);
    expect(await complaints(page)).toEqual([]);
  });

  // The same elements as before: only what depends on colours and places is looked at again.
  it.each(views)("can be read at $width px, $look, and does not scroll sideways", async ({ look: name, width }) => {
    await look(name, width);
    expect(await complaints(page, ["color-contrast", "target-size"])).toEqual([]);
  });
});

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

import { join } from "node:path";
import type { Browser, CDPSession, Page } from "playwright-core";
import { drawn, settled } from "./drawn.ts";
import { followMainThread } from "./main-thread.ts";
import type { Figure } from "./report.ts";

const TABS = join(import.meta.dirname, "../fixtures/layouts/four-tabs.json");
/** From a press to the next picture: above it, a page feels slow. */
const MOST_MS = 200;
/** Nothing but the menu is drawn. */
const MOST_FOR_MENUS_MS = 100;
const AFTERWARDS_MS = 500;

interface Interaction {
  readonly name: string;
  readonly target: string;
  readonly opensMenu?: boolean;
}

const ON_DEFAULT: readonly Interaction[] = [
  { name: "menu of breakdowns", target: ".chart .btn.by", opensMenu: true },
  { name: "menu of a card", target: ".chart [aria-haspopup=menu].plain", opensMenu: true },
  { name: "form of the period", target: ".period-button" },
  { name: "form of the filter", target: ".filter-button" },
  { name: "period before", target: ".period button" },
  { name: "by month", target: ".grain label:has([value=month])" },
  { name: "another measure", target: ".chart .metric label:has(input:not(:checked))" },
  { name: "drawn otherwise", target: ".chart .icons label:has(input:not(:checked))" },
  { name: "table", target: ".chart .tools button[aria-controls$=-table]" },
  { name: "list or ring", target: ".breakdown .icons label:has(input:not(:checked))" },
];
const ON_TABS: readonly Interaction[] = [{ name: "another tab", target: ".tab:nth-of-type(2)" }];

/** How soon the page shows that something was pressed, on a slowed processor. */
export async function interactions(browser: Browser, origin: string, slower: number): Promise<readonly Figure[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(() => {
    const found: number[] = [];
    const observer = new PerformanceObserver((list) =>
      found.push(...list.getEntries().map(({ duration }) => duration)),
    );
    const short: object = { type: "event", durationThreshold: 16 };
    observer.observe(short);
    Reflect.set(globalThis, "eventDurations", found);
  });
  const session = await page.context().newCDPSession(page);
  const figures: Figure[] = [];
  for (const [address, list] of [
    [`${origin}/stats`, ON_DEFAULT],
    [`${origin}/stats?layout=${TABS}`, ON_TABS],
  ] as const) {
    await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    await page.goto(address);
    await drawn(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
    for (const one of list) figures.push(...(await press(page, session, one)));
  }
  await page.close();
  const name = (figure: Figure): string => `${slower}× slower, ${figure.name}`;
  return figures.map((figure) => ({ ...figure, name: name(figure) }));
}

async function press(
  page: Page,
  session: CDPSession,
  { name, target, opensMenu = false }: Interaction,
): Promise<readonly Figure[]> {
  const place = page.locator(target).filter({ visible: true }).first();
  // The layout of a running service need not have it.
  if ((await place.count()) === 0) return [];
  await place.scrollIntoViewIfNeeded();
  await page.waitForTimeout(AFTERWARDS_MS);
  const box = await place.boundingBox();
  if (box === null) throw new Error(`${target} is not on ${page.url()}.`);
  await page.evaluate(() => Reflect.get(globalThis, "eventDurations").splice(0));
  const longestWork = await followMainThread(session, new URL(page.url()).origin);
  // By the mouse alone: what the driver does in the page to press an element would count as well.
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.waitForTimeout(AFTERWARDS_MS);
  await settled(page);
  const work = await longestWork();
  const durations: readonly number[] = await page.evaluate(() => Reflect.get(globalThis, "eventDurations"));
  await page.keyboard.press("Escape");
  return [
    {
      name: `${name}: until it is seen`,
      value: Math.max(0, ...durations),
      unit: "ms",
      limit: { kind: "most", value: MOST_MS },
    },
    {
      name: `${name}: longest task, time of the processor`,
      value: Math.round(work),
      unit: "ms",
      limit: { kind: "most", value: opensMenu ? MOST_FOR_MENUS_MS : MOST_MS },
    },
  ];
}

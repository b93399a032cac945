/**
 * `node scripts/run.mjs bench/first-view.ts`: what a first look at the default dashboard costs a browser, measured in Chromium with invented
 * numbers; `--origin http://localhost:8080` takes those of a running service instead.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { brotliCompressSync } from "node:zlib";
import { type Browser, type CDPSession, chromium, type Page, type Route } from "playwright-core";
import { drawn, READY_MS } from "./drawn.ts";
import { interactions } from "./interactions.ts";
import { followMainThread } from "./main-thread.ts";
import { type Figure, holds, line, record } from "./report.ts";

const ROOT = join(import.meta.dirname, "..");
const SLOWER = 4;
const RANGE_CHANGES = 200;
const WARM_CHANGES = 20;
const YEARS = 15;
const SERIES = 20;
/** The shapes of the countries; they come after the first view. */
const DRAWING = /\/world-/;

const { values } = parseArgs({ options: { origin: { type: "string" } } });
const { origin, server } =
  values.origin === undefined ? await startFixtures() : { origin: values.origin, server: null };
try {
  await answering(`${origin}/api/stats-dashboard/status`);
  const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const figures = [
      ...(await firstView(browser)),
      ...(await manySeries(browser)),
      ...(await interactions(browser, origin, SLOWER)),
      ...(await rangeChanges(browser)),
    ];
    for (const figure of figures) console.log(line(figure));
    console.log(`Recorded in ${await record("first-view", figures)}`);
    if (!figures.every(holds)) process.exitCode = 1;
  } finally {
    await browser.close();
  }
} finally {
  server?.kill();
}

interface Fixtures {
  readonly origin: string;
  readonly server: ChildProcess;
}

/** Invented numbers, on a free port; its first line is where it listens. */
async function startFixtures(): Promise<Fixtures> {
  const server = spawn(process.execPath, [join(ROOT, "packages/dashboard/test/fixture-server.ts")], {
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const origin of createInterface({ input: server.stdout })) return { origin, server };
  throw new Error("The server of the fixtures ended before it listened.");
}

/** Bytes and shifts until everything has been drawn. */
async function firstView(browser: Browser): Promise<readonly Figure[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const sizes = { data: 0, script: 0, drawing: 0, style: 0 };
  let plainData = 0;
  const read: Promise<void>[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    const part = partOf(pathname);
    if (part === null) return;
    const measure = async (): Promise<void> => {
      const body = await response.body();
      sizes[part] += packed(body);
      if (part === "data") plainData += body.length;
    };
    read.push(measure());
  });
  await observe(page);
  await page.goto(`${origin}/stats`);
  await drawn(page);
  await Promise.all(read);
  const shift = await page.evaluate(() => Reflect.get(Reflect.get(globalThis, "observed"), "observedShift") as number);
  await page.close();
  return [
    {
      name: "first view: data, compressed",
      value: sizes.data / 1000,
      unit: "kB",
      limit: { kind: "most", value: 100 },
    },
    {
      name: "first view: data before compression, with a hole that asks for days",
      value: plainData / 1000,
      unit: "kB",
    },
    {
      name: "first view: script before charts, compressed",
      value: sizes.script / 1000,
      unit: "kB",
      limit: { kind: "most", value: 200 },
    },
    { name: "first view: shapes of the map, compressed", value: sizes.drawing / 1000, unit: "kB" },
    { name: "first view: styles, compressed", value: sizes.style / 1000, unit: "kB" },
    { name: "first view: layout shift", value: shift, unit: "", limit: { kind: "most", value: 0.05 } },
  ];
}

function partOf(path: string): "data" | "script" | "drawing" | "style" | null {
  if (path.startsWith("/api/")) return "data";
  if (path.endsWith(".css")) return "style";
  if (!path.endsWith(".js")) return null;
  return DRAWING.test(path) ? "drawing" : "script";
}

function packed(body: Buffer): number {
  return brotliCompressSync(body).length;
}

/** The longest stretch during which the page answers nobody, with 15 years of 20 series on a slowed processor. */
async function manySeries(browser: Browser): Promise<readonly Figure[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.route("**/stats?**", (route) => withYears(route));
  await page.route("**/api/stats-dashboard/*-category?**", (route) => withSeries(route));
  await observe(page);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  const longestWork = await followMainThread(session, origin);
  const last = new Date();
  const first = new Date(Date.UTC(last.getUTCFullYear() - YEARS, last.getUTCMonth(), last.getUTCDate() + 7));
  const query = `range=${day(first)}..${day(last)}&by=week&w.content.StatsChart.by=resource_types`;
  await page.goto(`${origin}/stats?${query}`);
  await drawn(page);
  const longest = await page.evaluate(() => Reflect.get(Reflect.get(globalThis, "observed"), "observedTask") as number);
  const work = await longestWork();
  await page.close();
  const name = `${YEARS} years of ${SERIES} series by week, ${SLOWER}× slower: longest task`;
  const limit = { kind: "most", value: 200 } as const;
  return [
    { name: `${name}, time of the processor`, value: Math.round(work), unit: "ms", limit },
    { name: `${name}, by the clock`, value: longest, unit: "ms", limit },
  ];
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

async function withYears(route: Route): Promise<void> {
  const response = await route.fetch();
  const html = (await response.text()).replace(/"maxHistoryYears":\d+/, `"maxHistoryYears":${YEARS}`);
  await route.fulfill({ response, body: html });
}

interface Answer {
  readonly from: string;
  readonly metrics: readonly string[];
  readonly periods: readonly unknown[];
  readonly series: readonly { readonly kind: string }[];
}

/** The server's answer with numbers for every period, and twenty values of a breakdown. */
async function withSeries(route: Route): Promise<void> {
  const response = await route.fetch();
  const answer: Answer = JSON.parse(await response.text());
  const metric = new URL(route.request().url()).searchParams.get("metrics") ?? "views";
  const numbers = (share: number) => answer.periods.map((_, at) => Math.round(share * (1000 + ((at * 7919) % 400))));
  const filled = answer.series.map((series) => ({ ...series, ...part(metric, numbers(1)) }));
  const split = answer.series.some(({ kind }) => kind === "value");
  const more = Array.from({ length: split ? SERIES : 0 }, (_, index) => ({
    kind: "value",
    id: `value-${index}`,
    label: { en: `Value ${index}` },
    ...part(metric, numbers(0.04)),
  }));
  const series = [...filled.filter(({ kind }) => kind === "total"), ...more];
  await route.fulfill({ response, json: { ...answer, series, firstDay: answer.from, missingDays: [] } });
}

function part(metric: string, values: readonly number[]): object {
  return { metrics: { [metric]: values }, totals: { [metric]: values.reduce((sum, value) => sum + value, 0) } };
}

/** What stays in memory when a reader goes through many ranges. */
async function rangeChanges(browser: Browser): Promise<readonly Figure[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const session = await page.context().newCDPSession(page);
  await page.goto(`${origin}/stats?range=2026-06-01..2026-06-30&by=week`);
  await drawn(page);
  await change(page, WARM_CHANGES);
  const before = await heapMegabytes(session);
  await change(page, RANGE_CHANGES);
  const after = await heapMegabytes(session);
  await page.close();
  return [
    { name: `memory before ${RANGE_CHANGES} changes of the range`, value: before, unit: "MB" },
    {
      name: "memory that they add",
      value: Math.max(0, after - before),
      unit: "MB",
      limit: { kind: "most", value: 30 },
    },
  ];
}

/** Some steps back and as many forth. */
async function change(page: Page, count: number): Promise<void> {
  const [back, forth] = [page.locator(".period button").first(), page.locator(".period button").last()];
  for (let done = 0; done < count; done += 1) {
    await (done % 40 < 20 ? back : forth).click();
    await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
  }
}

async function heapMegabytes(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

/** Keeps the sum of the layout shifts and the longest task where the page can be asked for them. */
async function observe(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const found = { observedShift: 0, observedTask: 0 };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (Reflect.get(entry, "hadRecentInput") !== true) found.observedShift += Number(Reflect.get(entry, "value"));
      }
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) found.observedTask = Math.max(found.observedTask, duration);
    }).observe({ type: "longtask", buffered: true });
    Reflect.set(globalThis, "observed", found);
  });
}

async function answering(url: string): Promise<void> {
  const end = Date.now() + READY_MS;
  while (Date.now() < end) {
    if ((await fetch(url).catch(() => null))?.ok === true) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  throw new Error(`${url} did not answer within ${READY_MS / 1000} s.`);
}

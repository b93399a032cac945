import { AxeBuilder } from "@axe-core/playwright";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser, type Page, type Request } from "playwright-core";
import { inject } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const MAIN = join(ROOT, "packages/service/src/main.ts");
const FIXTURES = join(ROOT, "packages/dashboard/test/fixture-server.ts");
const SHOTS = join(ROOT, "test-results/screenshots");
const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const READY_MS = 60_000;
const DEMO_MS = 300_000;
const QUIET_MS = 200;
const CHANGING_MS = 10_000;
const HEIGHT = 900;
const MAX_OUTPUT = 256 * 1024 * 1024;

/** A started server and a browser to look at it with. */
export interface Started {
  readonly origin: string;
  readonly browser: Browser;
  /** What `community-stats <arguments>` prints, run on the same data. */
  command(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

declare module "vitest" {
  export interface ProvidedContext {
    /** A data folder with the demonstration data, counted. */
    readonly demonstration: string;
    /** The address of a service to look at instead. */
    readonly running: string | null;
  }
}

/** Serves the demonstration data, from a folder of its own; or takes the service that runs already. */
export async function startService(): Promise<Started> {
  const running = inject("running");
  return running === null ? serveDemonstration() : openRunning(running);
}

async function openRunning(origin: string): Promise<Started> {
  const browser = await launch();
  const command = () => Promise.reject(new Error(`What ${origin} keeps is known to nobody but itself.`));
  return { origin, browser, command, stop: () => browser.close() };
}

async function serveDemonstration(): Promise<Started> {
  const dataDir = mkdtempSync(join(tmpdir(), "community-stats-e2e-"));
  cpSync(inject("demonstration"), dataDir, { recursive: true });
  const port = await freePort();
  const environment = {
    ...process.env,
    COMMUNITY_STATS_DATA_DIR: dataDir,
    COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED: "false",
    // All pages of a run come from one address.
    COMMUNITY_STATS_RATE_LIMIT_ADDRESS: "0",
    PORT: String(port),
  };
  const command = async (...args: string[]): Promise<string> => {
    const options = { env: environment, timeout: DEMO_MS, maxBuffer: MAX_OUTPUT };
    return (await promisify(execFile)(process.execPath, [MAIN, ...args], options)).stdout;
  };
  const server = spawn(process.execPath, [MAIN, "serve"], { env: environment, stdio: "ignore" });
  return started({ server, port, command, tidy: () => rmSync(dataDir, { recursive: true, force: true }) });
}

/** Serves invented numbers with holes in them. */
export async function startFixtures(): Promise<Started> {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port) };
  const server = spawn(process.execPath, [FIXTURES], { env, stdio: "ignore" });
  return started({ server, port, command: async () => "", tidy: () => undefined });
}

interface Starting {
  readonly server: ChildProcess;
  readonly port: number;
  readonly command: Started["command"];
  readonly tidy: () => void;
}

async function started({ server, port, command, tidy }: Starting): Promise<Started> {
  const origin = `http://127.0.0.1:${port}`;
  const stopServer = async (): Promise<void> => {
    const ended = new Promise((resolve) => {
      server.once("exit", resolve);
    });
    if (server.exitCode === null && server.kill("SIGTERM")) await ended;
    tidy();
  };
  try {
    await answering(`${origin}/api/stats-dashboard/status`, server);
    const browser = await launch();
    return { origin, browser, command, stop: async () => void (await Promise.all([browser.close(), stopServer()])) };
  } catch (error) {
    await stopServer();
    throw error;
  }
}

function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  const end = Date.now() + READY_MS;
  while (Date.now() < end) {
    if (server.exitCode !== null) throw new Error(`The server ended with exit code ${server.exitCode}.`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  throw new Error(`${url} did not answer within ${READY_MS / 1000} s.`);
}

export interface Screen {
  readonly width: number;
  readonly theme: "light" | "dark";
}

export const SCREENS: readonly Screen[] = [
  { width: 1280, theme: "light" },
  { width: 1280, theme: "dark" },
  { width: 390, theme: "light" },
  { width: 390, theme: "dark" },
];

/** Each width and each theme once, where every screen would take half a minute more. */
export const FEW_SCREENS: readonly Screen[] = [
  { width: 1280, theme: "light" },
  { width: 390, theme: "dark" },
];

/** By browser: the page that is used again and again, since a new one takes twice as long to show anything. */
const used = new WeakMap<Browser, Page>();

/**
 * Opens an address and waits until every part has its numbers and the charts are drawn.
 * What was opened so before is left for it.
 */
export async function open(browser: Browser, url: string, { width, theme }: Screen): Promise<Page> {
  const page = used.get(browser) ?? watched(await (await browser.newContext({ reducedMotion: "reduce" })).newPage());
  used.set(browser, page);
  await page.unrouteAll();
  await page.emulateMedia({ colorScheme: theme });
  await page.setViewportSize({ width, height: HEIGHT });
  await page.goto(url);
  await settled(page);
  return page;
}

/** Looks at an open page on another screen. */
export async function turnTo(page: Page, { width, theme }: Screen): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await resize(page, width);
}

export async function resize(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: HEIGHT });
  await page.evaluate(nextFrames);
}

/** Runs in the page: drawings follow a change of width or colours within two frames. */
function nextFrames(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(resolve))));
  });
}

/** @param first is there once the page has begun to show what it is asked for. */
export async function settled(page: Page, first = ".figure[data-value], .empty"): Promise<void> {
  await page.locator(first).first().waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
  await unchanging(page);
}

/** By page: what it has asked for and not yet got, and how often it asked. */
const asked = new WeakMap<Page, { readonly pending: ReadonlySet<Request>; readonly count: number }>();

/** Follows what a page asks for, best from its first request on. */
export function watched(page: Page): Page {
  if (!asked.has(page)) watch(page);
  return page;
}

function watch(page: Page): { readonly pending: ReadonlySet<Request>; readonly count: number } {
  const requests = { pending: new Set<Request>(), count: 0 };
  asked.set(page, requests);
  page.on("request", (request) => {
    requests.pending.add(request);
    requests.count++;
  });
  page.on("requestfinished", (request) => requests.pending.delete(request));
  page.on("requestfailed", (request) => requests.pending.delete(request));
  return requests;
}

/** Comparisons and drawings come after the numbers: waits until nothing is asked for and nothing has been drawn for a while. */
async function unchanging(page: Page): Promise<void> {
  const end = Date.now() + CHANGING_MS;
  const requests = asked.get(page) ?? watch(page);
  let before = -1;
  while ((requests.count !== before || requests.pending.size > 0) && Date.now() < end) {
    before = requests.count;
    await page.evaluate(quiet, { quietMs: QUIET_MS, mostMs: end - Date.now() });
  }
}

/** Runs in the page: over when nothing has changed in it, and no request has ended, for so long. */
function quiet({ quietMs, mostMs }: { quietMs: number; mostMs: number }): Promise<void> {
  return new Promise((resolve) => {
    const watching = new MutationObserver(() => again());
    const loading = new PerformanceObserver(() => again());
    const done = (): void => {
      watching.disconnect();
      loading.disconnect();
      resolve();
    };
    let timer = setTimeout(done, quietMs);
    const again = (): void => {
      clearTimeout(timer);
      timer = setTimeout(done, quietMs);
    };
    setTimeout(done, mostMs);
    watching.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    loading.observe({ type: "resource" });
  });
}

/** What axe has against a page, in words. @param rules only these; without any, all. */
export async function complaints(page: Page, rules: readonly string[] = []): Promise<readonly string[]> {
  // In one go within the page, which has no frames; of rules that are kept, nothing is told.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await (rules.length === 0 ? axe : axe.withRules([...rules])).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

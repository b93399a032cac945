import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { DEFAULT_BREAKDOWNS } from "../packages/contract/src/breakdowns.ts";
import { addDays, parseDay, type Day } from "../packages/contract/src/days.ts";
import { addressedRequest } from "../packages/contract/src/columns-address.ts";
import { daysOfBoth, firstQuestions, yearBefore, type FirstQuestion } from "../packages/contract/src/first-view.ts";
import { DEFAULT_LAYOUT } from "../packages/contract/src/layout.ts";
import type { ColumnsAnswer, ColumnsRequest } from "../packages/contract/src/series.ts";
import { ask } from "./asking.ts";
import { load, type LoadResult, percentiles } from "./load.ts";
import type { Figure } from "./report.ts";

const MAIN = fileURLToPath(new URL("../packages/service/src/main.ts", import.meta.url));
const API = "/api/stats-dashboard";
/** Size of the answer for which the budget is written. */
const ANSWER_BYTES = 286_000;
const CONNECTIONS = 32;
const SCOPES = 40;

/** How long each load lasts. */
export interface ServingEffort {
  readonly warmUpSeconds: number;
  readonly seconds: number;
}
export const SERVING_FULL: ServingEffort = { warmUpSeconds: 5, seconds: 8 };
export const SERVING_SMOKE: ServingEffort = { warmUpSeconds: 1, seconds: 1 };

/** Kept answers under load, and answers and pages that are made anew, from a real server on the data folder. */
export async function servingBench(dataDir: string, effort: ServingEffort): Promise<readonly Figure[]> {
  return [...(await keptBench(dataDir, effort)), ...(await withServer(dataDir, NO_CACHE, made))];
}

/** The kept answers alone: they are alike whatever the folder holds, if it has an answer of that size. */
export async function keptBench(dataDir: string, effort: ServingEffort): Promise<readonly Figure[]> {
  return await withServer(dataDir, {}, (base) => kept(base, effort));
}

const NO_CACHE = { COMMUNITY_STATS_CACHE_MAX_BYTES: "0", COMMUNITY_STATS_CACHE_MEMORY_BYTES: "0" };

async function withServer(
  dataDir: string,
  environment: Readonly<Record<string, string>>,
  work: (base: string) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> {
  const server = spawn(process.execPath, ["--no-warnings", MAIN, "serve"], {
    env: {
      ...process.env,
      PORT: "0",
      COMMUNITY_STATS_DATA_DIR: dataDir,
      COMMUNITY_STATS_LOG_LEVEL: "error",
      COMMUNITY_STATS_RATE_LIMIT_ADDRESS: "0",
      COMMUNITY_STATS_RATE_LIMIT_TOKEN: "0",
      ...environment,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    return await work(await addressOf(server));
  } finally {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
  }
}

/** What it says is read to its end, so that it never waits for a reader. */
async function addressOf(server: ChildProcess): Promise<string> {
  let said = "";
  return await new Promise((resolve, reject) => {
    server.stdout?.on("data", (chunk: Buffer) => {
      said += String(chunk);
      const [, address] = /served at (http:\/\/[^/\s]+)/.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
    server.once("exit", () => reject(new Error(`the server ended, having said ${JSON.stringify(said)}`)));
  });
}

async function kept(base: string, { warmUpSeconds, seconds }: ServingEffort): Promise<readonly Figure[]> {
  const { url, bytes } = await answerNear(base, ANSWER_BYTES);
  const figures: Figure[] = [{ name: "kept answer", value: bytes / 1000, unit: "kB" }];
  for (const encoding of ["br", "gzip", "identity"]) {
    const headers = { "Accept-Encoding": encoding };
    await load({ url, headers, seconds: warmUpSeconds, connections: CONNECTIONS });
    const result = await load({ url, headers, seconds, connections: CONNECTIONS });
    figures.push(...loadFigures(`kept answer as ${encoding}`, result, encoding === "br"));
  }
  const headers = { "Accept-Encoding": "br", "If-None-Match": await etagOf(url) };
  figures.push(
    ...loadFigures("kept answer, not modified", await load({ url, headers, seconds, connections: CONNECTIONS }), false),
  );
  return figures;
}

function loadFigures(name: string, result: LoadResult, hasBudget: boolean): readonly Figure[] {
  if (result.failed > 0) throw new Error(`${result.failed} requests of ${name} failed`);
  const { client, perSecond, p50, p95, p99 } = result;
  return [
    {
      name: `${name} (${client})`,
      value: perSecond,
      unit: "req/s",
      ...(hasBudget ? { limit: { kind: "least", value: 10_000 } as const } : {}),
    },
    { name: `${name}: half within`, value: p50, unit: "ms" },
    { name: `${name}: 95 of 100 within`, value: p95, unit: "ms" },
    {
      name: `${name}: 99 of 100 within`,
      value: p99,
      unit: "ms",
      ...(hasBudget ? { limit: { kind: "most", value: 10 } as const } : {}),
    },
  ];
}

/** The answer whose JSON is nearest to the size, among those of the repository by breakdown and number of months. */
async function answerNear(base: string, wanted: number): Promise<{ readonly url: string; readonly bytes: number }> {
  const { end } = await countedDays(base);
  let best = { url: "", bytes: Number.POSITIVE_INFINITY };
  for (const category of ["global", "access_statuses", "resource_types", "languages", "rights", "countries"]) {
    for (const days of [31, 92, 182, 365]) {
      const asked = { community_id: "global", start_date: addDays(end, 1 - days), end_date: end, category };
      const url = `${base}${API}/usage-delta-category?${new URLSearchParams(asked)}`;
      const bytes = (await (await ask(url, { headers: { "accept-encoding": "identity" } })).arrayBuffer()).byteLength;
      if (Math.abs(bytes - wanted) < Math.abs(best.bytes - wanted)) best = { url, bytes };
    }
  }
  return best;
}

async function etagOf(url: string): Promise<string> {
  const { headers } = await ask(url, { headers: { "accept-encoding": "br" } });
  return headers.get("etag") ?? "";
}

async function countedDays(base: string): Promise<{ readonly end: Day }> {
  const { asOf } = (await (await ask(`${base}${API}/status`)).json()) as { readonly asOf: string | null };
  const end = asOf === null ? null : parseDay(asOf);
  if (end === null) throw new Error("nothing is counted in the data folder");
  return { end };
}

/** Answers that nothing keeps: of a series of a year, and of everything that the default dashboard asks at first. */
async function made(base: string): Promise<readonly Figure[]> {
  const { end } = await countedDays(base);
  const scopes = await scopeKeys(base);
  const series: number[] = [];
  const pages: number[] = [];
  let bytes = 0;
  // The first round warms the program up.
  for (const round of [0, 1, 2]) {
    for (const scope of scopes) {
      const year = { community_id: scope, start_date: addDays(end, -364), end_date: end };
      const one = await timed(
        async () => await getJson(`${base}${API}/usage-delta-series?${new URLSearchParams(year)}`),
      );
      const page = await timed(async () => {
        bytes = Math.max(bytes, await firstView(base, scope, addDays(end, 1)));
      });
      if (round > 0) series.push(one);
      if (round > 0) pages.push(page);
    }
  }
  return [
    {
      name: "series of a year over HTTP, made anew: 95 of 100 within",
      value: percentiles(series).p95,
      unit: "ms",
      limit: { kind: "most", value: 20 },
    },
    { name: "series of a year over HTTP, made anew: half within", value: percentiles(series).p50, unit: "ms" },
    {
      name: "data of the default page, made anew: 95 of 100 within",
      value: percentiles(pages).p95,
      unit: "ms",
      limit: { kind: "most", value: 100 },
    },
    { name: "data of the default page, made anew: half within", value: percentiles(pages).p50, unit: "ms" },
    { name: "data of the default page before compression, most", value: bytes / 1000, unit: "kB" },
  ];
}

async function scopeKeys(base: string): Promise<readonly string[]> {
  const scopes = (await (await ask(`${base}${API}/scopes`)).json()) as readonly { readonly key: string }[];
  return scopes.slice(0, SCOPES).map(({ key }) => key);
}

/** Asks as a browser does: all widgets at once, each its comparison when it has its answer. Returns the bytes of all answers. */
async function firstView(base: string, scope: string, today: Day): Promise<number> {
  const page = {
    scope,
    layout: DEFAULT_LAYOUT,
    granularity: "month" as const,
    rangeOptions: { month: "12months" },
    bounds: { today, maxHistoryYears: 15, fiscalYearStart: 1 },
    breakdowns: DEFAULT_BREAKDOWNS,
  };
  const sizes = await Promise.all(firstQuestions(page).map((question) => widget(base, question)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function widget(base: string, question: FirstQuestion): Promise<number> {
  const current = await columns(base, question.request);
  const before = yearBefore(question, current.answer);
  if (before === null) return current.bytes;
  const other = await columns(base, before);
  const more = daysOfBoth({ request: question.request, before }, { current: current.answer, before: other.answer });
  const days = await Promise.all(more.map((request) => columns(base, request)));
  return [current, other, ...days].reduce((sum, { bytes }) => sum + bytes, 0);
}

async function columns(
  base: string,
  request: ColumnsRequest,
): Promise<{ readonly answer: ColumnsAnswer; readonly bytes: number }> {
  const { query, parameters } = addressedRequest(request);
  const text = await getJson(`${base}${API}/${query}?${new URLSearchParams(Object.fromEntries(parameters))}`);
  return { answer: JSON.parse(text), bytes: text.length };
}

async function getJson(url: string): Promise<string> {
  const response = await ask(url);
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}`);
  return await response.text();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

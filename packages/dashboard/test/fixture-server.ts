import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { parseDay, type Day } from "@community-stats/contract/days.ts";
import { DEFAULT_LAYOUT } from "@community-stats/contract/layout.ts";
import type { PageConfig } from "@community-stats/contract/page.ts";
import { GRANULARITIES } from "@community-stats/contract/series.ts";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { fixtureAnswer, type World } from "./fixture-answers.ts";
import { fixtureRecords } from "./fixture-records.ts";

/** Serves the built dashboard with invented numbers, to look at states that a real server seldom has: holes, failures, slowness. */

const DIST = process.env["DIST"] ?? join(import.meta.dirname, "../dist");
const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".map": "application/json",
};
const TODAY = day("2026-11-22");

function day(text: string): Day {
  const parsed = parseDay(text);
  if (parsed === null) throw new RangeError(text);
  return parsed;
}

const world: World = {
  today: TODAY,
  asOf: day("2026-11-21"),
  firstDay: day("2019-06-01"),
  missing: new Set(Array.from({ length: 9 }, (_, index) => `2026-08-${String(index + 3).padStart(2, "0")}`)),
};

function config(layout: PageConfig["layout"]): PageConfig {
  return {
    dashboardType: "global",
    scope: "global",
    slug: null,
    scopeTitle: "Repository name",
    repositoryTitle: "Repository name",
    repositoryUrl: "https://repository.example",
    enabled: true,
    disabledMessage: "",
    layout,
    title: "Statistics",
    description: "",
    showTitle: true,
    showDescription: false,
    maxHistoryYears: 10,
    defaultGranularity: "week",
    defaultRangeOptions: {
      day: "30days",
      week: "yearToDate",
      month: "yearToDate",
      quarter: "yearToDate",
      year: "2years",
    },
    uiBreakdowns: ["resource_types", "access_statuses", "languages", "rights", "countries", "subjects"],
    binarySizes: false,
    locale: "en",
    apiBase: "/api/stats-dashboard",
    helpUrl: "/stats/how-we-count",
    today: TODAY,
    generated: true,
    breakdowns: DEFAULT_BREAKDOWNS.map(({ name, records, usage, multiple }) => ({
      name,
      records: records !== null,
      usage: usage !== null,
      several: multiple,
    })),
    value: null,
    globalPath: "/stats",
    communityPath: "/communities/{slug}/stats",
  };
}

async function page(layoutFile: string | null): Promise<string> {
  const manifest = JSON.parse(await readFile(join(DIST, ".vite/manifest.json"), "utf8"));
  const entry = manifest["src/main.tsx"];
  const layout = layoutFile === null ? DEFAULT_LAYOUT : JSON.parse(await readFile(layoutFile, "utf8"));
  const links = entry.css.map((file: string) => `<link rel="stylesheet" href="/${file}">`).join("");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Statistics</title><link rel="icon" href="data:,">${links}<script type="module" src="/${entry.file}"></script></head>
<body><div id="stats-dashboard"></div><script type="application/json" id="stats-dashboard-config">${JSON.stringify(config(layout)).replaceAll("<", "\\u003c")}</script></body></html>`;
}

function send(response: ServerResponse, body: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}

function columns(path: string, query: URLSearchParams): unknown {
  const granularity = GRANULARITIES.find((name) => name === query.get("granularity")) ?? "day";
  return fixtureAnswer(
    {
      side: path.includes("record") ? "records" : "usage",
      kind: path.includes("snapshot") ? "snapshot" : "delta",
      from: day(query.get("start_date") ?? ""),
      to: day(query.get("end_date") ?? ""),
      granularity,
      metric: query.get("metrics") ?? "",
      breakdown: query.get("breakdowns"),
      top: Number(query.get("top") ?? 10),
      values: query.get("values")?.split(",") ?? null,
    },
    world,
  );
}

function recordList(path: string, query: URLSearchParams): unknown {
  const asked = {
    metric: path.includes("downloaded") ? "downloads" : "views",
    from: day(query.get("start_date") ?? ""),
    to: day(query.get("end_date") ?? ""),
    limit: Number(query.get("limit")),
  } as const;
  return fixtureRecords(asked, { asOf: world.asOf, firstDay: world.firstDay });
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname.endsWith("/status")) {
    send(response, {
      asOf: world.asOf,
      updatedAt: new Date(Date.now() - 720_000).toISOString(),
      ruleVersion: "3f9c2a77",
      running: null,
      generated: true,
    });
  } else if (url.pathname.endsWith("/scopes")) {
    send(response, [
      { key: "global", slug: null, title: "Repository name" },
      { key: "abc", slug: "abc", title: "A community" },
    ]);
  } else if (url.pathname.includes("/most-")) send(response, recordList(url.pathname, url.searchParams));
  else if (url.pathname.startsWith("/api/")) send(response, columns(url.pathname, url.searchParams));
  else if (url.pathname.startsWith("/assets/")) {
    response.setHeader("content-type", TYPES[extname(url.pathname)] ?? "text/plain");
    response.end(await readFile(join(DIST, url.pathname)));
  } else {
    response.setHeader("content-type", "text/html");
    response.end(await page(url.searchParams.get("layout")));
  }
});
server.listen(Number(process.env["PORT"] ?? 5199), "127.0.0.1");

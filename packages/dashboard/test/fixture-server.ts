import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { parseDay, type Day } from "@community-stats/contract/days.ts";
import { DEFAULT_LAYOUT } from "@community-stats/contract/layout.ts";
import type { PageConfig } from "@community-stats/contract/page.ts";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { inventedAnswer, worldOf } from "../src/gallery/answer.ts";
import { pageConfig } from "./page-config.ts";

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

const MINUTES_AGO = 12 * 60_000;
const world = { ...worldOf(TODAY), updatedAt: new Date(Date.now() - MINUTES_AGO).toISOString() };

function config(layout: PageConfig["layout"]): PageConfig {
  return pageConfig({
    scopeTitle: "Repository name",
    repositoryTitle: "Repository name",
    repositoryUrl: "https://repository.example",
    layout,
    defaultGranularity: "week",
    defaultRangeOptions: {
      day: "30days",
      week: "yearToDate",
      month: "yearToDate",
      quarter: "yearToDate",
      year: "2years",
    },
    uiBreakdowns: ["resource_types", "access_statuses", "languages", "rights", "countries", "subjects"],
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
    menu: [{ text: null, href: "/stats", current: true }],
  });
}

/** A page of somebody else, with a style of its own that reaches for everything. */
function elsewhere(body: string, service: string): string {
  return `<!doctype html><html lang="en" style="font-size:62.5%"><head><meta charset="utf-8"><title>Elsewhere</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:italic 22px/2 serif;color:purple} button{background:red!important} h2{color:red} p{text-transform:uppercase}
.red{--cs-accent:#a00000}</style>
<script type="module" src="${service}/stats/community-stats.js"></script></head><body><main><h1>Elsewhere</h1>${body}</main></body></html>`;
}

type Manifest = Readonly<
  Record<string, { readonly file: string; readonly css?: readonly string[]; readonly imports?: readonly string[] }>
>;

function stylesOf(chunks: Manifest, name: string): readonly string[] {
  const { css = [], imports = [] } = chunks[name] ?? {};
  return [...new Set([...imports.flatMap((inner) => stylesOf(chunks, inner)), ...css])];
}

async function manifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(DIST, ".vite/manifest.json"), "utf8"));
}

async function page(layoutFile: string | null, gallery: boolean): Promise<string> {
  const chunks = await manifest();
  const name = gallery ? "src/gallery.tsx" : "src/main.tsx";
  const entry = chunks[name];
  const layout = layoutFile === null ? DEFAULT_LAYOUT : JSON.parse(await readFile(layoutFile, "utf8"));
  const links = stylesOf(chunks, name).map((file) => `<link rel="stylesheet" href="/${file}">`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Statistics</title><link rel="icon" href="data:,">${links.join("")}<script type="module" src="/${entry?.file}"></script></head>
<body><div id="stats-dashboard"></div><script type="application/json" id="stats-dashboard-config">${JSON.stringify(config(layout)).replaceAll("<", "\\u003c")}</script></body></html>`;
}

function send(response: ServerResponse, body: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  // As the service does where COMMUNITY_STATS_CORS_ORIGINS lets others in.
  response.setHeader("access-control-allow-origin", "*");
  if (url.pathname === "/stats/community-stats.js") {
    response.setHeader("content-type", "text/javascript");
    response.end(`import ${JSON.stringify(`../${(await manifest())["src/embed.ts"]?.file}`)};`);
  } else if (url.pathname === "/elsewhere") {
    response.setHeader("content-type", "text/html");
    response.end(elsewhere(url.searchParams.get("body") ?? "", url.searchParams.get("service") ?? ""));
  } else if (url.pathname === "/api/stats-dashboard/page") send(response, config(DEFAULT_LAYOUT));
  else if (url.pathname.startsWith("/api/")) send(response, inventedAnswer(url, world));
  else if (url.pathname.startsWith("/assets/")) {
    response.setHeader("content-type", TYPES[extname(url.pathname)] ?? "text/plain");
    response.end(await readFile(join(DIST, url.pathname)));
  } else {
    response.setHeader("content-type", "text/html");
    response.end(await page(url.searchParams.get("layout"), url.pathname === "/stats/gallery"));
  }
});
server.listen(Number(process.env["PORT"] ?? 5199), "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) console.log(`http://127.0.0.1:${address.port}`);
});

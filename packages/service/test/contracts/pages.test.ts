import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_LAYOUT } from "@community-stats/contract/layout.ts";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { routePath } from "../../src/http/paths.ts";
import { scriptJson } from "../../src/http/page-html.ts";
import { writeWorkedExample } from "../counted-example.ts";
import { community } from "../counted-world.ts";
import { testApp } from "./app.ts";

const HOSTILE = '</script><script>alert(1)</script><!--"\u2028&amp;';
let engine: Engine;
let app: FastifyInstance;
let folder: string;

beforeAll(async () => {
  engine = await openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
  const layout = JSON.stringify({ community_layout: { tabs: [{ ...DEFAULT_LAYOUT.tabs[0], label: "Own" }] } });
  await engine.facts.append({
    communities: [
      community("S", { visibility: "restricted", title: "Secret" }),
      community("H", { title: HOSTILE, layout }),
      community("N", { dashboardEnabled: false }),
    ],
  });
  folder = await mkdtemp(join(tmpdir(), "dashboard-"));
  await mkdir(join(folder, ".vite"));
  await mkdir(join(folder, "assets"));
  const chunk = { file: "assets/react-2.js", css: ["assets/base.css"] };
  const entry = { file: "assets/main-1.js", isEntry: true, css: ["assets/main.css"], imports: ["_react"] };
  const others = {
    "src/embed.ts": { file: "assets/embed-3.js" },
    "src/gallery.tsx": { file: "assets/gallery-4.js" },
    "src/standing.tsx": { file: "assets/standing-5.js" },
    "src/layout-editor.tsx": { file: "assets/layout-editor-6.js" },
  };
  await writeFile(
    join(folder, ".vite/manifest.json"),
    JSON.stringify({ "src/main.tsx": entry, ...others, _react: chunk }),
  );
  await writeFile(join(folder, "assets/main-1.js"), "export {};");
  app = await testApp(engine, { dashboardFolder: folder });
});
afterAll(async () => {
  await app.close();
  await engine.close();
  await rm(folder, { recursive: true });
});

function configIn(html: string): Record<string, unknown> {
  const found = /<script type="application\/json" id="stats-dashboard-config">(.*?)<\/script>/s.exec(html);
  return JSON.parse(found?.[1] ?? "null");
}

describe("dashboard pages", () => {
  it.each(["/stats", "/stats/", "/stats?from=2025-01-01"])("shows the repository at %s", async (url) => {
    const response = await app.inject({ url });
    expect(response.statusCode).toBe(200);
    expect(response.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(configIn(response.body)).toMatchObject({
      dashboardType: "global",
      scope: "global",
      slug: null,
      scopeTitle: "Repository",
      enabled: true,
      apiBase: "/api/stats-dashboard",
      helpUrl: "/stats/how-we-count",
      today: "2025-03-13",
      generated: false,
      defaultGranularity: "month",
    });
  });

  it.each(["/communities/A/stats", "/communities/a/stats", "/communities/a/stats/"])(
    "shows a community at %s",
    async (url) => {
      const config = configIn((await app.inject({ url })).body);
      expect(config).toMatchObject({ dashboardType: "community", scope: "A", slug: "a", scopeTitle: "Community A" });
    },
  );

  it.each(["/stats/how-we-count", "/stats/how-we-count/"])("says at %s what each number means", async (url) => {
    const { statusCode, headers, body } = await app.inject({ url });
    expect([statusCode, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(body).toContain("<h1>What each number means</h1>");
    expect(body).toContain('<link rel="stylesheet" href="/assets/main.css">');
    expect(body).toContain("Numbers are complete to 12 Mar 2025.");
    expect(body).toContain('<a href="/stats">Statistics</a>');
    expect(body).not.toContain("<script");
    for (const [, id = ""] of body.matchAll(/<a href="#([^"]+)">/g)) expect(body).toContain(`id="${id}"`);
  });

  it.each([
    ["?lang=de", "fr", "de", "Was jede Zahl bedeutet", "/stats?lang=de"],
    ["", "es-MX, en;q=0.5", "es", "Qué significa cada cifra", "/stats"],
    ["?lang=fr", "de", "fr", "Ce que signifie chaque chiffre", "/stats?lang=fr"],
    ["?lang=xx", "xx", "en", "What each number means", "/stats?lang=en"],
  ])("counts at %j, for who accepts %j, in %s", async (search, accepted, language, title, back) => {
    const { body } = await app.inject({
      url: `/stats/how-we-count${search}`,
      headers: { "accept-language": accepted },
    });
    expect(body).toContain(`<a href="${back}">`);
    expect(body).toContain(`<html lang="${language}">`);
    expect(body).toContain(`<main class="prose" id="prose" lang="${language}"><h1>${title}</h1>`);
    expect(body).toContain('<h2 id="running-totals">');
    const current = [...body.matchAll(/ hreflang="(\w+)"( aria-current="true")?>/g)];
    expect(current.map(([, offered, marked]) => [offered, marked !== undefined])).toEqual(
      ["de", "en", "es", "fr"].map((offered) => [offered, offered === language]),
    );
  });

  it("leads to the same page in other languages, each named in itself", async () => {
    const { body } = await app.inject({ url: "/stats/how-we-count?lang=fr" });
    expect(body).toContain('<nav class="languages" aria-label="Langue">');
    expect(body).toContain('<a href="?lang=de" lang="de" hreflang="de">Deutsch</a>');
  });

  it.each([
    "/stats/value/resource_types/publication-article",
    "/communities/a/stats/value/resource_types/publication-article",
  ])("has a page about one value at %s", async (url) => {
    const config = configIn((await app.inject({ url })).body);
    expect(config).toMatchObject({
      value: { breakdown: "resource_types", id: "publication-article" },
      communityPath: "/communities/{slug}/stats",
    });
    expect(JSON.stringify(config["layout"])).toContain("ContentStatsChartCumulative");
  });

  it.each([
    "/stats/value/languages/tlh",
    "/stats/value/nonsense/eng",
    "/communities/S/stats/value/languages/eng",
    "/communities/S/stats/status",
  ])("says politely that there is nothing at %s", async (url) => {
    const { statusCode, body } = await app.inject({ url });
    expect([statusCode, body.includes("There are no statistics here")]).toEqual([404, true]);
  });

  it.each([
    ["/stats/value/nonsense/eng", "de-CH, en;q=0.5", 'lang="de"', "Hier gibt es keine Statistik"],
    ["/stats/value/nonsense/eng?lang=es", "de", 'lang="es"', "Aquí no hay estadísticas"],
    ["/stats", "fr", "<noscript>", "Les statistiques sont dessinées par un script."],
    ["/stats/how-we-count", "xx, fr;q=0.9, de;q=0.1", "Aller au texte", "Comment nous comptons"],
    ["/stats/how-we-count", "xx", "Skip to the text", "How we count"],
  ])("writes what is around %s in the language of %s", async (url, language, first, second) => {
    const { body } = await app.inject({ url, headers: { "accept-language": language } });
    expect([body.includes(first), body.includes(second)]).toEqual([true, true]);
  });

  it.each([
    ["/stats/status", "global", "Status of the numbers · Statistics · Repository"],
    ["/communities/a/stats/status/", "A", "Status of the numbers · Statistics · Community A"],
    ["/stats/status?lang=de", "global", "Stand der Zahlen · Statistics · Repository"],
  ])("has a page at %s that tells how far the numbers of %s go", async (url, scope, title) => {
    const { body } = await app.inject({ url });
    expect([body.includes(`<title>${title}</title>`), body.includes("/assets/standing-5.js")]).toEqual([true, true]);
    expect(configIn(body)).toMatchObject({ scope, apiBase: "/api/stats-dashboard" });
  });

  it("has a gallery of all widgets", async () => {
    const { statusCode, body } = await app.inject({ url: "/stats/gallery" });
    expect([statusCode, body.includes("/assets/gallery-4.js")]).toEqual([200, true]);
  });

  it.each([
    ["", "Layout editor · Statistics · Repository", { scope: "global" }],
    ["?lang=de", "Anordnung bearbeiten · Statistics · Repository", { scope: "global" }],
    ["?community=a", "Layout editor · Statistics · Community A", { scope: "A", slug: "a", enabled: true }],
    [
      "?community=H",
      "Layout editor · Statistics · &lt;/script&gt;",
      { scope: "H", layout: { tabs: [{ label: "Own" }] } },
    ],
    ["?community=n", "Layout editor · Statistics · ", { scope: "N", enabled: false }],
  ])("has a layout editor at %j that begins with what the page of the scope shows", async (query, title, config) => {
    const { statusCode, headers, body } = await app.inject({ url: `/stats/layout-editor${query}` });
    expect([statusCode, headers["cache-control"]]).toEqual([200, "no-store"]);
    expect([body.includes(`<title>${title}`), body.includes("/assets/layout-editor-6.js")]).toEqual([true, true]);
    expect(configIn(body)).toMatchObject({ ...config, generated: true });
  });

  it("tells who edits layouts as little of unknown and restricted communities as their pages do", async () => {
    const headers = { accept: "text/html" };
    const page = await app.inject({ url: "/communities/S/stats", headers });
    for (const name of ["S", "s", "unknown", "%00", "..%2fa"]) {
      const { statusCode, body } = await app.inject({ url: `/stats/layout-editor?community=${name}`, headers });
      expect([statusCode, body]).toEqual([404, page.body]);
    }
  });

  it("names the ways to the dashboards, as configured", async () => {
    const menuAt = async (url: string) => configIn((await app.inject({ url })).body)["menu"];
    const main = { text: null, href: "/stats" };
    expect(await menuAt("/stats")).toEqual([{ ...main, current: true }]);
    expect(await menuAt("/communities/A/stats")).toEqual([
      { ...main, current: false },
      { text: null, href: "/communities/a/stats", current: true },
    ]);
    const shell = join(folder, "shell.html");
    await writeFile(shell, "<p>Theirs</p><!-- stats:head --><!-- stats:header --><!-- stats:dashboard -->");
    const framed = await testApp(engine, {
      dashboardFolder: folder,
      environment: {
        STATS_DASHBOARD_MENU_TEXT: "Numbers & more",
        STATS_DASHBOARD_COMMUNITY_MENU_ENABLED: "False",
        COMMUNITY_STATS_HELP_URL: "/help/statistics",
        STATS_DASHBOARD_TEMPLATES: JSON.stringify({ community: shell, global: "invenio_stats_dashboard/x.html" }),
      },
    });
    const { body } = await framed.inject({ url: "/communities/A/stats" });
    expect(body.startsWith("<p>Theirs</p><title>Statistics · Community A</title>")).toBe(true);
    expect(body).toContain('<a class="item" href="/stats">Numbers &amp; more</a></nav>');
    expect(body).toContain('<div id="stats-dashboard" data-shell="none">');
    expect(configIn(body)).toMatchObject({ scopeTitle: "Community A", helpUrl: "/help/statistics" });
    expect((await framed.inject({ url: "/stats" })).body).toMatch(/^<!doctype html>/);
    await framed.close();
  });

  it.each([
    [{}, '<a href="/stats/how-we-count?lang=de">Wie wir zählen</a>'],
    [{ COMMUNITY_STATS_HELP_URL: "/help/statistics" }, '<a href="/help/statistics">Wie wir zählen</a>'],
  ])("at the foot of a repository's own page, with %j, leads to %s", async (settings, link) => {
    const shell = join(folder, "foot.html");
    await writeFile(shell, "<!-- stats:head --><!-- stats:dashboard --><!-- stats:footer -->");
    const templates = JSON.stringify({ global: shell, community: "invenio_stats_dashboard/x.html" });
    const environment = { ...settings, STATS_DASHBOARD_TEMPLATES: templates };
    const framed = await testApp(engine, { dashboardFolder: folder, environment });
    const { body } = await framed.inject({ url: "/stats", headers: { "accept-language": "de" } });
    expect(body.endsWith(`<p class="stats-dashboard-footer">${link}</p>`)).toBe(true);
    await framed.close();
  });

  it("leads from the root to the repository", async () => {
    const response = await app.inject({ url: "/" });
    expect([response.statusCode, response.headers["location"]]).toEqual([302, "/stats"]);
  });

  it("loads the built files, which may be kept for good", async () => {
    const { body } = await app.inject({ url: "/stats" });
    expect(body).toContain('<script type="module" src="/assets/main-1.js"></script>');
    expect(body).toContain('<link rel="stylesheet" href="/assets/base.css">');
    expect(body).toContain('<link rel="modulepreload" href="/assets/react-2.js">');
    const file = await app.inject({ url: "/assets/main-1.js" });
    expect(file.headers["cache-control"]).toContain("immutable");
    expect((await app.inject({ url: "/assets/../.vite/manifest.json" })).statusCode).toBe(404);
    expect((await app.inject({ url: "/assets/%2e%2e/.vite/manifest.json" })).statusCode).toBe(404);
  });

  it("lets no title become a script", async () => {
    const { body, headers } = await app.inject({ url: "/communities/H/stats" });
    expect(body.match(/<script/g)).toHaveLength(2);
    expect(body).not.toContain("alert(1)</script>");
    expect(configIn(body)).toMatchObject({ scopeTitle: HOSTILE });
    expect(headers["content-security-policy"]).toContain("script-src 'self'");
    expect(headers["content-security-policy"]).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("takes a community's own layout, and says where its dashboard is off", async () => {
    const hostile = configIn((await app.inject({ url: "/communities/h/stats" })).body);
    expect(hostile).toMatchObject({ layout: { tabs: [{ label: "Own" }] } });
    const off = configIn((await app.inject({ url: "/communities/n/stats" })).body);
    expect(off).toMatchObject({ enabled: false });
    expect(off["disabledMessage"]).not.toBe("");
  });

  it("answers alike for unknown, restricted and malformed communities", async () => {
    const bodies = [];
    for (const name of ["S", "s", "unknown", "%00", "..%2fa", "<b>"]) {
      const response = await app.inject({ url: `/communities/${name}/stats`, headers: { accept: "text/html" } });
      expect(response.statusCode).toBe(404);
      bodies.push(response.body);
    }
    expect(new Set(bodies).size).toBe(1);
  });

  it("has a page for every other address", async () => {
    const page = await app.inject({ url: "/nothing", headers: { accept: "text/html,*/*" } });
    expect(page.statusCode).toBe(404);
    expect(page.headers["content-type"]).toContain("text/html");
    const api = await app.inject({ url: "/api/nothing", headers: { accept: "text/html,*/*" } });
    expect(api.json()).toMatchObject({ status: 404, code: "NOT_FOUND" });
  });

  it("says how to build the dashboard where it is not built", async () => {
    const bare = await testApp(engine);
    const response = await bare.inject({ url: "/stats" });
    expect(response.statusCode).toBe(200);
    expect(response.body).toContain("npm run build");
    await bare.close();
  });

  it("serves the addresses that are configured", async () => {
    const routes = '{"global": "/insights/", "community": "/c/<pid_value>/insights"}';
    const moved = await testApp(engine, { environment: { STATS_DASHBOARD_ROUTES: routes } });
    expect((await moved.inject({ url: "/insights" })).statusCode).toBe(200);
    expect(configIn((await moved.inject({ url: "/c/a/insights" })).body)).toMatchObject({ scope: "A" });
    expect((await moved.inject({ url: "/stats" })).statusCode).toBe(404);
    await moved.close();
  });
});

describe("logs", () => {
  it("hold neither addresses nor tokens nor the text of requests", async () => {
    const lines: string[] = [];
    const logged = await testApp(engine, { log: (line) => lines.push(line) });
    const headers = { authorization: "Bearer sesame", cookie: "session=crumbs", "x-forwarded-for": "203.0.113.7" };
    await logged.inject({ url: "/stats?token=sesame", headers, remoteAddress: "198.51.100.4" });
    await logged.inject({ url: "/api/nothing/sesame", headers, remoteAddress: "198.51.100.4" });
    await logged.close();
    const text = lines.join("");
    expect(text).toContain('"route":"/stats"');
    for (const secret of ["sesame", "crumbs", "203.0.113.7", "198.51.100.4"]) expect(text).not.toContain(secret);
  });
});

describe("routePath", () => {
  it.each([
    ["/stats", "/stats"],
    ["stats/", "/stats"],
    ["/", "/"],
    ["/communities/<pid_value>/stats", "/communities/:pid_value/stats"],
    ["/communities/<string:community_id>/stats/", "/communities/:community_id/stats"],
  ])("%s is %s", (configured, path) => expect(routePath(configured)).toBe(path));
});

describe("scriptJson", () => {
  it("means the same and cannot leave its element", () => {
    const text = scriptJson({ text: HOSTILE });
    expect(JSON.parse(text)).toEqual({ text: HOSTILE });
    expect(text).not.toMatch(/[<>&\u2028]/);
  });
});

describe("the element for pages elsewhere", () => {
  it("has a script at an address that stays, which anybody may load", async () => {
    const { headers, body } = await app.inject({ url: "/stats/community-stats.js" });
    expect(body).toBe('import "./../assets/embed-3.js";\n');
    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "no-cache",
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
    });
    const asset = await app.inject({ url: "/assets/main-1.js" });
    expect(asset.headers["access-control-allow-origin"]).toBe("*");
  });

  it.each([
    ["", "global"],
    ["?community_id=a", "A"],
    ["?community_id=A", "A"],
  ])("is told what a page is configured with: %s", async (query, scope) => {
    const response = await app.inject({ url: `/api/stats-dashboard/page${query}` });
    expect([response.statusCode, response.json().scope]).toEqual([200, scope]);
    expect(response.headers["access-control-allow-origin"]).toBeUndefined();
  });

  it("learns nothing of what it may not read", async () => {
    const [secret, unknown] = await Promise.all(
      ["S", "none"].map((id) => app.inject({ url: `/api/stats-dashboard/page?community_id=${id}` })),
    );
    expect([secret?.statusCode, unknown?.statusCode]).toEqual([404, 404]);
    expect(secret?.body).not.toContain("Secret");
  });
});

import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import type { LayoutDocument } from "@community-stats/contract/layout.ts";
import type { CategoryResult } from "@community-stats/contract/series.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeWorkedExample } from "../../test/counted-example.ts";
import { clockAt, community } from "../../test/counted-world.ts";
import type { Engine } from "../engine/engine.ts";
import { openMemory } from "../engines/memory/open.ts";
import { Queries } from "./queries.ts";
import { OPERATOR } from "./scopes.ts";

const layoutOf = (...components: LayoutDocument["tabs"][0]["rows"][0]["components"]): LayoutDocument => ({
  tabs: [{ name: "t", label: "T", rows: [{ name: "r", components }] }],
});
const layouts = {
  layoutGlobal: layoutOf({ component: "SingleStatViews" }, { component: "LanguagesMultiDisplayViewsDelta" }),
  layoutCommunity: layoutOf({ component: "SingleStatDownloads" }),
};
let engine: Engine;
let queries: Queries;

beforeEach(async () => {
  engine = await openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
  const own = layoutOf({ component: "TrafficStatsChart", props: { display_subcounts: ["resource_types"] } });
  await engine.facts.append({
    communities: [community("B", { layout: JSON.stringify({ community_layout: own }), updated: 5 as never })],
  });
  queries = new Queries({ engine, breakdowns: DEFAULT_BREAKDOWNS, topLimit: 20, now: clockAt("2025-03-13"), layouts });
});
afterEach(() => engine.close());

async function category(query: string, given: object): Promise<CategoryResult> {
  const result = await queries.run(await queries.plan(query, { ...given }, OPERATOR));
  if (result.form !== "category") throw new Error(result.form);
  return result.result;
}

async function canonicalText(given: object): Promise<string> {
  return (await queries.prepare("usage-delta-category", { ...given }, OPERATOR)).parameters;
}

/** Category → metrics, of those that have any. */
function metricsOf(result: CategoryResult): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(result).map(([name, metrics]) => [name, Object.keys(metrics)] as const);
  return Object.fromEntries(entries.filter(([, metrics]) => metrics.length > 0));
}

describe("optimize", () => {
  it("leaves what the widgets of the repository's layout read, and every category as a key", async () => {
    const result = await category("usage-delta-category", { optimize: true });
    expect(metricsOf(result)).toEqual({
      global: ["viewUniqueRecords", "views"],
      languages: ["viewUniqueRecords", "views"],
    });
    expect(result["countries"]).toEqual({});
    const whole = await category("usage-delta-category", {});
    expect(result["global"]?.["views"]).toEqual(whole["global"]?.["views"]);
  });

  it("takes for each entry the layout of its own community", async () => {
    const ofA = metricsOf(await category("usage-delta-category", { community_id: "A", optimize: true }));
    expect(ofA).toEqual({ global: ["downloadUniqueFiles", "downloads"] });
    const ofB = metricsOf(await category("usage-delta-category", { community_id: "B", optimize: true }));
    expect(Object.keys(ofB)).toEqual(["global", "resourceTypes"]);
  });

  it("reads the list by views for views, the list by downloads for downloads", async () => {
    const result = await category("usage-snapshot-category", { component_names: ["TrafficStatsChartCumulative"] });
    expect(metricsOf(result)).toMatchObject({
      languagesByView: ["viewUniqueRecords", "views"],
      languagesByDownload: ["dataVolume", "downloadUniqueFiles", "downloads"],
      fileTypes: ["dataVolume", "downloadUniqueFiles", "downloads", "viewUniqueRecords", "views"],
    });
  });

  it("takes the widgets that are named before those of the layout", async () => {
    const given = { optimize: true, component_names: "SingleStatTraffic,StatsMap" };
    expect(metricsOf(await category("usage-delta-category", given))).toEqual({
      global: ["dataVolume"],
      countries: ["downloadUniqueFiles", "downloads", "viewUniqueRecords", "views"],
    });
  });

  it.each([{ optimize: false }, { optimize: false, component_names: ["SingleStatViews"] }, { component_names: [] }])(
    "leaves everything for %j",
    async (given) => {
      expect(await category("record-delta-category", given)).toEqual(await category("record-delta-category", {}));
    },
  );

  it("does not know widgets that there are not", async () => {
    await expect(category("usage-delta-category", { component_names: ["SingleStatView"] })).rejects.toMatchObject({
      code: "UNKNOWN_COMPONENT",
      hint: expect.stringContaining("Did you mean SingleStatViews?"),
    });
  });

  it("gives equal canonical parameters only to equal answers", async () => {
    const cut = await canonicalText({ optimize: true });
    expect(await canonicalText({ optimize: false })).toBe(await canonicalText({}));
    expect(cut).not.toBe(await canonicalText({}));
    expect(cut).not.toBe(await canonicalText({ optimize: true, community_id: "A" }));
    const names = ["SingleStatViews", "LanguagesMultiDisplayViewsDelta"];
    expect(JSON.parse(await canonicalText({ component_names: names }))).toEqual({ widgets: names });
  });
});

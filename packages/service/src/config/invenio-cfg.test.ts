import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { configFrom } from "./config.ts";
import { gatherSources } from "./sources.ts";

const folder = fileURLToPath(new URL("../../../../fixtures/config", import.meta.url));

describe("the configuration of a whole repository", async () => {
  const config = configFrom(await gatherSources({ folder, environment: {}, file: null }));

  const told = (kind: string) => config.loaded.notes.filter((note) => note.kind === kind);

  it("is effective", () => {
    const { dashboard } = config;
    expect(config).toMatchObject({
      scheduledAggregation: true,
      scheduledCaching: true,
      topLimit: 25,
      repositoryTitle: "Example Works",
      siteUrl: "https://works.example",
      binarySizes: true,
      port: 8080,
    });
    expect(dashboard.routes).toEqual({ global: "/numbers", community: "/communities/<community_id>/stats" });
    expect(dashboard.global).toMatchObject({
      title: "Works in numbers",
      description: "What we hold, and how it is used.",
      maxHistoryYears: 10,
      defaultGranularity: "quarter",
    });
    expect(dashboard.community).toMatchObject({ title: "Statistics", showDescription: true });
    expect(dashboard.defaultRangeOptions).toMatchObject({ day: "90days", week: "24weeks", month: "12months" });
  });

  it("switches breakdowns by a spread of the defaults", () => {
    const named = (name: string) => config.breakdowns.find((breakdown) => breakdown.name === name);
    expect(config.breakdowns).toHaveLength(12);
    expect(named("languages")).toMatchObject({ records: null, usage: null });
    expect(named("subjects")?.records).not.toBeNull();
    expect(named("subjects")?.usage).toMatchObject({ from: "record", snapshot: "top" });
    expect(named("publishers")).toMatchObject({ records: null, usage: null });
  });

  it("tells what was not understood, what is unknown and what has no effect", () => {
    expect(told("skipped").map(({ subject }) => subject)).toEqual([
      "STATS_DASHBOARD_USE_TEST_DATA",
      "COMMUNITY_STATS_CELERYBEAT_AGG_SCHEDULE",
      "STATS_DASHBOARD_COMMUNITY_OPT_IN",
      "STATS_DASHBOARD_DISABLED_MESSAGE_COMMUNITY",
    ]);
    expect(told("unknown").map(({ text }) => text)).toEqual([
      expect.stringContaining("Did you mean STATS_DASHBOARD_MENU_TEXT?"),
    ]);
    expect(told("without effect").map(({ subject }) => subject)).toEqual([
      "STATS_REGISTER_INDEX_TEMPLATES",
      "STATS_DASHBOARD_MENU_REGISTRATION_FUNCTION",
    ]);
  });
});

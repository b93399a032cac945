import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { configFrom } from "./config.ts";
import { gatherSources } from "./sources.ts";

const folder = fileURLToPath(new URL("../../../../fixtures/config/manual", import.meta.url));

/** The examples of the configuration manual, in our own files. */
async function example(name: string) {
  const config = configFrom(await gatherSources({ folder, environment: {}, file: `${name}.cfg` }));
  const told = config.loaded.notes.map(({ kind, subject }) => `${kind} ${subject}`);
  return { config, told };
}

it("switches each on its own", async () => {
  const { config, told } = await example("switches");
  expect(told).toEqual([]);
  expect(config).toMatchObject({
    enabled: true,
    scheduledAggregation: false,
    scheduledCaching: true,
    testData: false,
    topLimit: 20,
    catchUpDays: 365,
  });
});

it("schedules and locks", async () => {
  const { config, told } = await example("schedules");
  expect(told).toEqual([]);
  expect(config.schedule.aggregation).toEqual([
    { kind: "cron", name: "stats-aggregate-community-record-stats", pattern: "40 * * * *" },
  ]);
  expect(config.schedule.caching).toEqual([
    { kind: "cron", name: "stats-cache-hourly-generation", pattern: "45 */2 * * *" },
  ]);
  expect(config.locks).toEqual({
    aggregation: { enabled: true, seconds: 86_400, name: "community_stats_aggregation" },
    caching: { enabled: false, seconds: 3600, name: "community_stats_cache_generation" },
  });
});

it("gives pages their texts, ranges, breakdowns and layout", async () => {
  const { config } = await example("pages");
  const { dashboard } = config;
  expect(dashboard).toMatchObject({
    routes: { global: "/stats", community: "/communities/<community_id>/stats" },
    global: { title: "Statistics", maxHistoryYears: 15, defaultGranularity: "month", showTitle: true },
    community: { description: "This is the community stats dashboard.", showDescription: false },
    defaultRangeOptions: { day: "30days", year: "5years" },
  });
  const components = dashboard.layoutGlobal.tabs.flatMap(({ rows }) =>
    rows.flatMap((row) => row.components.map(({ component }) => component)),
  );
  expect(components).toEqual([
    "DateRangeSelector",
    "SingleStatRecordCount",
    "SingleStatUploaders",
    "SingleStatDataVolume",
    "StatsChart",
    "ResourceTypesTable",
    "AccessStatusTable",
    "RightsTable",
    "AffiliationsTable",
  ]);
  // A type without a layout has that of the repository.
  expect(dashboard.layoutCommunity).toEqual(dashboard.layoutGlobal);
});

it("counts by the given fields", async () => {
  const { config } = await example("subcounts");
  const named = (name: string) => config.breakdowns.find((breakdown) => breakdown.name === name);
  expect(config.breakdowns).toHaveLength(12);
  expect(named("resource_types")).toMatchObject({
    records: { sources: [{ entries: "metadata.resource_type", id: "id", label: "title" }] },
    usage: null,
  });
  expect(named("subjects")?.records?.sources).toMatchObject([{ entries: "metadata.subjects", id: "subject" }]);
  expect(named("affiliations")?.records?.sources).toMatchObject([
    { entries: "metadata.creators.affiliations", id: "id", orName: "name" },
    { entries: "metadata.contributors.affiliations", id: "id", orName: "name" },
  ]);
  expect(named("languages")?.usage).not.toBeNull();
});

it("accepts what belongs to the repository, and says that it has no effect", async () => {
  const { told, config } = await example("host");
  expect(told).toEqual(["without effect STATS_EVENTS", "without effect STATS_REGISTER_INDEX_TEMPLATES"]);
  expect(config.reindexing).toEqual({ maxBatches: 1000, batchSize: 5000, maxMemoryPercent: 85 });
});

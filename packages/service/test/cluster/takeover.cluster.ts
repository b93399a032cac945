import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openOpenSearch } from "../../src/engines/opensearch/open.ts";
import { StateStore } from "../../src/migration/state-store.ts";
import { scheduledRounds } from "../../src/schedule/hourly.ts";
import type { EventInstance } from "./event-instance.ts";
import { OriginalInstallation, originalEvents } from "./original-installation.ts";
import { OPENSEARCH_URL, optionsFor } from "./test-cluster.ts";
import { type At, type Told, UsageCommands } from "./usage-commands.ts";

/** Distinct events of each month, whichever index they are in. */
const EVENTS = { "2025-10": 60, "2025-11": 60, "2025-12": 60, "2026-01": 55, "2026-02": 40 } as const;

let left: OriginalInstallation;
let instance: EventInstance;
let engine: Engine;
let commands: UsageCommands;

beforeAll(async () => {
  left = await OriginalInstallation.make();
  ({ instance } = left);
  engine = await openOpenSearch(optionsFor(instance.prefix));
  commands = new UsageCommands(engine, Date.parse("2026-02-27T12:00:00Z"));
});
afterAll(async () => {
  await engine.close();
  await left.remove();
  commands.end();
});

const run = (args: string, at: At = {}): Promise<Told> => commands.run(["usage-events", ...args.split(" ")], at);
const json = (args: string, at: At = {}) => commands.json(["usage-events", ...args.split(" ")], at);

interface Row {
  readonly month: string;
  readonly phase: string;
  readonly target: string;
  readonly migrated: number;
}
async function rows(): Promise<readonly Row[]> {
  return (await json("status"))["migration"] as readonly Row[];
}

/** How many events of each month readers see; one that is seen twice counts twice. */
async function seenByMonth(): Promise<Readonly<Record<string, number>>> {
  const seen = await instance.seen(instance.base("view"));
  const months = Map.groupBy(seen.values(), ({ timestamp }) => String(timestamp).slice(0, 7));
  return Object.fromEntries(Array.from(months, ([month, its]) => [month, its.length]).toSorted());
}

/** Use by the year of publication, and none by journal. */
const BY_YEAR = {
  COMMUNITY_STATS_ENGINE: "opensearch",
  OPENSEARCH_URL,
  COMMUNITY_STATS_SUBCOUNTS: JSON.stringify({
    years: {
      usage_events: {
        event_field: "years",
        extraction_path_for_event: "metadata.publication_date",
        source_fields: [{ field: "years" }],
      },
    },
    periodicals: { records: {}, usage_events: {} },
  }),
};

/** As by a run that was killed while it removed old indices: only the bookmark knows. */
async function leftBlocked(month: string): Promise<void> {
  const [states, key, index] = [
    new StateStore(engine.control),
    { type: "view", month } as const,
    instance.index("view", month),
  ];
  const state = await states.read(key);
  if (state === null) throw new Error(`nothing is known of ${month}`);
  await states.write(key, { ...state, blocked: [index] });
  await instance.ask("PUT", `/${index}/_settings`, { "index.blocks.write": true });
}

/** What the schedule runs for events, one command after the other. */
async function onSchedule(at: At): Promise<void> {
  const round = scheduledRounds(loadConfig(at.environment ?? {})).find(({ name }) => name === "events");
  expect(round?.commands).not.toEqual([]);
  for (const words of round?.commands ?? []) expect(await commands.run(words, at)).toMatchObject({ code: 0 });
}

describe("an installation that the original left", () => {
  it("is seen as it is before anything is changed", async () => {
    expect(await seenByMonth()).toEqual({ "2025-10": 60, "2025-11": 80, "2026-01": 50, "2026-02": 40 });
    expect((await run("status")).out).toContain("community-stats ingest --instance");
    const before = await instance.indices();
    const { months } = await json("migrate --dry-run");
    expect(months).toMatchObject(Object.keys(EVENTS).map((month) => ({ month, phase: "not started", migrated: 0 })));
    expect(await instance.indices()).toEqual(before);
  });

  it.each([
    ["migrate --months 2019-01", "There is no index of events (view and download) of 2019-01."],
    ["migrate --months 2025-11:2025-10", "is neither a month nor a range"],
    ["migrate --months March", "is neither a month nor a range"],
    ["migrate --batch-size 10001", "is no whole number from 1 to 10000"],
    ["migrate --max-memory-percent 0", "is no whole number from 1 to 100"],
    ["migrate --keep-up --fresh-start --event-types view", "Leave --event-types and --fresh-start out"],
    ["migrate --async --dry-run", "Leave --dry-run out"],
    [
      "cleanup-old-indices --months 2019-01 --yes-i-know",
      "There is no index of events (view and download) of 2019-01.",
    ],
    ["clear-bookmarks --event-type view --month 2019-01 --confirm", "There is no index of events (view) of 2019-01."],
    ["clear-bookmarks --month 2026-2", "is neither a month nor a range"],
    ["clear-bookmarks --month 2025-10:2025-11", "is no single month"],
  ])("is not touched by a mistake: %s", async (command, told) => {
    expect(await run(command)).toMatchObject({ code: 2, err: expect.stringContaining(told) });
    expect(await rows()).toMatchObject(Object.keys(EVENTS).map(() => ({ phase: "not started" })));
  });

  it("is not touched while the repository's records cannot be read", async () => {
    const alias = {
      index: `${instance.prefix}rdmrecords-records-record-v7.0.0-1`,
      alias: `${instance.prefix}rdmrecords-records`,
    };
    await instance.ask("POST", "/_aliases", { actions: [{ remove: alias }] });
    const before = await instance.indices();
    expect(await run("migrate")).toMatchObject({ code: 1, err: expect.stringContaining("not one record is known") });
    expect(await instance.indices()).toEqual(before);
    await instance.ask("POST", "/_aliases", { actions: [{ add: alias }] });
  });

  it("is copied as far as the configuration lets one run go", async () => {
    const limits = { STATS_DASHBOARD_REINDEXING_MAX_BATCHES: "2", STATS_DASHBOARD_REINDEXING_BATCH_SIZE: "10" };
    const { code, out } = await run("migrate --months 2025-10 --json", { environment: limits });
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      months: [{ phase: "paused", copied: 20, reason: expect.stringContaining("the limit of 2 batches") }],
    });
    expect((await run("status --show-incomplete")).out).toContain("Go on with: community-stats usage-events migrate");
  });

  it("is taken over in place: readers see every event once, enriched", async () => {
    const { months } = await json("migrate --batch-size 25 --max-batches 100");
    expect(months).toMatchObject(Object.keys(EVENTS).map((month) => ({ month, phase: "verified", reason: null })));
    expect(await seenByMonth()).toEqual(EVENTS);
    const seen = await instance.seen(instance.base("view"));
    for (const event of seen.values()) {
      expect(event).toMatchObject({
        resource_type: { id: "dataset", title: { en: "Dataset", de: "Datensatz" } },
        funders: [{ id: "00k4n6c32", name: "European Commission" }],
        affiliations: [{ id: "0uni00001", name: "Uni One" }],
        journal_title: "Journal of Things",
        access_status: "open",
        file_types: ["pdf"],
      });
      expect(event).not.toHaveProperty("subjects");
    }
  });

  it("has the communities of each event's instant, not those of the original", async () => {
    const seen = Array.from((await instance.seen(instance.base("view"))).values());
    const of = (record: string, from: string) =>
      seen.filter(({ recid, timestamp }) => recid === record && String(timestamp) >= from);
    expect(
      seen.filter(({ timestamp }) => String(timestamp) < "2025-11").flatMap((one) => one["community_ids"]),
    ).toEqual([]);
    const [two = {}] = of("e9bqh-7fw06", "2025-11-02");
    expect(two["community_ids"]).toEqual([
      "3a318dbc-1845-4194-ab73-234a01d2d18a",
      "428c4eba-8d6c-40a2-9180-9c0101b5bc08",
    ]);
    expect(of("2fch0-je490", "2025-10")[0]?.["community_ids"]).toEqual([]);
  });

  it("still takes the repository's writes where they go by an alias, and enriches them on schedule", async () => {
    await instance.write("view", [
      { timestamp: "2026-01-31T23:00:00", recid: "e9bqh-7fw06", visitor: "late" },
      { timestamp: "2026-02-27T11:00:00", recid: "e9bqh-7fw06", visitor: "now" },
    ]);
    const before = await instance.indices();
    const { months: due } = await json("migrate --keep-up --dry-run");
    expect(due).toMatchObject([{ month: "2026-01" }, { month: "2026-02" }]);
    expect(await instance.indices()).toEqual(before);
    const { months } = await json("migrate --keep-up");
    expect(months).toMatchObject([
      { month: "2026-01", phase: "verified", inPlace: 1 },
      { month: "2026-02", phase: "verified", copied: 1 },
      { month: "2026-03", phase: "retired", inPlace: 0 },
    ]);
    const seen = await instance.seen(instance.base("view"));
    expect(seen.size).toBe(277);
    for (const id of ["2026-01-31T23:00:00-e9bqh-7fw06-late", "2026-02-27T11:00:00-e9bqh-7fw06-now"]) {
      expect(seen.get(id)).toMatchObject({ journal_title: "Journal of Things" });
    }
  });

  it("has the index of the next month before the first event, so that events arrive in it", async () => {
    const name = `${instance.index("view", "2026-03")}-v2.0.0`;
    expect(await instance.aliases(instance.index("view", "2026-03"))).toEqual([name]);
    await instance.write("view", originalEvents("2026-03", 3));
    expect(await json("migrate --keep-up", { now: Date.parse("2026-03-04T00:00:00Z") })).toMatchObject({
      months: [{ month: "2026-01" }, { month: "2026-03", phase: "retired", inPlace: 3 }],
    });
    const seen = await instance.seen(instance.base("view"));
    expect(seen.size).toBe(280);
    expect(seen.get("2026-03-03T00:00:00-e9bqh-7fw06-v0")).toMatchObject({ journal_title: "Journal of Things" });
  });

  it("tells the months whole, with totals and bookmarks", async () => {
    const { out } = await run("status --show-bookmarks --show-indices");
    expect(out).toMatch(/^view +2025-12 +verified +\S+-v2\.0\.1 +60 +60 +0$/m);
    expect(out).toMatch(/^view +all +280 +280 +0$/m);
    expect(out).toContain("OpenSearch: well");
    expect(out).toContain(`from ${instance.index("view", "2025-10")}: 60 events`);
    expect((await run("status --show-not-started")).out).toContain("No such month.");
  });

  it("loses old indices only when it is asked and each event is compared", async () => {
    expect(await run("cleanup-old-indices")).toMatchObject({ code: 2, err: expect.stringContaining("--yes-i-know") });
    const { out } = await run("cleanup-old-indices --dry-run");
    expect(out).toContain("view 2026-02: old indices stay: the month is not over");
    expect(out).toContain("view 2025-10: old indices can go");
    await instance.ask(
      "DELETE",
      `/${instance.index("view", "2025-10")}-v2.0.1/_doc/2025-10-03T00:00:00-e9bqh-7fw06-v0`,
    );
    const { code } = await run("cleanup-old-indices --months 2025-10:2025-12 --yes-i-know");
    expect(code).toBe(3);
    expect(await instance.indices()).toContain(instance.index("view", "2025-10"));
    expect((await instance.seen(instance.base("view"))).size).toBe(280);
    expect(await run("cleanup-old-indices --yes-i-know")).toMatchObject({ code: 0 });
    expect(await instance.indices()).toEqual([
      `${instance.index("view", "2025-10")}-v2.0.1`,
      `${instance.index("view", "2025-11")}-v2.0.1`,
      `${instance.index("view", "2025-12")}-v2.0.1`,
      `${instance.index("view", "2026-01")}-v2.0.1`,
      instance.index("view", "2026-02"),
      `${instance.index("view", "2026-02")}-v2.0.0`,
      `${instance.index("view", "2026-03")}-v2.0.0`,
    ]);
    expect((await instance.seen(instance.base("view"))).size).toBe(280);
  });

  it("begins anew where its bookmarks are cleared", async () => {
    expect(await run("clear-bookmarks")).toMatchObject({ code: 2, err: expect.stringContaining("--confirm") });
    await leftBlocked("2026-02");
    expect(await json("clear-bookmarks --event-type view --month 2026-02 --confirm")).toEqual({
      cleared: ["view 2026-02"],
      held: [],
    });
    await instance.write("view", originalEvents("2026-02", 1));
    expect(await json("migrate --months 2026-02")).toMatchObject({ months: [{ phase: "verified", copied: 41 }] });
    expect((await instance.seen(instance.base("view"))).size).toBe(280);
  });

  it("says beforehand in which version a month would begin anew", async () => {
    const { months } = await json("migrate --fresh-start --dry-run --months 2026-01:2026-02");
    expect(months).toMatchObject([
      { phase: "not started", target: `${instance.index("view", "2026-01")}-v2.0.2`, migrated: 0 },
      { phase: "not started", target: `${instance.index("view", "2026-02")}-v2.0.1`, migrated: 0 },
    ]);
  });

  it("gets a new version by the schedule when the breakdowns change, and what is written goes on being enriched", async () => {
    const now = Date.parse("2026-03-05T00:00:00Z");
    await onSchedule({ environment: BY_YEAR, now });
    const versions = { "2025-10": 2, "2025-11": 2, "2025-12": 2, "2026-01": 2, "2026-02": 1, "2026-03": 1 };
    expect(await instance.aliases(instance.base("view"))).toEqual(
      Object.entries(versions).map(([month, version]) => `${instance.index("view", month)}-v2.0.${version}`),
    );
    await instance.write("view", [
      { timestamp: "2026-01-31T23:30:00", recid: "e9bqh-7fw06", visitor: "by-alias" },
      { timestamp: "2026-02-28T23:30:00", recid: "e9bqh-7fw06", visitor: "by-name" },
      { timestamp: "2026-03-05T00:00:00", recid: "e9bqh-7fw06", visitor: "prepared" },
    ]);
    await onSchedule({ environment: BY_YEAR, now });
    const seen = await instance.seen(instance.base("view"));
    expect(seen.size).toBe(283);
    for (const event of seen.values()) {
      expect(event).toMatchObject({ years: ["2025"], access_status: "open" });
      expect(event).not.toHaveProperty("journal_title");
    }
  });

  it("keeps everything else: bookmarks, membership events, daily documents", async () => {
    for (const [name, count] of [
      ["stats-bookmarks-reindexing", 1],
      ["stats-community-events-2025", 40],
      ["stats-community-usage-delta-2025", 1],
    ] as const) {
      const answer = await instance.ask("GET", `/${instance.prefix}${name}/_count`);
      expect(Object(await answer.json())["count"]).toBe(count);
    }
  });
});

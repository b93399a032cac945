import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AGGREGATION_LEASE } from "../../src/aggregate/aggregation-lease.ts";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { smallData } from "../faults/small-data.ts";
import { expectedDocuments, WORKED_DAYS } from "../worked-example.ts";
import { CommandLine, ended, WORKED_FILES } from "./process.ts";

const RANGE = ["--start-date", WORKED_DAYS.from, "--end-date", WORKED_DAYS.to];
const SLOW_MS = 180_000;
const COUNT = ["aggregate", "--force", "--end-date", WORKED_DAYS.to];

function read(query: string, community: string): string[] {
  return ["read", "--json", "--query-type", query, "--community-id", community, ...RANGE];
}

type Subcounts = Readonly<Record<string, readonly { readonly id: string }[]>>;

/** The values of every breakdown of the records after a run under these variables. */
async function countedBy(line: CommandLine, variables: Readonly<Record<string, string>>): Promise<Subcounts> {
  expect((await line.run(COUNT, variables)).code).toBe(0);
  const { out } = await line.run(read("community-record-snapshot-added", "global"), variables);
  return JSON.parse(out).at(-1).subcounts;
}

function recordsBy(field: string): object {
  return { records: { snapshot_type: "all", source_fields: [{ field, label_field: null }] }, usage_events: {} };
}

function idsOf(items: readonly { readonly id: string }[] = []): readonly string[] {
  return items.map(({ id }) => id);
}

describe("help", () => {
  it.each([
    ["", ["serve", "ingest", "aggregate", "read", "status", "demo"]],
    ["ingest", ["--as", "--dry-run", "--rejects", "--json"]],
    ["aggregate", ["--start-date", "--end-date", "--force", "--ignore-bookmark", "--no-update-bookmark", "--json"]],
    ["read", ["--query-type", "--community-id", "--start-date", "--end-date", "--date-basis", "--json"]],
    ["status", ["--community-id", "--verbose", "--json"]],
    ["serve", ["--force-disabled"]],
    ["demo", ["--seed", "--scale", "--start-date"]],
  ])("of %j names its options", async (command, names) => {
    await using line = new CommandLine();
    const { code, out } = await line.run([...(command === "" ? [] : [command]), "--help"]);
    expect(code).toBe(0);
    for (const name of names) expect(out).toContain(name);
    expect(readdirSync(line.dataDir)).toEqual([]);
  });
});

describe("a wrong command line ends with 2 and says what is right", () => {
  const USAGE = ["read", "--query-type", "community-usage-delta"];
  it.each([
    [["counts"], /unknown command 'counts'/],
    [["aggregate", "--quick"], /unknown option '--quick'/],
    [["ingest"], /needs to know what to read.*Name files/s],
    [["ingest", "--as", "books", "x"], /books.*Allowed choices are.*records/s],
    [["read", "--query-type"], /'--query-type <name>' argument missing/],
    [["read", "--query-type", "usage"], /"usage".*community-usage-delta/s],
    [[...USAGE, "--start-date", "2025-02-30"], /"2025-02-30" is not a day.*YYYY-MM-DD/s],
    [[...USAGE, "--start-date", "2025-03-12", "--end-date", "2025-03-10"], /2025-03-12.*2025-03-10/s],
    [["read", "--query-type", "community-record-delta-added", "--date-basis", "made"], /"made".*created/s],
    [["read", "--query-type", "usage-delta-series", "--metric", "clicks"], /"clicks".*views/s],
    [["aggregate", "--force", "--end-date", "2025-3-1"], /"2025-3-1" is not a day/],
    [["aggregate", "--force", "--start-date", "2025-03-12", "--end-date", "2025-03-10"], /after --end-date/],
    [["demo", "--scale", "much"], /"much" is not a number/],
    [["demo", "--start-date", "2025-02-30"], /--start-date "2025-02-30" is not a day/],
  ])("%j", async (args, says) => {
    await using line = new CommandLine();
    const { code, err, out } = await line.run(args);
    expect(err).toMatch(says);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});

describe("the worked example, command by command", () => {
  const line = new CommandLine();
  beforeAll(async () => {
    await line.run(["ingest", ...WORKED_FILES]);
    await line.run(COUNT);
  });
  afterAll(() => line[Symbol.asyncDispose]());

  it.each([
    ["community-record-delta-added", "A", "A"],
    ["community-record-snapshot-created", "B", "B"],
    ["community-record-delta-published", "b", "B"],
    ["community-usage-delta", "global", "global"],
    ["community-usage-snapshot", "global", "global"],
  ])("reads %s of %s exactly as published", async (query, name, scope) => {
    const { code, out, err } = await line.run(read(query, name));
    expect([code, err]).toEqual([0, ""]);
    const documents: Record<string, unknown>[] = JSON.parse(out);
    const times = query.includes("usage-delta") ? ["timestamp"] : ["timestamp", "updated_timestamp"];
    for (const document of documents) {
      for (const time of times) expect(document[time]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    }
    const bare = documents.map((document) =>
      Object.fromEntries(Object.entries(document).filter(([field]) => !times.includes(field))),
    );
    expect(bare).toEqual(Object.values(Object(expectedDocuments(query, scope))));
  });

  it("takes the same files again without a change, and says that they are known", async () => {
    const { code, out } = await line.run(["ingest", "--json", ...WORKED_FILES]);
    expect(code).toBe(0);
    expect(JSON.parse(out).totals).toMatchObject({ accepted: 0, known: 25, rejected: 0 });
    const { out: counted } = await line.run([...COUNT, "--json"]);
    expect(JSON.parse(counted)).toMatchObject({ state: "done", days: 0, scopes: 0 });
  });

  it("changes nothing in a dry run", async () => {
    const input = `${JSON.stringify({ id: "C", slug: "c", metadata: { title: "C" }, access: { visibility: "public" } })}\n`;
    const { code, out } = await line.run(["ingest", "--dry-run", "--json", "--as", "communities", "-"], {}, input);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ dryRun: true, totals: { accepted: 1 } });
    expect((await line.run(read("community-usage-delta", "C"))).code).toBe(1);
  });

  it("tells how far everything is counted", async () => {
    const { code, out } = await line.run(["status", "--json"]);
    expect(code).toBe(0);
    const status = JSON.parse(out);
    expect(status).toMatchObject({
      asOf: WORKED_DAYS.to,
      facts: { events: 13, records: 4, firstEventDay: WORKED_DAYS.from, lastEventDay: WORKED_DAYS.to },
      problems: [],
      running: null,
    });
    expect(status.scopes.map(({ id }: { id: string }) => id)).toEqual(["global", "A", "B"]);
  });

  it("names a community that there is not, with exit code 1", async () => {
    const { code, out, err } = await line.run(read("community-usage-delta", "nowhere"));
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/"nowhere".*id or the slug/s);
  });

  it("does not count while aggregation is switched off, and says how to", async () => {
    const { code, err } = await line.run(["aggregate"]);
    expect(code).toBe(1);
    expect(err).toMatch(/COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED.*--force/s);
  });

  it("ends with 4 while another one counts", async () => {
    const engine = await openEmbedded({ dataDir: line.dataDir });
    try {
      const lease = await engine.control.acquire(AGGREGATION_LEASE, "elsewhere:1", 60_000, Date.now());
      const { code, out } = await line.run(COUNT);
      expect(code).toBe(4);
      expect(out).toContain("elsewhere:1");
      await lease?.release();
    } finally {
      await engine.close();
    }
    expect((await line.run(COUNT)).code).toBe(0);
  });

  it("takes up, redefines and drops breakdowns by the configuration and a run alone", async () => {
    const before = await countedBy(line, {});
    const mine = await countedBy(line, {
      COMMUNITY_STATS_SUBCOUNTS: JSON.stringify({
        creators: recordsBy("metadata.creators.person_or_org.name"),
        resource_types: recordsBy("access.status"),
        languages: { records: {}, usage_events: {} },
      }),
    });
    expect(Object.keys(mine)).toEqual([...Object.keys(before).filter((name) => name !== "languages"), "creators"]);
    expect(idsOf(before["resource_types"])).toEqual(["dataset", "publication-article", "publication-thesis"]);
    expect(idsOf(mine["resource_types"])).toEqual(idsOf(before["access_statuses"]));
    expect(idsOf(mine["creators"])).not.toEqual([]);
    expect(await countedBy(line, {})).toEqual(before);
  });

  it("cuts top lists at the configured limit", async () => {
    const { out } = await line.run(read("community-usage-snapshot", "global"), {
      COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT: "2",
    });
    const { countries } = JSON.parse(out).at(-1).subcounts;
    expect(idsOf(countries.by_view)).toEqual(["US", "FR"]);
  });
});

/** More events than the inbox takes at once, so that their day has a file; robots do not count. */
function robotsOf(day: string, folder: string): string {
  const lines = Array.from({ length: 3_000 }, (_, index) => ({
    event: "record-view",
    recid: "r1",
    parent_recid: "p1",
    visitor_id: `robot-${index}`,
    timestamp: `${day}T12:00:00`,
    is_robot: true,
    unique_id: "ui_r1",
  }));
  const path = join(folder, "robots.ndjson");
  writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n"));
  return path;
}

describe("a day that cannot be read", { timeout: SLOW_MS }, () => {
  it("is named, spares the others, and is counted once it is back", async () => {
    await using line = new CommandLine();
    expect((await line.run(["ingest", ...WORKED_FILES])).code).toBe(0);
    expect((await line.run(["ingest", robotsOf("2025-03-11", line.dataDir)])).code).toBe(0);
    const folder = join(line.dataDir, "facts", "events", "2025-03-11");
    const [file = ""] = readdirSync(folder);
    renameSync(join(folder, file), join(line.dataDir, "kept"));
    writeFileSync(join(folder, file), "nothing of the kind");
    const failed = await line.run(COUNT);
    expect(failed.code).toBe(3);
    expect(failed.out).toMatch(/failed: .*2025-03-11/);
    const { out, err } = await line.run(read("community-usage-delta", "global"));
    expect(JSON.parse(out).map((document: { period_start: string }) => document.period_start.slice(8, 10))).toEqual([
      "10",
      "12",
    ]);
    expect(err).toContain("Not counted: 2025-03-11");
    rmSync(join(folder, file));
    renameSync(join(line.dataDir, "kept"), join(folder, file));
    expect((await line.run(COUNT)).code).toBe(0);
    const mended = await line.run(read("community-usage-delta", "global"));
    expect(JSON.parse(mended.out)).toMatchObject(
      Object.values(Object(expectedDocuments("community-usage-delta", "global"))),
    );
  });
});

describe("a run that is interrupted", { timeout: SLOW_MS }, () => {
  it("ends with 3, and the next one completes it to the same numbers", async () => {
    await using line = new CommandLine();
    await using undisturbed = new CommandLine();
    const files = smallData(line.dataDir);
    const count = ["aggregate", "--force", "--end-date", "2025-03-15"];
    const snapshot = ["read", "--json", "--query-type", "community-usage-snapshot", "--end-date", "2025-03-15"];
    expect((await line.run(["ingest", ...files])).code).toBe(0);
    const child = line.start(count);
    child.stderr.once("data", () => child.kill("SIGINT"));
    const stopped = await ended(child);
    expect(stopped.out).toMatch(/^Stopped \(interrupted\)/);
    expect(stopped.code).toBe(3);
    expect((await line.run(count)).code).toBe(0);
    expect((await undisturbed.run(["ingest", ...files])).code).toBe(0);
    expect((await undisturbed.run(count)).code).toBe(0);
    const [mended, whole] = [await line.run(snapshot), await undisturbed.run(snapshot)];
    expect(withoutTimes(mended.out)).toEqual(withoutTimes(whole.out));
    expect(JSON.parse(whole.out)).toHaveLength(1);
  });
});

function withoutTimes(json: string): unknown {
  return JSON.parse(json, (name, value: unknown) => (name.endsWith("timestamp") ? undefined : value));
}

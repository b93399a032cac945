import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeWorkedExample } from "../../test/counted-example.ts";
import { clockAt, community } from "../../test/counted-world.ts";
import { expectedDocuments } from "../../test/worked-example.ts";
import { loadConfig } from "../config/config.ts";
import type { Engine } from "../engine/engine.ts";
import { openMemory } from "../engines/memory/open.ts";
import type { Command } from "./command.ts";
import { readCommand } from "./read.ts";
import { statusCommand } from "./status.ts";

let engine: Engine;

beforeEach(async () => {
  engine = await openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
  await engine.facts.append({ communities: [community("S", { visibility: "restricted" })] });
});
afterEach(() => engine.close());

async function run(command: Command, options: Readonly<Record<string, unknown>>, today = "2025-03-12") {
  const out: string[] = [];
  const err: string[] = [];
  const code = await command.run(
    {
      config: loadConfig({}),
      stdin: process.stdin,
      stdout: collector(out),
      stderr: collector(err),
      interactive: false,
      now: clockAt(today),
      signal: new AbortController().signal,
      owner: "test:1",
      engine: () => Promise.resolve(engine),
    },
    { options, arguments: [] },
  );
  return { code, out: out.join(""), err: err.join("") };
}

function collector(into: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      into.push(String(chunk));
      done();
    },
  });
}

describe("read", () => {
  it.each(["A", "a"])("prints the documents of %s as they are published", async (name) => {
    const { code, out } = await run(readCommand, {
      queryType: "community-record-snapshot-added",
      communityId: name,
      startDate: "2025-03-10",
      endDate: "2025-03-12",
      json: true,
    });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject(expectedDocuments("community-record-snapshot-added", "A"));
  });

  it("reads yesterday and today of the whole repository unless told otherwise", async () => {
    const { out } = await run(readCommand, { queryType: "community-usage-delta", communityId: "global", json: true });
    const days = JSON.parse(out).map((document: { period_start: string }) => document.period_start.slice(0, 10));
    expect(days).toEqual(["2025-03-11", "2025-03-12"]);
  });

  it("reads all daily documents where no query is named", async () => {
    const { code, out } = await run(readCommand, { communityId: "A", json: true });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      record_deltas_added: expectedDocuments("community-record-delta-added", "A").slice(1),
      record_snapshots_added: expectedDocuments("community-record-snapshot-added", "A").slice(1),
      usage_deltas: expectedDocuments("community-usage-delta", "A").slice(1),
      usage_snapshots: expectedDocuments("community-usage-snapshot", "A").slice(1),
    });
  });

  it("takes one day where only the end is given", async () => {
    const { out } = await run(readCommand, {
      queryType: "community-usage-delta",
      communityId: "A",
      endDate: "2025-03-10",
      json: true,
    });
    expect(JSON.parse(out)).toHaveLength(1);
  });

  it("reads series and categories", async () => {
    const range = { communityId: "A", startDate: "2025-03-10", endDate: "2025-03-12", json: true };
    const series = await run(readCommand, { queryType: "usage-delta-series", metric: "downloads", ...range });
    expect(JSON.parse(series.out)[0].data).toEqual([
      ["03-10", 2],
      ["03-11", 0],
      ["03-12", 1],
    ]);
    const category = await run(readCommand, { queryType: "usage-delta-category", ...range });
    expect(JSON.parse(category.out)).toHaveProperty(["global", "views"]);
  });

  it("is readable without --json", async () => {
    const range = { communityId: "A", startDate: "2025-03-10", endDate: "2025-03-12" };
    const { out } = await run(readCommand, { queryType: "community-usage-delta", ...range });
    expect(out.split("\n")[0]).toBe(
      "2025-03-10  views 3 by 2, downloads 2 by 2, 1500 bytes  (resource_types 2, affiliations 1, countries 2, file_types 2)",
    );
    const nothing = await run(readCommand, { queryType: "community-usage-delta", communityId: "A" }, "2026-01-01");
    expect(nothing.out).toBe("No numbers in this range.\n");
  });

  it("says that use is generated, beside the numbers", async () => {
    const options = { queryType: "community-usage-delta", communityId: "A", json: true };
    expect((await run(readCommand, options)).err).not.toContain("generated");
    const summary = await engine.facts.summary();
    vi.spyOn(engine.facts, "summary").mockResolvedValue({ ...summary, generated: true });
    expect((await run(readCommand, options)).err).toContain("generated demonstration data");
  });

  it("names what it does not know", async () => {
    await expect(run(readCommand, { queryType: "community-usage" })).rejects.toThrow('no query "community-usage"');
    await expect(run(readCommand, { queryType: "community-usage-delta", communityId: "Q" })).rejects.toThrow('"Q"');
  });

  it("lets the operator read a restricted community", async () => {
    const { code } = await run(readCommand, { queryType: "community-usage-delta", communityId: "s", json: true });
    expect(code).toBe(0);
  });
});

describe("status", () => {
  it("tells every scope, the repository first", async () => {
    const { code, out } = await run(statusCommand, { json: true });
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report.scopes.map(({ id }: { id: string }) => id)).toEqual(["global", "A", "B", "S"]);
    expect(report).toMatchObject({ asOf: "2025-03-12", problems: [], leases: [], running: null });
    expect(report.scopes[2].aggregations[0]).toEqual({
      aggregation: "usage",
      firstDay: "2025-03-11",
      lastDay: "2025-03-12",
      bookmark: "2025-03-12",
      days: 2,
      missingDays: 0,
      age: 0,
      covered: 1,
      // The events behind the numbers of this world were never there.
      waitingDays: 1,
      isWaiting: true,
      lastRun: null,
      error: null,
    });
  });

  it.each([true, false])("is readable, verbose %s", async (verbose) => {
    const { out } = await run(statusCommand, { verbose }, "2025-03-15");
    expect(out).toContain("Complete to 2025-03-12");
    expect(out).toContain("2d behind");
    expect(out).toContain("Community A · a · A");
    expect(out).toContain("nothing yet");
    expect(out.includes("bookmark 2025-03-12")).toBe(verbose);
  });

  it("tells the scopes that are named", async () => {
    const { out } = await run(statusCommand, { communityId: ["b"], json: true });
    expect(JSON.parse(out).scopes).toMatchObject([{ id: "B", slug: "b" }]);
    await expect(run(statusCommand, { communityId: ["Q"] })).rejects.toThrow('"Q"');
  });
});

import { DEFAULT_BREAKDOWNS, type Breakdown } from "@community-stats/contract/breakdowns.ts";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { PassThrough, Readable } from "node:stream";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { aggregate } from "../../src/aggregate/runner.ts";
import type { CommandContext } from "../../src/cli/command.ts";
import { publishCommand } from "../../src/cli/publish.ts";
import { loadConfig } from "../../src/config/config.ts";
import { PUBLISHED_NAMES } from "../../src/engine/document-publisher.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { Requests } from "../../src/engines/opensearch/requests.ts";
import { openOpenSearch } from "../../src/engines/opensearch/open.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import { parseDay } from "@community-stats/contract/days.ts";
import { atOnce } from "../conformance/arrivals.ts";
import { expectedDocuments, WORKED_DAYS, workedExample } from "../worked-example.ts";
import { ask, freshPrefix, optionsFor, removeAll } from "./test-cluster.ts";

const DELTA = "stats-community-usage-delta";
const SNAPSHOT = "stats-community-usage-snapshot";
const prefix = freshPrefix();
/** Far fewer than it takes to publish everything. */
const SOME_REQUESTS = 30;
/** Labels of values, by breakdown, and what shows whether they are still valid. */
const BESIDE = 2 * DEFAULT_BREAKDOWNS.length;
const reportSchema = z.array(
  z.object({
    name: z.string(),
    complete: z.boolean(),
    written: z.number(),
    unchanged: z.number(),
    failed: z.array(z.object({ id: z.string(), reason: z.string() })),
  }),
);
/** Publishers are read from elsewhere. */
const CHANGED = DEFAULT_BREAKDOWNS.map((breakdown): Breakdown => {
  if (breakdown.name !== "publishers") return breakdown;
  const sources = [{ entries: "metadata.resource_type", id: "id", label: "title" }];
  return { ...breakdown, records: { snapshot: "top", sources }, usage: { from: "record", snapshot: "top", sources } };
});
let breakdowns: readonly Breakdown[] = DEFAULT_BREAKDOWNS;
let folder: string;
let engine: Engine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "publish-"));
  engine = await openOpenSearch(optionsFor(prefix));
  for (const { kind, lines } of atOnce(workedExample())) await take(kind, lines.map(publishedLate));
  await count();
});
afterAll(async () => {
  await engine.close();
  await removeAll(prefix);
  await rm(folder, { recursive: true });
});

/** Not long before it came here: each day since then is a document in every scope. */
function publishedLate(line: string): string {
  return line.replace(/"publication_date":"(2023|2024-05)"/, '"publication_date":"2024-12"');
}

async function take(as: ReturnType<typeof atOnce>[number]["kind"], lines: readonly string[]): Promise<void> {
  const common = { rejectsDir: folder, now: Date.now, threads: 0, facts: engine.facts };
  await ingestFiles({ ...common, files: ["-"], as, stdin: Readable.from([lines.join("\n")]) });
}

async function count(): Promise<void> {
  const endDay = parseDay(WORKED_DAYS.to);
  const report = await aggregate(engine, { breakdowns, endDay, workers: 1, owner: "test", now: Date.now });
  if (report.state !== "done") throw new Error(JSON.stringify(report));
}

function config() {
  return loadConfig({ COMMUNITY_STATS_DATA_DIR: folder });
}

function contextWith(stdout: PassThrough, signal = new AbortController().signal): CommandContext {
  return {
    config: { ...config(), breakdowns },
    stdin: Readable.from([]),
    stdout,
    stderr: new PassThrough(),
    interactive: false,
    now: Date.now,
    signal,
    owner: "test",
    engine: async () => engine,
  };
}

async function reported(options: object, signal?: AbortSignal) {
  const stdout = new PassThrough();
  const input = { options: { json: true, ...options }, arguments: [] };
  const code = await publishCommand.run(contextWith(stdout, signal), input);
  return { code, reports: reportSchema.parse(JSON.parse(String(stdout.read()))) };
}

/** Documents written and unchanged, by name. */
async function publish(options: object = {}): Promise<Readonly<Record<string, readonly [number, number]>>> {
  const { code, reports } = await reported(options);
  expect(code).toBe(0);
  return Object.fromEntries(reports.map(({ name, written, unchanged }) => [name, [written, unchanged]]));
}

async function stored(name: string, id: string): Promise<unknown> {
  return Object(await (await ask("GET", `/${prefix}${name}-2025/_doc/${id}`)).json())["_source"];
}

/** What publishes until so many requests were sent, and is asked to end then. */
async function reportedUntil(requests: number): Promise<Awaited<ReturnType<typeof reported>>> {
  const controller = new AbortController();
  const { send } = Requests.prototype;
  let left = requests;
  const sent = vi.spyOn(Requests.prototype, "send").mockImplementation(async function (this: Requests, ...request) {
    if (--left === 0) controller.abort("asked to end");
    return await send.apply(this, request);
  });
  try {
    return await reported({}, controller.signal);
  } finally {
    sent.mockRestore();
  }
}

/** What OpenSearch was asked meanwhile: numbers that were searched, and published documents that were read. */
async function asked(work: () => Promise<unknown>): Promise<{ readonly numbers: number; readonly compared: number }> {
  const paths: string[] = [];
  const note = (message: unknown): void => {
    const { request } = message as { readonly request: ClientRequest };
    paths.push(request.path.replace(/\?.*/, ""));
  };
  subscribe("http.client.request.start", note);
  try {
    await work();
  } finally {
    unsubscribe("http.client.request.start", note);
  }
  const numbers = paths.filter((path) => /numbers-\d+\/_search$/.test(path)).length;
  return { numbers, compared: paths.filter((path) => path === "/_mget").length };
}

function written(counts: Readonly<Record<string, readonly [number, number]>>): number {
  return Object.values(counts).reduce((sum, [one]) => sum + one, 0);
}

describe("the command publish", () => {
  it("writes the documents of the worked example under the original's names and ids", async () => {
    const scopes = 1 + (await engine.facts.communities()).length;
    const requests = await asked(async () => {
      expect(written(await publish({ startDate: WORKED_DAYS.from, endDate: WORKED_DAYS.to }))).toBeGreaterThan(0);
    });
    // All days are of one year. Of each scope the totals come with one breakdown, and the others together.
    expect(requests.numbers).toBeLessThanOrEqual(2 * scopes * PUBLISHED_NAMES.length + BESIDE);
    // Nothing stands in an index that was made only now.
    expect(requests.compared).toBe(0);
    const [, second] = Object.values(Object(expectedDocuments("community-usage-delta", "global")));
    expect(await stored(DELTA, "global-2025-03-11")).toMatchObject(Object(second));
  });

  it("looks at nothing while nothing changes, and mends what was damaged where it is asked to look at all", async () => {
    await publish();
    expect(
      Object.values(await publish())
        .flat()
        .every((documents) => documents === 0),
    ).toBe(true);
    await ask("PUT", `/${prefix}${DELTA}-2025/_doc/global-2025-03-11`, { community_id: "global" });
    await ask("DELETE", `/${prefix}${DELTA}-2025/_doc/global-2025-03-10`);
    const counts = await publish({ all: true });
    expect(written(counts)).toBe(2);
    expect(counts[DELTA]?.[0]).toBe(2);
    const [, second] = Object.values(Object(expectedDocuments("community-usage-delta", "global")));
    expect(await stored(DELTA, "global-2025-03-11")).toMatchObject(Object(second));
  });

  it("writes what a late event changes, and nothing of the days before it", async () => {
    const before = await stored(SNAPSHOT, "global-2025-03-10");
    const late = { event: "record-view", recid: "nobody", unique_id: "ui_nobody", visitor_id: "late" };
    await take("events", [JSON.stringify({ ...late, timestamp: "2025-03-11T10:00:00" })]);
    await count();
    const counts = await publish();
    // Of the repository: the day's document, and the sums of this day and of all days after it.
    expect(counts[DELTA]).toEqual([1, expect.any(Number)]);
    expect(counts[SNAPSHOT]?.[0]).toBeGreaterThan(0);
    expect(Object.entries(counts).filter(([name, [documents]]) => name.includes("records") && documents > 0)).toEqual(
      [],
    );
    expect(await stored(SNAPSHOT, "global-2025-03-10")).toEqual(before);
    expect(
      Object.values(await publish())
        .flat()
        .every((documents) => documents === 0),
    ).toBe(true);
  });

  it("writes what an exchange of breakdowns changes, and goes on where it was asked to end", async () => {
    const before = await stored(SNAPSHOT, "global-2025-03-11");
    breakdowns = CHANGED;
    await count();
    const runs = [await reportedUntil(SOME_REQUESTS)];
    while (runs.at(-1)?.code !== 0) runs.push(await reportedUntil(SOME_REQUESTS * (runs.length + 1)));
    expect(runs.length).toBeGreaterThan(2);
    expect(runs.slice(0, -1).map(({ code }) => code)).toEqual(runs.slice(1).map(() => 3));
    const done = runs.flatMap(({ reports }) => reports.flatMap(({ name, complete }) => (complete ? [name] : [])));
    expect(done.toSorted()).toEqual([...PUBLISHED_NAMES]);
    expect(await stored(SNAPSHOT, "global-2025-03-11")).not.toEqual(before);
    expect([written(await publish()), written(await publish({ all: true }))]).toEqual([0, 0]);
  });

  it("names each document that was refused, and looks at it again the next time", async () => {
    const index = `/${prefix}${DELTA}-2025`;
    const refusing = { _meta: { made_by: "community-stats" }, properties: { community_id: { type: "date" } } };
    await ask("DELETE", index);
    await ask("PUT", index, { mappings: refusing });
    const { code, reports } = await reported({ all: true });
    expect(code).toBe(3);
    const failed = reports.flatMap((report) => report.failed.map(({ id, reason }) => [report.name, id, reason]));
    expect(failed).toContainEqual([DELTA, "global-2025-03-11", expect.stringContaining("mapper_parsing_exception")]);
    expect(new Set(failed.map(([name]) => name))).toEqual(new Set([DELTA]));
    await ask("DELETE", index);
    const again = await reported({ all: true });
    expect(again).toMatchObject({ code: 0, reports: [{ name: DELTA, written: failed.length }] });
  });

  it("is done by one process at a time", async () => {
    const lease = await engine.control.acquire("community_stats_publication", "other:1", 60_000, Date.now());
    expect(await publishCommand.run(contextWith(new PassThrough()), { options: {}, arguments: [] })).toBe(4);
    await lease?.release();
  });
});

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DAYS, FaultTrials, trialOptions } from "./fault-trials.ts";
import { OwnServer } from "./own-servers.ts";
import { PartialGate } from "./partial-gate.ts";
import { SearchFaults } from "./search-faults.ts";

const EVENTS = 1500;
const PREFIX = "faulty-";
const FAULT_MS = 400;
/** Of a hasty client; long enough for any request while all is well. */
const LIMIT_MS = 1500;
const DOCUMENTS = 300;
const PUBLISHING_MS = 120_000;
/** Small enough that bulks of numbers are too large, and must be divided. */
const SETTINGS = { "http.max_content_length": "64kb" };

let search: OwnServer;
let redis: OwnServer;
let trials: FaultTrials;
let undisturbed: string;
const faults = new SearchFaults(() => search.url);

beforeAll(async () => {
  [search, redis] = await Promise.all([OwnServer.openSearch(SETTINGS), OwnServer.redis()]);
  trials = await FaultTrials.open(trialOptions({ search, redis }, PREFIX), EVENTS);
  await trials.count();
  undisturbed = await trials.digest();
});
afterAll(async () => {
  await trials?.engine.close();
  await Promise.all([search?.end(), redis?.end()]);
});

const own = (kind: string): string => `${PREFIX}community-stats-${kind}`;

async function liveNumbers(): Promise<string> {
  const { rollups } = trials.engine;
  const live = (await rollups.generations()).find((generation) => generation.live);
  return own(`numbers-${live?.id}`);
}

/** Of a write past the product, with a document that is as large as a bulk. */
async function writeStatus(): Promise<number> {
  const body = { t: "probe", line: { text: "x".repeat(8000) } };
  const written = await faults.ask("PUT", `/${own("rollups")}/_doc/probe?timeout=1ms`, body);
  await written.arrayBuffer();
  return written.status;
}

/** Live faults of OpenSearch, each with the status that a writer gets; within a bulk it comes with HTTP 200, but for the first two. */
const FAULTS: readonly (readonly [status: number, set: (isOn: boolean) => Promise<void>])[] = [
  [429, (isOn) => faults.cluster("network.breaker.inflight_requests.limit", isOn ? "4kb" : null)],
  [429, (isOn) => faults.cluster("indices.breaker.total.limit", isOn ? "1mb" : null)],
  [
    429,
    (isOn) => faults.index([own("numbers-*"), own("rollups")], "index.blocks.read_only_allow_delete", isOn || null),
  ],
  [403, (isOn) => faults.cluster("cluster.blocks.read_only", isOn ? "true" : null)],
  [503, (isOn) => faults.away([own("rollups")], isOn)],
];

/** One after the other, with room to write between them. @returns the statuses that were seen. */
async function allFaults(): Promise<readonly number[]> {
  const seen: number[] = [];
  for (const [, set] of FAULTS) {
    await set(true);
    seen.push(await writeStatus());
    await sleep(FAULT_MS);
    await set(false);
    await sleep(FAULT_MS / 2);
  }
  return seen;
}

async function sleepOfOpenSearch(ms: number): Promise<void> {
  search.sleep();
  await sleep(ms);
  search.wake();
}

describe("counting amid faults ends by itself, with the numbers of an undisturbed run", () => {
  it("413, 429 for all and for single writes, 403, 503", async () => {
    let seen: readonly number[] = [];
    const report = await trials.count(async () => {
      seen = await allFaults();
    });
    expect(report).toMatchObject({ state: "done", days: DAYS, failures: [] });
    expect(seen).toEqual(FAULTS.map(([status]) => status));
    expect(await trials.digest()).toBe(undisturbed);
  });

  it("OpenSearch that sleeps longer than any answer is waited for", async () => {
    const hasty = await trials.reached({ limits: { requestMs: LIMIT_MS, bulkMs: LIMIT_MS } }, "hasty");
    const report = await hasty.count(() => sleepOfOpenSearch(2 * LIMIT_MS));
    expect(report).toMatchObject({ state: "done", days: DAYS, failures: [] });
    expect(await trials.digest()).toBe(undisturbed);
    await hasty.engine.close();
  });

  it("answers in part that look like whole ones: hits, documents by id, items of a bulk", async () => {
    const gate = await PartialGate.before(search.url);
    const behind = await trials.reached({ nodes: [gate.url] }, "behind");
    expect(await behind.count()).toMatchObject({ state: "done", days: DAYS, failures: [] });
    for (const cut of Object.values(gate.cut)) expect(cut).toBeGreaterThan(1);
    expect(await trials.digest()).toBe(undisturbed);
    await behind.engine.close();
    gate.close();
  });

  it("kill -9 of OpenSearch", async () => {
    expect(await trials.count(() => search.crash())).toMatchObject({ state: "done", days: DAYS });
    expect(await trials.digest()).toBe(undisturbed);
  });

  it("kill -9 of Redis, which forgets leases and queue", async () => {
    expect(await trials.count(() => redis.crash())).toMatchObject({ state: "done", days: DAYS });
    expect(await trials.digest()).toBe(undisturbed);
  });

  it("kill -9 of a hand with a piece, one that sleeps and wakes too late, and one that is asked to stop", async () => {
    const [victim, sleeper, helper] = [trials.hand(), trials.hand(), trials.hand()];
    await Promise.all([victim, sleeper, helper].map((hand) => hand.said("ready")));
    const report = trials.count();
    await Promise.all([
      victim.said("taken").then(() => victim.signal("SIGKILL")),
      sleeper.said("taken").then(() => sleeper.signal("SIGSTOP")),
      helper.said("taken").then(() => helper.signal("SIGTERM")),
    ]);
    expect(await report).toMatchObject({ state: "done", days: DAYS, failures: [] });
    expect(await helper.ended()).toBe(0);
    expect(helper.times("done")).toBe(helper.times("taken"));
    sleeper.signal("SIGCONT");
    sleeper.signal("SIGTERM");
    expect(await sleeper.ended()).toBe(0);
    expect(await trials.digest()).toBe(undisturbed);
  });
});

describe("reading from an index without a node", () => {
  it.each(["facts", "rollups", "numbers"])("waits for the %s, and gives all of them", async (kind) => {
    const index = kind === "numbers" ? await liveNumbers() : own(kind);
    const before = await allRead();
    await faults.away([index], true);
    let isRead = false;
    const reading = allRead().finally(() => {
      isRead = true;
    });
    await sleep(FAULT_MS);
    expect(isRead).toBe(false);
    await faults.away([index], false);
    expect(await reading).toEqual(before);
  });
});

/** What there is of everything, read by a process that remembers nothing. */
async function allRead(): Promise<object> {
  const reader = await trials.reached({}, "reading");
  const { facts, rollups } = reader.engine;
  const days = (await facts.eventDays()).map(({ day }) => day);
  const events: number[] = [];
  for await (const day of facts.events(days)) events.push(day.count);
  const read = { generations: await rollups.generations(), digest: await reader.digest(), events };
  await reader.engine.close();
  return read;
}

async function fullDisk(index: string): Promise<void> {
  await faults.index([index], "index.blocks.read_only_allow_delete", true);
  await sleep(FAULT_MS);
  await faults.index([index], "index.blocks.read_only_allow_delete", null);
}

describe("publication amid faults", () => {
  it("kill -9 of OpenSearch, and a full disk: every document is there once", async () => {
    const publisher = trials.engine.publisher?.(
      { initial: 10, min: 1, max: 20, reduction: 0.7, growth: 1.05 },
      PUBLISHING_MS,
    );
    const name = "stats-community-usage-delta";
    const index = `${PREFIX}${name}-2025`;
    let fault: Promise<void> | undefined;
    const documents = async function* (isDisturbed: boolean) {
      for (let number = 0; number < DOCUMENTS; number++) {
        if (isDisturbed && number === 50) fault = search.crash();
        if (isDisturbed && number === 200) fault = fullDisk(index);
        yield { id: `global-${number}`, year: 2025, source: { community_id: "global", number } };
      }
    };
    const report = await publisher?.publish(name, documents(true));
    await fault;
    expect(report).toMatchObject({ written: DOCUMENTS, unchanged: 0, failed: [] });
    await faults.ask("POST", `/${index}/_refresh`);
    expect(await (await faults.ask("GET", `/${PREFIX}${name}/_count`)).json()).toMatchObject({ count: DOCUMENTS });
    expect(await publisher?.publish(name, documents(false))).toMatchObject({ written: 0, unchanged: DOCUMENTS });
  });
});

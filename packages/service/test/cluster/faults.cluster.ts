import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FaultTrials } from "./fault-trials.ts";
import { OwnServer } from "./own-servers.ts";

const EVENTS = 3000;
const PREFIX = "faulty-";
const FAULT_MS = 1200;
/** Small enough that bulks of numbers are too large and must be divided. */
const SETTINGS = { "http.max_content_length": "128kb" };

let search: OwnServer;
let redis: OwnServer;
let trials: FaultTrials;
let undisturbed: string;

beforeAll(async () => {
  [search, redis] = await Promise.all([OwnServer.openSearch(SETTINGS), OwnServer.redis()]);
  trials = await FaultTrials.open({ search, redis }, PREFIX, EVENTS);
  await trials.count();
  undisturbed = await trials.digest();
});
afterAll(async () => {
  await trials?.engine.close();
  await Promise.all([search?.end(), redis?.end()]);
});

async function put(path: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(search.url + path, { method: "PUT", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
}

function clusterSetting(name: string, value: string): () => Promise<void> {
  return async () => {
    await put("/_cluster/settings", { transient: { [name]: value } });
    await sleep(FAULT_MS);
    await put("/_cluster/settings", { transient: { [name]: null } });
  };
}

function indexSetting(name: string, value: string | boolean): () => Promise<void> {
  return async () => {
    const path = `/${PREFIX}community-stats-numbers-*,${PREFIX}community-stats-rollups/_settings`;
    await put(path, { [name]: value });
    await sleep(FAULT_MS);
    await put(path, { [name]: null });
  };
}

async function sleepOfOpenSearch(): Promise<void> {
  search.sleep();
  await sleep(FAULT_MS);
  search.wake();
}

async function crashOf(server: OwnServer): Promise<void> {
  await server.kill();
  await server.start();
}

/** Live faults of OpenSearch, by what a client sees of them. */
const FAULTS: readonly (readonly [seen: string, disturb: () => Promise<void>])[] = [
  ["429 for whole bulks", clusterSetting("network.breaker.inflight_requests.limit", "2kb")],
  ["429 for everything, reads too", clusterSetting("indices.breaker.total.limit", "1mb")],
  ["429 for single writes within a 200: a full disk", indexSetting("index.blocks.read_only_allow_delete", true)],
  ["403 for every write: a cluster that may only be read", clusterSetting("cluster.blocks.read_only", "true")],
  ["503: an index without a node", indexSetting("index.routing.allocation.require._name", "nobody")],
];

describe("counting amid faults ends by itself, with the numbers of an undisturbed run", () => {
  it.each(FAULTS)("%s", async (_seen, disturb) => {
    expect(await trials.count(disturb)).toMatchObject({ state: "done", failures: [] });
    expect(await trials.digest()).toBe(undisturbed);
  });

  it("OpenSearch that sleeps", async () => {
    expect(await trials.count(sleepOfOpenSearch)).toMatchObject({ state: "done" });
    expect(await trials.digest()).toBe(undisturbed);
  });

  it("kill -9 of OpenSearch", async () => {
    expect(await trials.count(() => crashOf(search))).toMatchObject({ state: "done" });
    expect(await trials.digest()).toBe(undisturbed);
  });

  it("kill -9 of Redis, which forgets leases and queue", async () => {
    expect(await trials.count(() => crashOf(redis))).toMatchObject({ state: "done" });
    expect(await trials.digest()).toBe(undisturbed);
  });

  it("kill -9 of a hand with a piece, and one that sleeps and wakes too late", async () => {
    const [victim, sleeper, helper] = [trials.hand(), trials.hand(), trials.hand()];
    await Promise.all([victim, sleeper, helper].map((hand) => hand.said("ready")));
    const report = trials.count();
    await Promise.all([
      victim.said("taken").then(() => victim.signal("SIGKILL")),
      sleeper.said("taken").then(() => sleeper.signal("SIGSTOP")),
    ]);
    expect(await report).toMatchObject({ state: "done", days: 64, failures: [] });
    sleeper.signal("SIGCONT");
    helper.signal("SIGTERM");
    expect(await helper.ended()).toBe(0);
    sleeper.signal("SIGTERM");
    expect(await sleeper.ended()).toBe(0);
    expect(await trials.digest()).toBe(undisturbed);
  });
});

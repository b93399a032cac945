import { afterAll, beforeAll, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openOpenSearch } from "../../src/engines/opensearch/open.ts";
import { eventBatch, FIRST, storedEvents } from "../engines/event-lines.ts";
import { ask, freshPrefix, optionsFor, removeAll } from "./test-cluster.ts";

const HOUR_MS = 3_600_000;
const prefix = freshPrefix();
const facts = `${prefix}community-stats-facts`;
let now = Date.now();
let engine: Engine;

beforeAll(async () => {
  engine = await openOpenSearch({ ...optionsFor(prefix), now: () => now });
});
afterAll(async () => {
  await engine.close();
  await removeAll(prefix);
});

/** What somebody left who died before the part was listed. */
async function leave(name: string, at: number): Promise<void> {
  const part = { t: "part", period: FIRST, version: at, payload: "AAAA" };
  await ask("PUT", `/${facts}/_doc/${encodeURIComponent(`part/${FIRST}/${name}`)}`, part);
}

async function parts(): Promise<readonly string[]> {
  await ask("POST", `/${facts}/_refresh`);
  const found = Object(
    await (await ask("POST", `/${facts}/_search?size=100`, { query: { term: { t: "part" } } })).json(),
  );
  return found.hits.hits.map((hit: object) => Object(hit)["_id"].split("/").at(-1)).toSorted();
}

it("collects parts that no day names, once they are an hour old, and once a day", async () => {
  await engine.facts.append({ events: eventBatch([{ id: 1, at: 1000 }]) });
  const [named = ""] = await parts();
  await leave("old", now - 2 * HOUR_MS);
  await leave("young", now - HOUR_MS / 2);
  await engine.facts.settle();
  expect(await parts()).toEqual([named, "young"].toSorted());
  now += 2 * HOUR_MS;
  await engine.facts.settle();
  expect(await parts()).toEqual([named, "young"].toSorted());
  now += 24 * HOUR_MS;
  await engine.facts.settle();
  expect(await parts()).toEqual([named]);
  expect(await storedEvents(engine.facts, [FIRST])).toHaveLength(1);
});

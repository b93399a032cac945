import { randomUUID } from "node:crypto";
import type { DayNumber } from "@community-stats/contract/days.ts";
import { Redis } from "ioredis";
import { afterAll, expect, it } from "vitest";
import { openOpenSearch } from "../../src/engines/opensearch/open.ts";
import { usageBatch } from "../usage-batch.ts";
import { ask, freshPrefix, optionsFor, REDIS_URL, removeAll } from "./test-cluster.ts";

const mine = freshPrefix();
/** Begins with the other's whole prefix. */
const theirs = `${mine}${randomUUID().slice(0, 4)}-`;

afterAll(async () => await Promise.all([removeAll(mine), removeAll(theirs)]));

/** What an instance has: its indices with their documents and newest changes, its templates and its keys. */
async function state(prefix: string): Promise<object> {
  const own = `${prefix}community-stats-`;
  await ask("POST", `/${own}*/_refresh`);
  const stats = Object(await (await ask("GET", `/${own}*/_stats/docs?level=shards`)).json());
  const templates = Object(await (await ask("GET", `/_index_template/${own}*`)).json());
  const redis = new Redis(REDIS_URL);
  const keys = [];
  for await (const found of redis.scanStream({ match: `${own}*` })) keys.push(...found);
  const values = await Promise.all(keys.toSorted().map(async (key: string) => [key, await redis.type(key)]));
  const leases = await redis.hgetall(`${own}leases`);
  redis.disconnect();
  const indices = Object.entries(Object(stats.indices)).map(([name, value]) => {
    const [shard] = Object.values(Object(Object(value).shards)).flat();
    return [name, Object(value).uuid, Object(shard).seq_no];
  });
  return { indices, templates: templates.index_templates.length, values, leases };
}

it("two instances on one cluster do not touch each other", async () => {
  const [own, other] = [await openOpenSearch(optionsFor(mine)), await openOpenSearch(optionsFor(theirs))];
  for (const { control, rollups, work } of [own, other]) {
    await control.setSetting("whose", "ours");
    await control.acquire("job", "somebody", 60_000, Date.now());
    const generation = await rollups.createGeneration("rules", "{}");
    await rollups.activate(generation.id, null);
    const run = await work?.open();
    await run?.add([{ key: "piece", data: "{}" }]);
  }
  const before = await state(theirs);
  await own.control.setSetting("whose", "mine");
  expect(await own.control.clearLease("job")).toBe(true);
  const run = await own.work?.open();
  await run?.close();
  await own.rollups.dropGeneration(1);
  expect(await own.rollups.size()).toBeGreaterThan(0);
  expect(await state(theirs)).toEqual(before);
  expect(await other.control.setting("whose")).toBe("ours");
  expect(await other.control.leases(Date.now())).toMatchObject([{ owner: "somebody" }]);
  expect(await other.work?.standing()).toMatchObject({ waiting: 1 });
  expect(await own.work?.standing()).toMatchObject({ waiting: 0 });
  await Promise.all([own.close(), other.close()]);
});

it("every process sees all of the numbers from the moment on in which they become live", async () => {
  const prefix = freshPrefix();
  const [counting, serving] = [await openOpenSearch(optionsFor(prefix)), await openOpenSearch(optionsFor(prefix))];
  try {
    const { id } = await counting.rollups.createGeneration("rules", "{}");
    const range = { kind: "usage", scope: 0, breakdown: "", from: 20_000, to: 20_001 } as const;
    for (const day of [20_000, 20_001].map((number) => number as DayNumber)) {
      const blob = { ...range, period: day, data: Uint8Array.of(1) };
      const counted = [{ day, eventVersion: 1, recordSeq: 0 }];
      await counting.rollups.replaceUsageDays(id, usageBatch(counted, [blob]));
      // Whoever looks while they are built sees what was there when he first looked.
      await serving.rollups.read(id, range);
    }
    await counting.rollups.activate(id, null);
    expect((await serving.rollups.read(id, range)).map(({ period }) => period)).toEqual([20_000, 20_001]);
  } finally {
    await Promise.all([counting.close(), serving.close()]);
    await removeAll(prefix);
  }
});

it("brings its own templates where an earlier release has left others", async () => {
  const prefix = freshPrefix();
  const numbers = `${prefix}community-stats-numbers-`;
  await (await openOpenSearch(optionsFor(prefix))).close();
  await ask("DELETE", `/_index_template/${numbers.slice(0, -1)}-v2`);
  const earlier = { index_patterns: [`${numbers}*`], priority: 200, template: { mappings: { dynamic: "strict" } } };
  expect((await ask("PUT", `/_index_template/${numbers.slice(0, -1)}-v1`, earlier)).status).toBe(200);
  const engine = await openOpenSearch(optionsFor(prefix));
  try {
    const { id } = await engine.rollups.createGeneration("rules", "{}");
    const mapping = Object(await (await ask("GET", `/${numbers}${id}/_mapping`)).json());
    expect(mapping[`${numbers}${id}`].mappings.properties).toMatchObject({ together: { type: "binary" } });
  } finally {
    await engine.close();
    await removeAll(prefix);
  }
});

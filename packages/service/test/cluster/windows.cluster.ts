import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { RollupBlob } from "../../src/engine/rollup-store.ts";
import { openOpenSearch } from "../../src/engines/opensearch/open.ts";
import { random } from "../conformance/random.ts";
import { usageBatch } from "../usage-batch.ts";
import { ask, freshPrefix, openOwn, optionsFor, removeAll } from "./test-cluster.ts";
import { counted, DAYS, UseTrial } from "./use-trial.ts";

const SEED = Number(process.env["CONFORMANCE_SEED"] ?? 1);
const STEPS = 40;

describe("use by window", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOwn();
  });
  afterAll(async () => await engine.close());

  it("is what was made valid last, whoever writes when, in whatever pieces", async () => {
    const trial = await UseTrial.begin(engine, random(SEED));
    for (let step = 0; step < STEPS; step++) {
      await trial.step();
      expect(await trial.differences(), `seed ${SEED}, step ${step}: ${trial.done}`).toEqual([]);
    }
  }, 120_000);
});

it("days that came one by one are put together when a later window begins", async () => {
  const prefix = freshPrefix();
  const engine = await openOpenSearch(optionsFor(prefix));
  try {
    const { rollups } = engine;
    const { id } = await rollups.createGeneration("rules", "{}");
    const days = DAYS.slice(0, 40);
    for (const day of days) await rollups.replaceUsageDays(id, usageBatch([counted(day)], [use(day, day % 256)]));
    const before = await engine.rollups.read(id, EVERYTHING);
    expect(before).toEqual(days.map((day) => ({ period: day, data: Buffer.of(day % 256) })));
    const counts = await rollups.countedDays(id);
    await rollups.settleUse?.(id, days, () => false);
    expect(await daysOfDocuments(`${prefix}community-stats-numbers-${id}`)).toEqual([]);
    await rollups.settleUse?.(id, days.slice(-1), () => true);
    expect(await rollups.read(id, EVERYTHING)).toEqual(before);
    expect(await rollups.countedDays(id)).toEqual(counts);
    // Of a window in both years, the days of the year that was counted; the newest one is left.
    expect(await daysOfDocuments(`${prefix}community-stats-numbers-${id}`)).toEqual([10]);
    await rollups.settleUse?.(id, days, () => true);
    expect(await daysOfDocuments(`${prefix}community-stats-numbers-${id}`)).toEqual([6, 10, 16]);
    expect(await rollups.read(id, EVERYTHING)).toEqual(before);
  } finally {
    await engine.close();
    await removeAll(prefix);
  }
});

/** Of the documents of several days: how many days each has. */
async function daysOfDocuments(index: string): Promise<readonly number[]> {
  await ask("POST", `/${index}/_refresh`);
  const body = { size: 1000, query: { term: { t: "usage" } }, docvalue_fields: ["period"], _source: false };
  const answer: {
    readonly hits: { readonly hits: readonly { readonly fields: { readonly period: readonly number[] } }[] };
  } = JSON.parse(await (await ask("POST", `/${index}/_search`, body)).text());
  const lengths = answer.hits.hits.map(({ fields }) => fields.period.length);
  return lengths.filter((length) => length > 1).toSorted((a, b) => a - b);
}

const EVERYTHING = { kind: "usage", scope: 3, breakdown: "", from: DAYS[0] ?? 0, to: DAYS.at(-1) ?? 0 } as const;

function use(period: number, byte: number): RollupBlob {
  return { kind: "usage", scope: 3, breakdown: "", period, data: Uint8Array.of(byte) };
}

it("numbers of another layout are as if they were not there, and go when they are counted anew", async () => {
  const prefix = freshPrefix();
  const index = `${prefix}community-stats-numbers-1`;
  const engine = await openOpenSearch(optionsFor(prefix));
  try {
    const old = await engine.rollups.createGeneration("rules", "{}");
    await engine.rollups.activate(old.id, null);
    const lines = { generations: [{ id: old.id, ruleVersion: "rules", live: true, rules: "{}" }], restatements: [] };
    const at = `/${prefix}community-stats-rollups/_doc/generations?refresh=true`;
    expect((await ask("PUT", at, { t: "generations", line: lines })).status).toBe(200);
    const after = await openOpenSearch(optionsFor(prefix));
    expect(await after.rollups.generations()).toEqual([]);
    expect(await after.rollups.countedDays(old.id)).toEqual([]);
    expect((await ask("HEAD", `/${index}`)).status).toBe(200);
    const fresh = await after.rollups.createGeneration("rules", "{}");
    expect(fresh.id).toBeGreaterThan(old.id);
    expect(await after.rollups.generations()).toEqual([fresh]);
    expect((await ask("HEAD", `/${index}`)).status).toBe(404);
    await after.close();
  } finally {
    await engine.close();
    await removeAll(prefix);
  }
});

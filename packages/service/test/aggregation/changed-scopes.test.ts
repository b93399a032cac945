import { MS_PER_DAY } from "@community-stats/contract/days.ts";
import { beforeEach, expect, it, vi } from "vitest";
import { canonicalDigest } from "../../src/aggregate/canonical-dump.ts";
import { type LedgerJob, type LedgerOutcome, runLedger } from "../../src/aggregate/ledger.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { instant, worldOf, type WorldRecord } from "../ledger-world.ts";

const START = instant("2023-05-01T10:00");
const COMMUNITIES = ["A", "B", "C"];

/** A record of each community. */
const RECORDS = COMMUNITIES.map((community, index): WorldRecord => {
  const state = { from: START, parent: `p${index}`, owner: "u", withFiles: false, files: [], kinds: ["k"] };
  const memberships = [{ community, open: START, close: Infinity }];
  return { id: `r${index}`, created: START, published: null, states: [state], deletions: [], memberships };
});
/** The one of B is deleted. */
const LATER = RECORDS.map((record, index) => {
  return index === 1 ? { ...record, deletions: [{ open: START + MS_PER_DAY, close: Infinity }] } : record;
});

let engine: Engine;
let generation: number;
beforeEach(async () => {
  engine = openMemory({ clock: Date.now });
  generation = (await engine.rollups.createGeneration("test", "{}")).id;
});

async function book(records: readonly WorldRecord[], job: Partial<LedgerJob> = {}): Promise<LedgerOutcome> {
  const { history } = worldOf(records);
  const { facts, rollups } = engine;
  return await runLedger({
    facts,
    rollups,
    generation,
    history,
    labels: [],
    definition: "d",
    again: new Set(),
    ...job,
  });
}

async function digestOfAll(records: readonly WorldRecord[]): Promise<string> {
  const { facts, rollups } = openMemory({ clock: Date.now });
  const { id } = await rollups.createGeneration("test", "{}");
  const { history } = worldOf(records);
  await runLedger({ facts, rollups, generation: id, history, labels: [], definition: "d", again: "all" });
  return await canonicalDigest(rollups, id);
}

it("books all scopes at first, then those alone whose records changed, to the numbers of a count from nothing", async () => {
  expect(await book(RECORDS)).toMatchObject({ scopes: 4, complete: true });
  expect(await book(LATER)).toMatchObject({ scopes: 2, complete: true });
  expect(await canonicalDigest(engine.rollups, generation)).toBe(await digestOfAll(LATER));
  expect(await book(LATER)).toMatchObject({ scopes: 0, complete: true });
});

it("books again what is asked for, and everything where other values are counted", async () => {
  await book(RECORDS);
  expect(await book(RECORDS, { again: new Set(["C"]) })).toMatchObject({ scopes: 1 });
  expect(await book(RECORDS, { again: "all" })).toMatchObject({ scopes: 4 });
  expect(await book(RECORDS, { definition: "other" })).toMatchObject({ scopes: 4 });
});

it("books again what has failed, or what a run did not come to", async () => {
  await book(RECORDS);
  const { rollups } = engine;
  const [code] = await rollups.intern("scope", ["B"]);
  const replace = rollups.replaceRecords.bind(rollups);
  const damage = vi.spyOn(rollups, "replaceRecords").mockImplementation(async (...given) => {
    if (given[2] === code) throw new Error("the page of B is damaged");
    await replace(...given);
  });
  expect(await book(LATER)).toMatchObject({ failures: [{ scope: "B" }] });
  damage.mockRestore();
  // Its records are as they were when it was booked last; its book may be anything.
  expect(await book(RECORDS)).toMatchObject({ scopes: 2, failures: [] });
  expect(await canonicalDigest(rollups, generation)).toBe(await digestOfAll(RECORDS));

  let asked = 0;
  expect(await book(LATER, { mayGoOn: () => asked++ < 1 })).toMatchObject({ scopes: 1, complete: false });
  expect(await book(LATER)).toMatchObject({ scopes: 1, complete: true });
  expect(await canonicalDigest(rollups, generation)).toBe(await digestOfAll(LATER));
});

it("empties the book of a community that has lost its records", async () => {
  await book(RECORDS);
  expect(await book(RECORDS.slice(0, 2))).toMatchObject({ scopes: 2 });
  expect(await engine.rollups.scopes(generation, "records-added")).toHaveLength(3);
});

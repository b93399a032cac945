import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openOpenSearch } from "../../src/engines/opensearch/open.ts";
import { eventBatch, FIRST, storedEvents } from "../engines/event-lines.ts";
import { ask, freshPrefix, optionsFor, removeAll } from "./test-cluster.ts";

const prefix = freshPrefix();
const index = `${prefix}community-stats-facts`;
const folder = mkdtempSync(join(tmpdir(), "kept-days-"));
const opened: Engine[] = [];

/** Another process, on this machine or on one that keeps nothing. */
async function joined(keepsDays: boolean): Promise<Engine> {
  const keptDays = { folder, maxBytes: 2 ** 30 };
  const engine = await openOpenSearch({ ...optionsFor(prefix), ...(keepsDays ? { keptDays } : {}) });
  opened.push(engine);
  return engine;
}

async function rowsOf(facts: Engine["facts"]): Promise<number> {
  let rows = 0;
  for await (const day of facts.eventRows([FIRST])) rows += day.rows.count;
  return rows;
}

function keptFiles(): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.split("/").length === 3).map((name) => join(folder, name));
}

beforeAll(async () => {
  const writer = await joined(false);
  await writer.facts.append({ events: eventBatch([{ id: 1, at: 1000 }]) });
  await writer.facts.append({ events: eventBatch([{ id: 2, at: 20_000 }]) });
});
afterAll(async () => {
  for (const engine of opened) await engine.close();
  await removeAll(prefix);
  rmSync(folder, { recursive: true });
});

it("reads a day out of the cluster once, then from the disk, and a changed one as it is", async () => {
  const { facts } = await joined(true);
  const first = await storedEvents(facts, [FIRST]);
  expect(first).toHaveLength(2);
  expect(keptFiles()).toHaveLength(2);
  await (await joined(false)).facts.append({ events: eventBatch([{ id: 3, at: 40_000 }]) });
  expect(await storedEvents(facts, [FIRST])).toHaveLength(3);
  expect(keptFiles()).toHaveLength(3);
  // Packed into one part, of which the other process knows nothing yet.
  await (await joined(false)).facts.settle();
  const packed = await storedEvents(facts, [FIRST]);
  expect(packed).toEqual(await storedEvents((await joined(false)).facts, [FIRST]));
  expect(keptFiles()).toHaveLength(1);
});

it("proves what the cluster holds by the cluster alone", async () => {
  const { facts } = await joined(true);
  expect(await storedEvents(facts, [FIRST])).toHaveLength(3);
  const [file = ""] = keptFiles();
  const payload = readFileSync(file).toString("base64");
  const id = encodeURIComponent(`part/${FIRST}/${basename(file)}`);
  const part = { t: "part", period: FIRST, version: 1 };
  await ask("PUT", `/${index}/_doc/${id}`, { ...part, payload: Buffer.from("changed").toString("base64") });
  expect(await storedEvents(facts, [FIRST])).toHaveLength(3);
  await expect(rowsOf(facts)).rejects.toThrow("its bytes are not those that it is named after");
  await expect(storedEvents((await joined(false)).facts, [FIRST])).rejects.toThrow("its bytes are not those");
  await ask("PUT", `/${index}/_doc/${id}`, { ...part, payload });
  expect(await storedEvents((await joined(false)).facts, [FIRST])).toHaveLength(3);
});

it("takes nothing from the disk that is not what the cluster holds", async () => {
  const [file = ""] = keptFiles();
  writeFileSync(file, "not a part");
  const { facts } = await joined(true);
  expect(await storedEvents(facts, [FIRST])).toHaveLength(3);
  // Mended by that; now the cluster's are gone, and only who kept them can still read the day.
  await ask("POST", `/${index}/_refresh`);
  await ask("POST", `/${index}/_delete_by_query?refresh=true`, {
    query: { term: { t: "part" } },
  });
  expect(await storedEvents((await joined(true)).facts, [FIRST])).toHaveLength(3);
  await expect(storedEvents((await joined(false)).facts, [FIRST])).rejects.toThrow("a part that it names is missing");
});

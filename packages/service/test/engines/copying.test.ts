import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { compared, copied, countedDocuments, takeWorkedExample } from "./copied-facts.ts";
import { eventBatch } from "./event-lines.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function embedded(): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), "copying-"));
  folders.push(folder);
  return await openEmbedded({ dataDir: folder });
}

async function eventCounts({ facts }: Engine): Promise<readonly (readonly [number, number])[]> {
  return (await facts.eventDays()).map(({ day, count }) => [day, count]);
}

it("gives the same documents in the other store", async () => {
  const [from, to] = [openMemory({ clock: Date.now }), await embedded()];
  await takeWorkedExample(from);
  expect(await copied(from, to)).toMatchObject({ events: 13, days: 3, differing: [], isWhole: true });
  expect(await compared(from, to)).toEqual([]);
  expect(await countedDocuments(to)).toBe(await countedDocuments(from));
  await to.close();
});

it("brings every field of every event there and back", async () => {
  const [from, to, back] = [await embedded(), openMemory({ clock: Date.now }), await embedded()];
  await takeWorkedExample(from);
  // One that stands in a file, replaced by one that waits.
  await from.facts.append({ events: eventBatch([{ id: 1, at: 5, country: "FR", bytes: 7, updated: 9 }]) });
  await from.facts.append({ events: eventBatch([{ id: 1, at: 6, record: "r2", bytes: 0.5 }]) });
  await copied(from, to);
  expect(await copied(to, back)).toMatchObject({ differing: [], isWhole: true });
  expect(await compared(from, back)).toEqual([]);
  expect(await eventCounts(back)).toEqual(await eventCounts(from));
  await Promise.all([from.close(), back.close()]);
});

it("goes on where it was interrupted, whenever that was", async () => {
  const from = await embedded();
  await takeWorkedExample(from);
  for (const stopAfter of [1, 2, 3, 4, 5]) {
    const to = openMemory({ clock: Date.now });
    const first = await copied(from, to, stopAfter);
    expect(first.isWhole).toBe(false);
    const second = await copied(from, to);
    expect(second).toMatchObject({ differing: [], isWhole: true });
    expect(first.events + second.events).toBe(13);
    expect(first.days + second.days).toBe(3);
    expect(await compared(from, to)).toEqual([]);
  }
  await from.close();
});

it("brings what came since, and tells what the target has of elsewhere", async () => {
  const [from, to] = [openMemory({ clock: Date.now }), openMemory({ clock: Date.now })];
  await takeWorkedExample(from);
  await copied(from, to);
  await from.facts.append({
    events: eventBatch([{ id: 77, at: 1 }]),
    memberships: [{ record: "r1", community: "C", type: "added", at: 5 as never }],
  });
  expect(await copied(from, to)).toMatchObject({ events: 1, memberships: 1, differing: [] });
  expect(await compared(from, to)).toEqual([]);
  await to.facts.append({
    events: eventBatch([
      { id: 78, at: 2 },
      { id: 79, at: 10 * 86_400_000 },
    ]),
  });
  expect((await copied(from, to)).differing).toHaveLength(1);
  expect(await compared(from, to)).toEqual(["events: the target has 1 on 1 days of which the source knows nothing"]);
});

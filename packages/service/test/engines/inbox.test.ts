import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { INBOX_LIMITS } from "../../src/engines/embedded/event-store.ts";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { eventBatch, type EventLine, FIRST, SECOND, storedEvents } from "./event-lines.ts";

const LIMITS = { ...INBOX_LIMITS, batch: 10, waiting: 25, worthAFile: 5 };
const DAY_MS = 86_400_000;
let dataDir = "";
let engine: Engine;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "inbox-"));
  engine = await openEmbedded({ dataDir, inbox: LIMITS });
});
afterEach(async () => {
  await engine.close();
  await rm(dataDir, { recursive: true, force: true });
});

const append = async (...lines: readonly EventLine[]) =>
  (await engine.facts.append({ events: eventBatch(lines) })).events;
const lines = (count: number, from = 0): EventLine[] =>
  Array.from({ length: count }, (_, index) => ({ id: from + index + 1, at: 20_000 * (from + index), bytes: index }));

const ENDED = "asked to end";
/** Is aborted when it is looked at for the `looks`th time. */
function endingAt(looks: number): AbortSignal {
  const controller = new AbortController();
  let left = looks;
  return Object.assign(controller.signal, {
    throwIfAborted: () => {
      if (--left === 0) controller.abort(ENDED);
      if (controller.signal.aborted) throw ENDED;
    },
  });
}

async function files(): Promise<number> {
  const root = join(dataDir, "facts/events");
  if (!existsSync(root)) return 0;
  return (await readdir(root, { recursive: true })).filter((name) => name.endsWith(".parquet")).length;
}

function waiting(): number {
  return Number(asked("SELECT count(*) FROM inbox"));
}

function asked(sql: string): unknown {
  const database = new Database(join(dataDir, "control.sqlite"));
  const statement = database.prepare(sql);
  const value = statement.reader ? statement.pluck().get() : statement.run();
  database.close();
  return value;
}

describe("an append that is asked to end", () => {
  it("leaves nothing of a large batch behind, whenever that is", async () => {
    const days = [0, 1, 2].flatMap((day) =>
      [1, 2, 3, 4].map((at) => ({ id: 500 + 10 * day + at, at: day * DAY_MS + at })),
    );
    await append(...lines(11));
    const before = [await files(), await engine.facts.eventDays()];
    const events = eventBatch(days);
    // The two locks, the day in a file, and each day that is written.
    for (let looks = 1; looks <= 6; looks++) {
      await expect(engine.facts.append({ events }, null, endingAt(looks))).rejects.toBe(ENDED);
      expect([await files(), await engine.facts.eventDays()]).toEqual(before);
    }
    expect((await engine.facts.append({ events }, null, endingAt(7))).events.accepted).toBe(12);
    expect((await engine.facts.summary()).events).toBe(23);
  });

  it("keeps what was stored already where only packing is left", async () => {
    for (let from = 0; from < 24; from += 6) await append(...lines(6, from));
    const events = eventBatch([...lines(2, 24), { id: 100, at: DAY_MS }]);
    expect((await engine.facts.append({ events }, null, endingAt(4))).events.accepted).toBe(3);
    expect([await files(), waiting()]).toEqual([0, 27]);
    await append({ id: 200, at: DAY_MS });
    expect([await files(), waiting()]).toEqual([2, 0]);
  });

  it("leaves what waits where it is only to be settled", async () => {
    await append(...lines(5));
    await engine.facts.settle(endingAt(3));
    expect([await files(), waiting()]).toEqual([0, 5]);
    await engine.facts.settle(endingAt(4));
    expect([await files(), waiting()]).toEqual([1, 0]);
  });

  it("does not wait for its turn any longer", async () => {
    const lock = new Database(join(dataDir, "append.lock"));
    lock.exec("BEGIN EXCLUSIVE");
    const ending = new AbortController();
    const appending = engine.facts.append({ events: eventBatch(lines(1)) }, null, ending.signal);
    ending.abort(ENDED);
    await expect(appending).rejects.toBe(ENDED);
    lock.close();
    expect((await append(...lines(1))).accepted).toBe(1);
  });
});

describe("the inbox of small batches", () => {
  it("keeps them out of files, and shows them in every scan and sum", async () => {
    await append(...lines(3));
    await append({ id: 100, at: DAY_MS });
    expect([await files(), waiting()]).toEqual([0, 4]);
    expect(await storedEvents(engine.facts, [FIRST, SECOND])).toHaveLength(4);
    expect(await engine.facts.summary()).toMatchObject({ events: 4, firstEventDay: FIRST, lastEventDay: SECOND });
    expect((await engine.facts.summary()).bytes).toBeGreaterThan(0);
  });

  it("does not take large batches, and gives up its rows of their days to the same file", async () => {
    await append(...lines(3), { id: 200, at: DAY_MS });
    await append(...lines(11, 50));
    expect([await files(), waiting()]).toEqual([1, 1]);
    expect(await storedEvents(engine.facts, [FIRST, SECOND])).toHaveLength(15);
  });

  it("is packed when it is full, without a change of any fact", async () => {
    for (let from = 0; from < 30; from += 6) await append(...lines(6, from));
    expect([await files(), waiting()]).toEqual([1, 0]);
    expect(await storedEvents(engine.facts, [FIRST])).toHaveLength(30);
    expect(await append(...lines(6))).toEqual({ accepted: 0, known: 6, superseded: 0 });
  });

  it("is settled by day: those that are worth a file, and those that have waited long", async () => {
    await append(...lines(5));
    await append({ id: 100, at: DAY_MS });
    const before = await engine.facts.eventDays();
    await engine.facts.settle();
    expect([await files(), waiting()]).toEqual([1, 1]);
    asked(`UPDATE inbox SET arrived = arrived - ${LIMITS.ageMs}`);
    await engine.facts.settle();
    expect([await files(), waiting()]).toEqual([2, 0]);
    expect(await engine.facts.eventDays()).toEqual(before);
    expect(await storedEvents(engine.facts, [FIRST, SECOND])).toHaveLength(6);
  });

  it("knows an identity that lies in a file, and a file one that waits", async () => {
    await append(...lines(11));
    expect(await append({ id: 3, at: 40_000, bytes: 2 })).toEqual({ accepted: 0, known: 1, superseded: 0 });
    await append({ id: 500, at: 7 });
    const again = await append(...lines(11, 100), { id: 500, at: 7 });
    expect(again).toEqual({ accepted: 11, known: 1, superseded: 0 });
    expect(await storedEvents(engine.facts, [FIRST])).toHaveLength(23);
  });

  it("lets the greater event win over one that waits, over one in a file, and from a file over one that waits", async () => {
    await append({ id: 1, at: 1000 });
    expect(await append({ id: 1, at: 2000 })).toMatchObject({ accepted: 0, superseded: 1 });
    expect(await storedEvents(engine.facts, [FIRST])).toEqual(["2000 r1 - 0"]);
    expect(await append({ id: 1, at: 3000 }, ...lines(11, 50))).toMatchObject({ accepted: 11, superseded: 1 });
    expect(await append({ id: 1, at: 4000 })).toMatchObject({ accepted: 0, superseded: 1 });
    const stored = await storedEvents(engine.facts, [FIRST]);
    expect(stored.filter((text) => /^[1234]000 /.test(text))).toEqual(["4000 r1 - 0"]);
    expect(stored).toHaveLength(12);
    expect(await engine.facts.eventDays()).toMatchObject([{ day: FIRST, count: 12 }]);
  });

  it("says that generated events are among those that wait", async () => {
    const batch = eventBatch(lines(2));
    batch.generated[0] = 1;
    await engine.facts.append({ events: batch });
    expect((await engine.facts.summary()).generated).toBe(true);
  });

  it("gives every process its turn while another appends without a pause", async () => {
    const other = await openEmbedded({ dataDir, inbox: LIMITS });
    const over = new AbortController();
    const busy = (async () => {
      for (let from = 1000; !over.signal.aborted; from += 3) await append(...lines(3, from));
    })();
    for (let turn = 0; turn < 10; turn++) await other.facts.append({ events: eventBatch(lines(2, 10 * turn)) });
    over.abort();
    await busy;
    await other.close();
    const own = (await storedEvents(engine.facts, [FIRST])).filter((text) => Number(text.split(" ")[0]) < 20_000_000);
    expect(own).toHaveLength(20);
  });
});

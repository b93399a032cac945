import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FactsUnreadableError, NewerDataError } from "../../src/engine/errors.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { INBOX_LIMITS } from "../../src/engines/embedded/event-store.ts";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { EventFiles } from "../../src/engines/embedded/parquet.ts";
import { usageBatch } from "../usage-batch.ts";
import { eventBatch, FIRST, SECOND, storedEvents } from "./event-lines.ts";

let dataDir = "";
const DAY_MS = 86_400_000;
const twoDays = {
  events: eventBatch([
    { id: 1, at: 5 },
    { id: 2, at: DAY_MS },
  ]),
};

/** Every batch goes into files. */
const withoutInbox = async (): Promise<Engine> => await openEmbedded({ dataDir, inbox: { ...INBOX_LIMITS, batch: 0 } });
const fileOf = async (day: string): Promise<string> => {
  const [name = ""] = await readdir(join(dataDir, "facts/events", day));
  return join("facts/events", day, name);
};
const generationsOf = async ({ rollups }: Engine): Promise<readonly (readonly [boolean, number | null])[]> =>
  await Promise.all(
    (await rollups.generations()).map(async ({ id, live }) => [live, (await rollups.progress(id)).updatedAt] as const),
  );
const changeManifest = (sql: string): void => {
  const database = new Database(join(dataDir, "control.sqlite"));
  database.exec(sql);
  database.close();
};

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "embedded-files-"));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

describe("the data directory of the embedded engine", () => {
  it("ignores files that it did not write, and reports them", async () => {
    const engine = await openEmbedded({ dataDir });
    await engine.facts.append(twoDays);
    await mkdir(join(dataDir, "facts/events/2025-03-10"), { recursive: true });
    await writeFile(join(dataDir, "facts/events/2025-03-10/notes.txt"), "x");
    const orphan = "facts/events/2025-03-10/00000000-0000-4000-8000-000000000000.parquet";
    await writeFile(join(dataDir, orphan), "x");
    expect(await storedEvents(engine.facts, [FIRST, SECOND])).toHaveLength(2);
    expect((await engine.facts.problems()).map(({ kind }) => kind).toSorted()).toEqual(["foreign-file", "orphan-file"]);
    await engine.close();
  });

  it("names day and file when a listed file is cut", async () => {
    const engine = await withoutInbox();
    await engine.facts.append(twoDays);
    const path = await fileOf("2025-03-11");
    await truncate(join(dataDir, path), 100);
    const failure = await storedEvents(engine.facts, [FIRST, SECOND]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FactsUnreadableError);
    expect(failure).toMatchObject({ day: SECOND, path });
    await engine.close();
  });

  it.each([
    ["fewer", "rows + 1"],
    ["more", "rows - 1"],
  ])("blames the file that has %s rows than listed, not its neighbours", async (_, rows) => {
    const engine = await withoutInbox();
    const days = [0, 1, 2].map((day) => (FIRST + day) as typeof FIRST);
    const lines = days.flatMap((_day, index) =>
      [1, 2, 3].map((id) => ({ id: 10 * index + id, at: index * DAY_MS + id })),
    );
    await engine.facts.append({ events: eventBatch(lines) });
    changeManifest(`UPDATE manifest SET rows = ${rows} WHERE day = ${SECOND}`);
    const seen: number[] = [];
    const failure = await (async () => {
      for await (const { day, count } of engine.facts.events(days)) seen.push(day, count);
    })().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "FACTS_UNREADABLE", day: SECOND, path: await fileOf("2025-03-11") });
    expect(seen).toEqual([FIRST, 3]);
    await engine.close();
  });

  it("reports listed files that are cut, hold something else or are gone", async () => {
    const engine = await withoutInbox();
    const lines = [0, 1, 2, 3].map((day) => ({ id: day + 1, at: day * DAY_MS }));
    await engine.facts.append({ events: eventBatch(lines) });
    const [cut, foreign, gone] = await Promise.all(["2025-03-10", "2025-03-11", "2025-03-12"].map(fileOf));
    expect(await engine.facts.problems()).toEqual([]);
    const { length } = await readFile(join(dataDir, foreign ?? ""));
    await truncate(join(dataDir, cut ?? ""), length - 20);
    await writeFile(join(dataDir, foreign ?? ""), "x".repeat(length));
    await rm(join(dataDir, gone ?? ""));
    const problems = await engine.facts.problems();
    expect(problems.map(({ kind, path }) => `${kind} ${path}`).toSorted()).toEqual(
      [`missing-file ${gone}`, `unreadable-file ${cut}`, `unreadable-file ${foreign}`].toSorted(),
    );
    await engine.close();
  });

  it("reads the footers of all files at once, and none again that nobody changed", async () => {
    const connect = vi.spyOn(EventFiles.prototype, "connect");
    const lines = [0, 1, 2, 3].map((day) => ({ id: day + 1, at: day * DAY_MS }));
    const writer = await withoutInbox();
    await writer.facts.append({ events: eventBatch(lines) });
    await writer.close();
    const engine = await openEmbedded({ dataDir });
    connect.mockClear();
    expect([await engine.facts.problems(), await engine.facts.problems()]).toEqual([[], []]);
    expect(connect).toHaveBeenCalledTimes(1);
    await engine.close();

    const foreign = await fileOf("2025-03-12");
    const { length } = await readFile(join(dataDir, foreign));
    await writeFile(join(dataDir, foreign), "x".repeat(length));
    const later = await openEmbedded({ dataDir });
    expect(await later.facts.problems()).toMatchObject([{ kind: "unreadable-file", path: foreign }]);
    await later.close();
    connect.mockRestore();
  });

  it("removes the drafts of killed writers with the next append, and nothing else", async () => {
    const id = "00000000-0000-4000-8000-000000000000";
    const names = [`${id}.parquet`, `tmp_${id}.parquet`, "notes.txt"];
    await mkdir(join(dataDir, "tmp"));
    for (const name of names) await writeFile(join(dataDir, "tmp", name), "x");
    const engine = await openEmbedded({ dataDir });
    await engine.facts.append(twoDays);
    expect(await readdir(join(dataDir, "tmp"))).toEqual(["notes.txt"]);
    await engine.close();
  });

  it("is made once by many that open it at the same time", async () => {
    const engines = await Promise.all(Array.from({ length: 8 }, () => openEmbedded({ dataDir })));
    await Promise.all(engines.map(({ facts }) => facts.append(twoDays)));
    expect((await engines[0]?.facts.summary())?.events).toBe(2);
    for (const engine of engines) await engine.close();
  });

  it.each(["control.sqlite", "rollups.sqlite"])("refuses a %s of a newer release", async (file) => {
    await (await openEmbedded({ dataDir })).close();
    const database = new Database(join(dataDir, file));
    database.pragma("user_version = 99");
    database.close();
    await expect(openEmbedded({ dataDir })).rejects.toThrow(NewerDataError);
  });

  it("starts with empty rollups when their file was removed, and keeps the facts", async () => {
    const before = await openEmbedded({ dataDir });
    await before.facts.append(twoDays);
    await before.rollups.createGeneration("v1", "{}");
    await before.close();
    await rm(join(dataDir, "rollups.sqlite"));
    const after = await openEmbedded({ dataDir });
    expect(await after.rollups.generations()).toEqual([]);
    expect((await after.facts.summary()).events).toBe(2);
    await after.close();
  });

  it("shows a second process what the first has stored, while both are open", async () => {
    const [writer, reader] = [await openEmbedded({ dataDir }), await openEmbedded({ dataDir })];
    await writer.facts.append(twoDays);
    expect(await storedEvents(reader.facts, [FIRST, SECOND])).toHaveLength(2);
    await Promise.all([writer.facts.append(twoDays), reader.facts.append(twoDays)]);
    expect((await reader.facts.summary()).events).toBe(2);
    await writer.close();
    await reader.close();
  });

  it("tells a second process at once which numbers are live and how far they go", async () => {
    const [writer, reader] = [await openEmbedded({ dataDir }), await openEmbedded({ dataDir })];
    const both = async () => [await generationsOf(writer), await generationsOf(reader)];
    expect(await both()).toEqual([[], []]);
    const { id } = await writer.rollups.createGeneration("v1", "{}");
    const progress = { through: FIRST, counted: SECOND, recordSeq: 3, failedScopes: [], updatedAt: 1 };
    expect(await both()).toEqual([[[false, null]], [[false, null]]]);
    for (const updatedAt of [1, 2, 3]) {
      await writer.rollups.setProgress(id, { ...progress, updatedAt });
      expect(await both()).toEqual([[[false, updatedAt]], [[false, updatedAt]]]);
    }
    await reader.rollups.activate(id, null);
    expect(await both()).toEqual([[[true, 3]], [[true, 3]]]);
    await reader.rollups.dropGeneration(id);
    expect(await both()).toEqual([[], []]);
    await writer.close();
    await reader.close();
  });

  it("shows a second process the breakdown that came in the place of another, and lets it write there", async () => {
    const [writer, reader] = [await openEmbedded({ dataDir }), await openEmbedded({ dataDir })];
    const [live, side] = [
      await writer.rollups.createGeneration("v1", "{}"),
      await writer.rollups.createGeneration("p", "{}"),
    ];
    const day = { day: FIRST, eventVersion: 1, recordSeq: 0 };
    const use = (byte: number) =>
      usageBatch([day], [{ kind: "usage", scope: 0, breakdown: "rights", period: FIRST, data: Uint8Array.of(byte) }]);
    const seen = async ({ rollups }: Engine) => {
      const range = { kind: "usage", scope: 0, breakdown: "rights", from: FIRST, to: FIRST } as const;
      return (await rollups.read(live.id, range)).map(({ data }) => data[0]);
    };
    await writer.rollups.replaceUsageDays(live.id, use(1));
    await writer.rollups.replaceUsageDays(side.id, use(2));
    // Both know now where the breakdown stands.
    expect([await seen(writer), await seen(reader)]).toEqual([[1], [1]]);
    const restatement = { at: 1, fromRule: "v1", toRule: "v2", detail: "{}" };
    const rules = { ruleVersion: "v2", rules: "{}", restatement };
    await writer.rollups.exchangeBreakdowns(live.id, { with: side.id, breakdowns: ["rights"], ...rules });
    expect([await seen(writer), await seen(reader)]).toEqual([[2], [2]]);
    await writer.rollups.dropGeneration(side.id);
    await reader.rollups.replaceUsageDays(live.id, use(3));
    expect([await seen(writer), await seen(reader)]).toEqual([[3], [3]]);
    await writer.close();
    await reader.close();
  });
});

import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FactsUnreadableError, NewerDataError } from "../../src/engine/errors.ts";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { eventBatch, FIRST, SECOND, storedEvents } from "./event-lines.ts";

let dataDir = "";
const DAY_MS = 86_400_000;
const twoDays = {
  events: eventBatch([
    { id: 1, at: 5 },
    { id: 2, at: DAY_MS },
  ]),
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
    const engine = await openEmbedded({ dataDir });
    await engine.facts.append(twoDays);
    const folder = join(dataDir, "facts/events/2025-03-11");
    const [name = ""] = await readdir(folder);
    await truncate(join(folder, name), 100);
    const failure = await storedEvents(engine.facts, [FIRST, SECOND]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FactsUnreadableError);
    expect(String(failure)).toContain("2025-03-11");
    expect(String(failure)).toContain(name);
    await engine.close();
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
});

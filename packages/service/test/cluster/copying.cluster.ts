import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { openOpenSearch } from "../../src/engines/opensearch/open.ts";
import { compared, copied, countedDocuments, takeWorkedExample } from "../engines/copied-facts.ts";
import { eventBatch } from "../engines/event-lines.ts";
import { freshPrefix, OPENSEARCH_URL, optionsFor, REDIS_URL, removeAll } from "./test-cluster.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const DAY_MS = 86_400_000;
const DAYS = 60;
const prefix = freshPrefix();
const killedPrefix = freshPrefix();

let folder: string;
let embedded: Engine;
let cluster: Engine;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "copying-"));
  embedded = await openEmbedded({ dataDir: join(folder, "first") });
  await takeWorkedExample(embedded);
  cluster = await openOpenSearch(optionsFor(prefix));
});
afterAll(async () => {
  await Promise.all([embedded.close(), cluster.close()]);
  await removeAll(prefix);
  await removeAll(killedPrefix);
  rmSync(folder, { recursive: true });
});

it("the worked example gives the same documents, byte for byte, there and back again", async () => {
  expect(await copied(embedded, cluster)).toMatchObject({ events: 13, differing: [], isWhole: true });
  expect(await compared(embedded, cluster)).toEqual([]);
  const documents = await countedDocuments(embedded);
  expect(await countedDocuments(cluster)).toBe(documents);
  const back = await openEmbedded({ dataDir: join(folder, "second") });
  expect(await copied(cluster, back)).toMatchObject({ events: 13, differing: [], isWhole: true });
  expect(await compared(embedded, back)).toEqual([]);
  expect(await countedDocuments(back)).toBe(documents);
  await back.close();
});

it("a copy that is killed midway goes on, and ends the same", async () => {
  const dataDir = join(folder, "many");
  const from = await openEmbedded({ dataDir });
  const lines = Array.from({ length: 20 * DAYS }, (_, at) => ({ id: at + 1, at: (at % DAYS) * DAY_MS + at }));
  await from.facts.append({ events: eventBatch(lines) });
  const child = copyCommand(dataDir);
  const to = await openOpenSearch(optionsFor(killedPrefix));
  await untilCopied(to, child);
  child.kill("SIGKILL");
  await once(child, "close");
  const done = (await to.facts.eventDays()).length;
  expect(done).toBeLessThan(DAYS);
  const report = await copied(from, to);
  expect(report).toMatchObject({ differing: [], isWhole: true });
  // The last day may have been written and not noted.
  expect(report.days).toBeLessThanOrEqual(DAYS - done + 1);
  expect(await compared(from, to)).toEqual([]);
  expect(await to.facts.summary()).toMatchObject({ events: 20 * DAYS });
  const again = copyCommand(dataDir);
  await once(again, "close");
  expect(again.exitCode).toBe(0);
  await Promise.all([from.close(), to.close()]);
});

function copyCommand(dataDir: string): ChildProcess {
  const env = {
    PATH: process.env["PATH"],
    COMMUNITY_STATS_DATA_DIR: dataDir,
    OPENSEARCH_URL,
    REDIS_URL,
    SEARCH_INDEX_PREFIX: killedPrefix,
  };
  const words = ["--no-warnings", MAIN, "copy", "--from", "embedded", "--to", "opensearch"];
  return spawn(process.execPath, words, { cwd: folder, env, stdio: "ignore" });
}

async function untilCopied({ facts }: Engine, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    if ((await facts.eventDays()).length >= 5) return;
    await sleep(10);
  }
  throw new Error("the copy ended before it could be killed");
}

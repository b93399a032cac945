import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { ChunkSettings } from "../../src/engine/chunk-size.ts";
import type { PublishedDocument } from "../../src/engine/document-publisher.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openOpenSearch } from "../../src/engines/opensearch/open.ts";
import { Requests } from "../../src/engines/opensearch/requests.ts";
import { ask, freshPrefix, optionsFor, removeAll } from "./test-cluster.ts";

const NAME = "stats-community-usage-delta";
const TIMEOUT_MS = 60_000;
/** The node of the tests takes requests of 4 MB: 54 documents of this size, and not 56. */
const LARGE = 76_000;
const TOO_LARGE = 5_000_000;
const prefix = freshPrefix();
let engine: Engine;

beforeAll(async () => {
  engine = await openOpenSearch(optionsFor(prefix));
});
afterAll(async () => {
  await engine.close();
  await removeAll(prefix);
});

async function publish(
  documents: readonly PublishedDocument[],
  chunks: ChunkSettings = loadConfig({}).publicationChunks,
) {
  const publisher = engine.publisher?.(chunks, TIMEOUT_MS);
  if (publisher === undefined) throw new Error("the engine has no publisher");
  return await publisher.publish(
    NAME,
    (async function* () {
      yield* documents;
    })(),
  );
}

function documentOf(number: number, characters = 10, year = 2025): PublishedDocument {
  return { id: `global-${year}-${number}`, year, source: { community_id: "global", text: "x".repeat(characters) } };
}

function made(number: number, timestamp: string): PublishedDocument {
  const { id, year, source } = documentOf(number);
  return { id, year, source: { ...source, timestamp } };
}

/** How many documents each bulk request had meanwhile. */
async function chunksOf(work: () => Promise<unknown>): Promise<readonly number[]> {
  const sizes: number[] = [];
  const { send } = Requests.prototype;
  const sent = vi.spyOn(Requests.prototype, "send").mockImplementation(async function (this: Requests, ...request) {
    const [, path, options] = request;
    if (path === "/_bulk") sizes.push((options?.lines ?? "").trimEnd().split("\n").length / 2);
    return await send.apply(this, request);
  });
  try {
    await work();
  } finally {
    sent.mockRestore();
  }
  return sizes;
}

async function count(index: string): Promise<unknown> {
  await ask("POST", `/${prefix}${index}/_refresh`);
  return Object(await (await ask("GET", `/${prefix}${index}/_count`)).json()).count;
}

describe("publication of daily documents", () => {
  it("sends chunks as the manual's example does, and loses no document of one that was too large", async () => {
    const documents = Array.from({ length: 260 }, (_, number) => documentOf(number, LARGE));
    const sizes = await chunksOf(async () => {
      expect(await publish(documents)).toMatchObject({ written: 260, failed: [], replaced: [], chunk: 44 });
    });
    expect(sizes).toEqual([50, 52, 54, 56, 39, 40, 25]);
    expect(await count(NAME)).toBe(260);
    expect(await count(`${NAME}-2025`)).toBe(260);
  });

  it("begins with the size learned before", async () => {
    const { chunk } = await publish([documentOf(1)]);
    expect((await publish([])).chunk).toBe(chunk);
    expect((await publish([documentOf(2)])).chunk).toBe(chunk + Math.max(1, Math.floor(chunk * 0.05)));
  });

  it("writes none that stands there, but for the time at which it was made", async () => {
    expect(await publish([made(701, "2025-01-01"), made(702, "2025-01-01")])).toMatchObject({ written: 2 });
    const again = await publish([made(701, "2025-02-02"), { ...documentOf(702), source: { views: 1 } }]);
    expect(again).toMatchObject({ written: 1, unchanged: 1, failed: [] });
  });

  it("shows nothing new where it is asked to end", async () => {
    const ended = new AbortController();
    const publisher = engine.publisher?.(loadConfig({}).publicationChunks, TIMEOUT_MS);
    const documents = (async function* () {
      yield documentOf(1, 10, 2023);
      ended.abort("asked to end");
    })();
    const report = await publisher?.publish(NAME, documents, ended.signal);
    expect(report).toMatchObject({ complete: false, written: 0, failed: [], replaced: [] });
    const shown = Object.keys(Object(await (await ask("GET", `/_alias/${prefix}${NAME}`)).json()));
    expect(shown).toEqual([`${prefix}${NAME}-2025`]);
  });

  it("names a document that no request can hold, and writes all others", async () => {
    const report = await publish([documentOf(801), documentOf(900, TOO_LARGE), documentOf(802)]);
    expect(report.written).toBe(2);
    expect(report.failed).toMatchObject([{ id: "global-2025-900", reason: expect.stringMatching(/too many for any/) }]);
  });

  it("collects what is refused for single documents", async () => {
    const wrong = { ...documentOf(901), source: { community_id: { no: "keyword" } } };
    const report = await publish([wrong, documentOf(3)]);
    expect(report.written).toBe(1);
    expect(report.failed).toMatchObject([
      { id: wrong.id, reason: expect.stringContaining("mapper_parsing_exception") },
    ]);
  });

  it("replaces documents of the original by switching the alias, and keeps them", async () => {
    await ask("PUT", `/${prefix}${NAME}-2024/_doc/global-2024-01-01`, { community_id: "global", by: "the original" });
    await ask("PUT", `/${prefix}${NAME}-2024/_alias/${prefix}${NAME}`);
    const report = await publish([documentOf(1, 10, 2024)]);
    expect(report.replaced).toEqual([`${prefix}${NAME}-2024`]);
    const shown = Object.keys(Object(await (await ask("GET", `/_alias/${prefix}${NAME}`)).json()));
    expect(shown.toSorted()).toEqual([`${prefix}${NAME}-2024-community-stats`, `${prefix}${NAME}-2025`]);
    expect(await count(`${NAME}-2024`)).toBe(1);
    expect((await publish([documentOf(2, 10, 2024)])).failed).toEqual([]);
    expect(await count(`${NAME}-2024-community-stats`)).toBe(2);
  });
});

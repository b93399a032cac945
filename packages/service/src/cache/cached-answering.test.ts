import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CommunityLine } from "../engine/facts.ts";
import { CSV_FORMAT, JSON_FORMAT, XLSX_FORMAT } from "../export/formats.ts";
import type { QueryPlan } from "../query/plan.ts";
import type { ReadableScope } from "../query/scopes.ts";
import {
  type Answer,
  type Answering,
  type AnswerRequest,
  EntryError,
  isPlanned,
  type PlannedEntry,
} from "./answering.ts";
import { CachedAnswering, type CachedAnsweringOptions } from "./cached-answering.ts";
import { CacheFile } from "./cache-file.ts";

const GLOBAL: ReadableScope = { key: "global", code: 0, community: null };
const PLAN = { form: "columns", plans: [], single: true } satisfies QueryPlan;

function community(visibility: "public" | "restricted", deleted = false): ReadableScope {
  const nothing = { title: "", description: "", created: null, updated: null, dashboardEnabled: null, layout: null };
  const line: CommunityLine = { ...nothing, id: "c1", slug: "one", visibility, deleted, parent: null };
  return { key: "c1", code: 1, community: line };
}

function entry(parameters: Readonly<Record<string, unknown>>, more: Partial<PlannedEntry> = {}): PlannedEntry {
  return { label: "a", query: "q", scope: GLOBAL, parameters: JSON.stringify(parameters), plan: PLAN, state, ...more };
}

function asking(entries: AnswerRequest["entries"], more: Partial<AnswerRequest> = {}): AnswerRequest {
  return { entries, shape: "bare", serializer: JSON_FORMAT, encoding: "identity", problemOf: null, ...more };
}

const FRESHNESS = {
  asOf: "2025-03-12",
  ruleVersion: "r",
  firstDay: null,
  updatedAt: null,
  missingDays: [],
  incompleteDays: [],
};

/** Answers with what was asked and how many answers there were, so that a repeated one shows. */
class Maker implements Answering {
  made = 0;
  wait: Promise<unknown> = Promise.resolve();
  body: ((text: string) => Answer["body"]) | null = null;

  async answer(request: AnswerRequest): Promise<Answer> {
    this.made++;
    const text = `${request.shape} ${request.entries.map((one) => (isPlanned(one) ? one.parameters : "failed")).join()} ${this.made}`;
    await this.wait;
    const body = this.body?.(text) ?? Buffer.from(JSON.stringify(text));
    return { freshness: FRESHNESS, etag: Buffer.isBuffer(body) ? `"hash-${text}"` : null, body };
  }
}

let folder = "";
let state: string | null = "s1";
const files: CacheFile[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cache-"));
  state = "s1";
});
afterEach(() => {
  for (const file of files.splice(0)) file.close();
  rmSync(folder, { recursive: true });
});

function openFile(maxBytes = 1 << 20): CacheFile {
  const path = join(folder, "cache.sqlite");
  const file = new CacheFile({ path, busyMs: 1000, maxBytes, now: () => 0, warn: () => undefined });
  files.push(file);
  return file;
}

function cached(inner: Answering, more: Partial<CachedAnsweringOptions> = {}): CachedAnswering {
  return new CachedAnswering({
    inner,
    kept: null,
    memoryBytes: 1 << 20,
    setup: "x",
    keeps: () => true,
    ...more,
  });
}

async function text(answering: Answering, request: AnswerRequest): Promise<string> {
  const { body } = await answering.answer(request);
  return (Buffer.isBuffer(body) ? body : await buffer(body)).toString();
}

describe("keeping answers", () => {
  it("makes an answer once and gives the same bytes and validator again", async () => {
    const maker = new Maker();
    const answering = cached(maker);
    const cold = await answering.answer(asking([entry({ metrics: "views" })]));
    const warm = await answering.answer(asking([entry({ metrics: "views" })]));
    expect(warm).toEqual({ ...cold, found: "memory" });
    expect([maker.made, answering.counts]).toEqual([1, { memory: 1, disk: 0, made: 1, passed: 0, unstored: 0 }]);
  });

  it.each([
    ["parameters", asking([entry({ metrics: "downloads" })])],
    ["the query", asking([entry({ metrics: "views" }, { query: "other" })])],
    ["the scope", asking([entry({ metrics: "views" }, { scope: community("public") })])],
    ["the format", asking([entry({ metrics: "views" })], { serializer: CSV_FORMAT })],
    ["the type of a parameter", asking([entry({ metrics: ["views"] })])],
    ["the shape", asking([entry({ metrics: "views" })], { shape: "labelled" })],
  ])("tells answers apart by %s", async (_, other) => {
    const maker = new Maker();
    const answering = cached(maker);
    const one = await text(answering, asking([entry({ metrics: "views" })]));
    expect(await text(answering, other)).not.toBe(one);
  });

  it("does not reach what was made in another state of the numbers, and removes it", async () => {
    const maker = new Maker();
    const file = openFile();
    const answering = cached(maker, { kept: file });
    const before = await text(answering, asking([entry({})]));
    await answering.settle();
    state = "s2";
    expect(await text(answering, asking([entry({})]))).not.toBe(before);
    await answering.settle();
    const states = file.attempt([], (database) => database.prepare("SELECT DISTINCT state FROM entries").pluck().all());
    expect(states).toEqual(["s2"]);
  });

  it("keeps nothing while the state cannot be told", async () => {
    const maker = new Maker();
    const answering = cached(maker);
    state = null;
    await text(answering, asking([entry({})]));
    await text(answering, asking([entry({})]));
    expect(maker.made).toBe(2);
  });

  it("does not mix answers of another version of the program", async () => {
    const maker = new Maker();
    const file = openFile();
    const old = cached(maker, { kept: file });
    await text(old, asking([entry({})]));
    await old.settle();
    await text(cached(maker, { kept: file, setup: "y" }), asking([entry({})]));
    expect(maker.made).toBe(2);
  });

  it("keeps nothing about what is not public, nor with a problem in it, nor in a format of an operator's own", async () => {
    const maker = new Maker();
    const file = openFile();
    const answering = cached(maker, { kept: file, keeps: (serializer) => serializer.id === "json" });
    const problem = { type: "about:blank", title: "T", status: 400, detail: "d", code: "C", hint: "h" };
    const requests = [
      asking([entry({}, { scope: community("restricted") })]),
      asking([entry({}, { scope: community("public", true) })]),
      asking([entry({}), { label: "b", problem }], { shape: "labelled" }),
      asking([entry({})], { serializer: CSV_FORMAT }),
    ];
    for (const request of [...requests, ...requests]) await text(answering, request);
    await answering.settle();
    expect([maker.made, file.scopes(), answering.counts.passed]).toEqual([8, [], 8]);
  });

  it("does not keep an answer whose making fails, and makes it when asked again", async () => {
    let fails = true;
    const maker = new Maker();
    const answering = cached({
      answer: (request) => (fails ? Promise.reject(new Error("no")) : maker.answer(request)),
    });
    await expect(answering.answer(asking([entry({})]))).rejects.toThrow("no");
    fails = false;
    expect(await text(answering, asking([entry({})]))).toContain("1");
  });
});

describe("encodings", () => {
  const decoders = { identity: (body: Buffer) => body, gzip: gunzipSync, br: brotliDecompressSync };
  const names = ["identity", "gzip", "br"] as const;

  it.each(names.flatMap((first) => names.map((then) => [first, then] as const)))(
    "first %s, then after a restart %s: the same content, made once",
    async (first, then) => {
      const maker = new Maker();
      const answering = cached(maker, { kept: openFile() });
      const one = await answering.answer(asking([entry({})], { encoding: first }));
      await answering.settle();
      const other = await cached(maker, { kept: openFile() }).answer(asking([entry({})], { encoding: then }));
      expect(decoders[then](await whole(other)).toString()).toBe(decoders[first](await whole(one)).toString());
      expect([maker.made, one.etag === other.etag, other.found]).toEqual([1, first === then, "disk"]);
    },
  );

  it("never compresses what is compressed already", async () => {
    const maker = new Maker();
    const file = openFile();
    const answering = cached(maker, { kept: file });
    await answering.answer(asking([entry({})], { serializer: XLSX_FORMAT }));
    await answering.settle();
    const kept = file.attempt([], (database) => database.prepare("SELECT encoding FROM entries").pluck().all());
    expect(kept).toEqual(["identity"]);
  });
});

async function whole({ body }: Answer): Promise<Buffer> {
  return Buffer.isBuffer(body) ? body : await buffer(body);
}

describe("at the same time", () => {
  it("makes an answer once for all who ask while it is made", async () => {
    const maker = new Maker();
    const gate = Promise.withResolvers();
    maker.wait = gate.promise;
    const answering = cached(maker);
    const encodings = ["identity", "br", "gzip", "br", "identity"] as const;
    const asked = encodings.map((encoding) => answering.answer(asking([entry({})], { encoding })));
    await new Promise((resolve) => setImmediate(resolve));
    gate.resolve(null);
    const answers = await Promise.all(asked);
    expect(maker.made).toBe(1);
    expect(answers[3]?.body).toBe(answers[1]?.body);
  });

  it("streams what is too long to each one anew, encoded as asked", async () => {
    const maker = new Maker();
    maker.body = (said) => Readable.from([Buffer.from(said)]);
    const answering = cached(maker);
    const answers = await Promise.all([
      answering.answer(asking([entry({})], { encoding: "gzip" })),
      answering.answer(asking([entry({})])),
    ]);
    const [one, two] = await Promise.all(answers.map(whole));
    expect(gunzipSync(one ?? "").toString()).toBe("bare {} 1");
    expect(two?.toString()).toBe("bare {} 2");
    expect(answering.counts).toMatchObject({ made: 0, passed: 2 });
  });

  it("ends the stream of a source that breaks off with its error", async () => {
    const maker = new Maker();
    maker.body = () =>
      Readable.from(
        (async function* () {
          yield Buffer.from("begun");
          throw new Error("torn");
        })(),
      );
    const { body } = await cached(maker).answer(asking([entry({})], { encoding: "br" }));
    await expect(buffer(body as Readable)).rejects.toThrow("torn");
  });
});

describe("several entries in one answer", () => {
  const two = [entry({ n: 1 }, { label: "a" }), entry({ n: 2 }, { label: 'b"' })];

  it("are put together from their own answers, which are kept for everybody", async () => {
    const maker = new Maker();
    const answering = cached(maker);
    await text(answering, asking([entry({ n: 2 })]));
    const all = await text(answering, asking(two, { shape: "labelled" }));
    expect(JSON.parse(all)).toEqual({ a: 'bare {"n":1} 2', 'b"': 'bare {"n":2} 1' });
    expect(await text(answering, asking(two, { shape: "labelled" }))).toBe(all);
    expect(maker.made).toBe(2);
  });

  it("about several scopes are not kept as one", async () => {
    const maker = new Maker();
    const answering = cached(maker);
    const request = asking([entry({}), entry({}, { scope: community("public"), label: "b" })], { shape: "labelled" });
    await text(answering, request);
    await text(answering, request);
    expect(maker.made).toBe(2);
  });

  it("fail with the label of the entry, or are answered without it where the caller wants that", async () => {
    const problem = { type: "about:blank", title: "T", status: 500, detail: "d", code: "C", hint: "h" };
    const inner: Answering = {
      answer: async (request) => {
        if (request.problemOf === null) throw new Error("no");
        return { freshness: FRESHNESS, etag: '"e"', body: Buffer.from("partial") };
      },
    };
    const answering = cached(inner);
    const request = asking(two, { shape: "labelled" });
    const failed = await answering.answer(request).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(EntryError);
    expect(failed).toMatchObject({ entry: "a" });
    expect(await text(answering, { ...request, problemOf: () => problem })).toBe("partial");
  });
});

describe("memory", () => {
  it("holds no more than it may, and forgets what was not used for longest", async () => {
    const maker = new Maker();
    maker.body = () => Buffer.alloc(1000, "x");
    const answering = cached(maker, { memoryBytes: 3500 });
    for (const n of [1, 2, 3, 1, 4]) await answering.answer(asking([entry({ n })]));
    const before = maker.made;
    await answering.answer(asking([entry({ n: 1 })]));
    expect(maker.made).toBe(before);
    await answering.answer(asking([entry({ n: 2 })]));
    expect(maker.made).toBe(before + 1);
  });

  it("of nothing still works", async () => {
    const maker = new Maker();
    const answering = cached(maker, { memoryBytes: 0 });
    expect(await text(answering, asking([entry({})]))).toBe(JSON.stringify("bare {} 1"));
    expect(await text(answering, asking([entry({})]))).toBe(JSON.stringify("bare {} 2"));
  });
});

it("forgets scopes in memory and on disk", async () => {
  const maker = new Maker();
  const file = openFile();
  const answering = cached(maker, { kept: file });
  await text(answering, asking([entry({}, { scope: community("public") })]));
  await text(answering, asking([entry({})]));
  await answering.settle();
  expect(await answering.scopes()).toEqual(new Set(["c1", "global"]));
  await answering.forgetScopes(new Set(["c1"]));
  expect([await answering.scopes(), file.scopes()]).toEqual([new Set(["global"]), ["global"]]);
  await text(answering, asking([entry({}, { scope: community("public") })]));
  expect(maker.made).toBe(3);
});

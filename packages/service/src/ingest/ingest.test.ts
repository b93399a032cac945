import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMemory } from "../engines/memory/open.ts";
import type { Engine } from "../engine/engine.ts";
import type { FactStore } from "../engine/fact-store.ts";
import { ingestFiles, type IngestOptions } from "./ingest.ts";
import type { FileReport, IngestReport } from "./report.ts";

let folder: string;
let engine: Engine;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingest-"));
  engine = openMemory();
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

type Change = Partial<Omit<IngestOptions, "files">>;

async function take(files: readonly string[], change: Change = {}): Promise<IngestReport> {
  let clock = 0;
  return await ingestFiles({
    files,
    facts: engine.facts,
    rejectsDir: join(folder, "rejects"),
    now: () => (clock += 1000),
    threads: 0,
    ...change,
  });
}

async function takeOne(content: string | Uint8Array, change: Change = {}, name = "input"): Promise<FileReport> {
  const path = join(folder, name);
  await writeFile(path, content);
  const [report] = (await take([path], change)).files;
  if (report === undefined) throw new Error("no report");
  return report;
}

const corpus = (name: string): string =>
  fileURLToPath(new URL(`../../../../fixtures/corpora/${name}.ndjson.gz`, import.meta.url));
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../../fixtures/invenio/${name}`, import.meta.url));

function view(change: object = {}): string {
  return JSON.stringify({
    event: "record-view",
    timestamp: "2026-03-02T10:15:42",
    recid: "r1",
    visitor_id: "v1",
    unique_id: "ui_r1",
    ...change,
  });
}
const record = (change: object = {}): string =>
  JSON.stringify({
    id: "r1",
    created: "2026-01-01",
    parent: { id: "p1" },
    metadata: { publication_date: "2026" },
    ...change,
  });

async function* halves(): AsyncGenerator<string> {
  yield `${view()}\n${view({ visitor_id: "v2" }).slice(0, 20)}`;
  yield view({ visitor_id: "v2" }).slice(20);
}

async function rejects(): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(join(folder, "rejects")).catch(() => []);
  const files = names
    .toSorted()
    .map(async (name) => [name.replace(/-[0-9a-f]{8}/, ""), await readFile(join(folder, "rejects", name), "utf8")]);
  return Object.fromEntries(await Promise.all(files));
}

const deep = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

async function stored(): Promise<unknown> {
  const days = await engine.facts.eventDays();
  const rows: string[] = [];
  const texts = await engine.facts.terms("record");
  for await (const day of engine.facts.events(days.map(({ day: number }) => number))) {
    for (let at = 0; at < day.count; at++) {
      rows.push([day.instant[at], texts[day.record[at] ?? 0], day.visitor[2 * at], day.bytes[at], day.kind[at]].join());
    }
  }
  return rows.toSorted();
}

describe("the real corpora", () => {
  it.each([
    ["records", "records", 689, 0],
    ["records-blogs", "records", 548, 0],
    ["records-versions", "records", 357, 0],
    ["communities", "communities", 11, 0],
    ["communities-blogs", "communities", 134, 0],
  ])("%s goes in whole, and a second time adds nothing", async (name, kind, lines, rejected) => {
    const first = await take([corpus(name)]);
    expect(first).toMatchObject({ state: "done", totals: { read: lines, accepted: lines, known: 0, rejected } });
    expect(first.files).toMatchObject([
      { kind, skipped: [], rejected: [], warnings: [], truncated: false, rejects: null },
    ]);
    const second = await take([corpus(name)]);
    expect(second).toMatchObject({ state: "done", totals: { read: lines, accepted: 0, known: lines } });
  });

  it("membership events of the earlier system", async () => {
    const report = await take([fixture("stats-community-events.ndjson")]);
    expect(report.totals).toMatchObject({ read: 40, accepted: 16, skipped: 24, rejected: 0 });
  });

  it("search answers and lists, as curl saves them", async () => {
    const report = await take([
      fixture("events-record-view.json"),
      fixture("events-file-download.json"),
      fixture("communities.json"),
    ]);
    expect(report.files.map(({ kind, accepted }) => [kind, accepted])).toEqual([
      ["events", 3],
      ["events", 4],
      ["communities", 4],
    ]);
  });
});

describe("forms of one input", () => {
  const lines = [view(), view({ visitor_id: "v2" }), view({ recid: "r2", unique_id: "ui_r2" })];
  const values: unknown[] = lines.map((line) => JSON.parse(line));
  it.each<[name: string, content: string | Uint8Array]>([
    ["plain lines", lines.join("\n")],
    ["byte order mark, Windows line ends, empty lines", `\uFEFF${lines.join("\r\n\r\n")}\r\n`],
    ["packed", gzipSync(lines.join("\n"))],
    ["packed in several members", Buffer.concat(lines.map((line) => gzipSync(`${line}\n`)))],
    ["a list", JSON.stringify(values)],
    ["a printed list", JSON.stringify(values, null, 2)],
    ["a search answer", JSON.stringify({ hits: { hits: values, total: 3 } })],
    ["a printed search answer", JSON.stringify({ hits: { hits: values, total: 3 } }, null, 2)],
    ["several search answers, one a line", lines.map((line) => `{"hits":{"hits":[${line}]}}`).join("\n")],
  ])("%s", async (_, content) => {
    expect(await takeOne(content)).toMatchObject({ kind: "events", read: 3, accepted: 3, rejected: [] });
  });

  it("one printed record", async () => {
    expect(await takeOne(JSON.stringify(JSON.parse(record()), null, 2))).toMatchObject({
      kind: "records",
      accepted: 1,
    });
  });

  it("standard input", async () => {
    expect((await take(["-"], { stdin: halves() })).totals).toMatchObject({ read: 2, accepted: 2 });
  });
});

describe("what cannot be read at all", () => {
  it.each<[name: string, content: string | Uint8Array, code: string, words: RegExp]>([
    ["empty", "", "INPUT_EMPTY", /is empty/],
    ["packed emptiness", gzipSync(""), "INPUT_EMPTY", /is empty/],
    ["Parquet", "PAR1....................", "INPUT_BINARY", /Parquet/],
    ["Excel", Buffer.from("504b030414000600", "hex"), "INPUT_BINARY", /Office/],
    ["packed Parquet", gzipSync("PAR1................"), "INPUT_BINARY", /Parquet/],
    ["packed twice", gzipSync(gzipSync(view())), "INPUT_BINARY", /packed twice/],
    ["UTF-16", Buffer.from(`\uFEFF${view()}`, "utf16le"), "INPUT_BINARY", /UTF-16/],
    ["numbers", new Uint8Array(3000), "INPUT_BINARY", /binary/],
    [
      "words",
      "hello\nworld\n",
      "INPUT_KIND",
      /neither records, communities, memberships nor events: line 1 is no JSON/,
    ],
    ["other documents", '{"a":1,"b":2}\n', "INPUT_KIND", /has the fields "a", "b"/],
    [
      "unprocessed events",
      '{"event":"record-view","recid":"r","timestamp":"t","ip_address":"203.0.113.7"}',
      "INPUT_KIND",
      /raw-events/,
    ],
    [
      "an access log",
      '203.0.113.0 - - [21/May/2021:03:20:31 -0300] "GET / HTTP/1.1" 200 5\n',
      "INPUT_KIND",
      /access-log/,
    ],
    ["daily statistics", '{"community_id":"A","period_start":"2025-01-01T00:00:00"}', "INPUT_KIND", /daily statistics/],
    ["a broken list", `[${view()},`, "INPUT_KIND", /is no JSON/],
  ])("%s", async (_, content, code, words) => {
    const { error, ...report } = await takeOne(content);
    expect(error).toMatchObject({ code, message: expect.stringMatching(words), hint: expect.stringMatching(/\w{4}/) });
    expect(report).toMatchObject({ read: 0, rejects: null });
  });

  it("is told of each input and spares the others", async () => {
    await mkdir(join(folder, "sub"));
    await writeFile(join(folder, "good"), view());
    const report = await take([join(folder, "none"), join(folder, "sub"), join(folder, "good")]);
    expect(report.state).toBe("failed");
    expect(report.files.map(({ error, accepted }) => error?.message.replace(`${folder}/`, "") ?? accepted)).toEqual([
      "none does not exist.",
      "sub is a folder.",
      1,
    ]);
  });
});

describe("rejected lines", () => {
  const bad = '{"event":"record-view","recid":"r1"}';

  it("are counted by reason and written down as they were", async () => {
    const report = await takeOne([view(), "{", bad, record(), "17", view({ visitor_id: "v2" }), bad].join("\n"));
    expect(report).toMatchObject({ read: 7, accepted: 2 });
    expect(report.rejected).toEqual([
      { reason: "timestamp is no time", count: 2, lines: [3, 7] },
      { reason: "is no JSON", count: 1, lines: [2] },
      { reason: "is no JSON object", count: 1, lines: [5] },
      { reason: "is of another kind: records", count: 1, lines: [4] },
    ]);
    expect(await rejects()).toEqual({
      "input.rejects.ndjson": `{\n${bad}\n${record()}\n17\n${bad}\n`,
      "input.rejects.reasons.tsv":
        "line\treason\n2\tis no JSON\n3\ttimestamp is no time\n4\tis of another kind: records\n5\tis no JSON object\n7\ttimestamp is no time\n",
    });
  });

  it("can be fed in again", async () => {
    const { rejects: path } = await takeOne([view(), record()].join("\n"));
    expect((await take([path ?? ""])).files).toMatchObject([{ kind: "records", accepted: 1, rejects: null }]);
  });

  it("leave no file once all lines are good", async () => {
    await takeOne([view(), bad].join("\n"));
    await takeOne([view()].join("\n"));
    expect(await rejects()).toEqual({});
  });

  it("are not written in a dry run", async () => {
    const report = await takeOne([view(), bad].join("\n"), { dryRun: true });
    expect(report).toMatchObject({ accepted: 1, rejects: null, rejected: [{ count: 1 }] });
    expect(await rejects()).toEqual({});
    expect((await engine.facts.summary()).events).toBe(0);
  });

  it("lose what tells who a visitor was", async () => {
    const personal = {
      event: "record-view",
      recid: "r",
      ip_address: "203.0.113.7",
      user_agent: "Mozilla",
      user_id: "4",
      session_id: "s",
    };
    await takeOne(
      [
        view(),
        JSON.stringify(personal),
        '{"ip_address": "203.0.113.7"',
        '203.0.113.7 - - [21/May/2021:03:20:31 -0300] "GET / HTTP/1.1" 200 5',
      ].join("\n"),
    );
    const written = await rejects();
    expect(written["input.rejects.ndjson"]).toBe('{"event":"record-view","recid":"r"}\n');
    expect(JSON.stringify(written)).not.toMatch(/203\.0|Mozilla/);
  });

  it("of a search answer are single documents", async () => {
    await takeOne(`{"hits":{"hits":[${view()},${bad},17]}}`);
    expect((await rejects())["input.rejects.ndjson"]).toBe(`${bad}\n17\n`);
  });

  it("too long ones are named, not kept", async () => {
    const report = await takeOne(
      `${view()}\n${view({ referrer: "x".repeat(9000) })}\n${view({ visitor_id: "v2" })}\nx`,
      {
        blockSizes: { blockBytes: 1024, lineBytes: 8192 },
      },
    );
    expect(report).toMatchObject({ read: 4, accepted: 2 });
    expect(report.rejected).toEqual([
      { reason: "is longer than 64 MB", count: 1, lines: [2] },
      { reason: "is no JSON", count: 1, lines: [4] },
    ]);
  });
});

describe("hostile lines", () => {
  it.each<[name: string, line: string | Uint8Array, reason: string | null]>([
    ["deep nesting in an event", view({}).replace("{", `{"x":${deep(20_000)},`), null],
    ["nothing but nesting", deep(20_000), "is no JSON object"],
    ["a million brackets", "[".repeat(1_000_000), "is no JSON"],
    ["own __proto__", view().replace("{", '{"__proto__":{"is_robot":true},'), null],
    ["own constructor", view().replace("{", '{"constructor":1,"toString":2,'), null],
    ["raw NUL", view({ country: "C" }).replace("C", "\0"), "is no JSON"],
    ["escaped NUL", view({ country: "\0" }), null],
    ["lone surrogate", view({ recid: "\ud800" }), null],
    ["ten megabytes", view({ note: "x".repeat(10 << 20) }), null],
    ["ten megabytes of id", view({ recid: "x".repeat(10 << 20) }), "no recid"],
    ["broken UTF-8", Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]), "is no UTF-8"],
    ["number beyond all", view({ size: 0 }).replace(":0", ":1e999"), null],
    [
      "download of endless size",
      view({ event: "file-download", size: 0 }).replace(":0}", ":1e999}"),
      "size is no number of bytes",
    ],
  ])("%s", async (_, line, reason) => {
    const content = Buffer.concat([Buffer.from(`${view({ visitor_id: "first" })}\n`), Buffer.from(line)]);
    const report = await takeOne(content);
    expect(report.rejected.map((tally) => tally.reason)).toEqual(reason === null ? [] : [reason]);
    expect(report.accepted).toBe(reason === null ? 2 : 1);
  });

  it("in records", async () => {
    const lines = [
      record(),
      `{"id":"x","created":"2026-01-01","metadata":{"a":${deep(20_000)}}}`,
      record({ id: "__proto__" }),
    ];
    expect(await takeOne(lines.join("\n"))).toMatchObject({
      accepted: 2,
      rejected: [{ reason: "nested too deep", lines: [2] }],
    });
  });

  it("never make it throw", async () => {
    const line = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({
          event: fc.constant("record-view"),
          recid: fc.jsonValue(),
          timestamp: fc.jsonValue(),
          visitor_id: fc.jsonValue(),
          community_ids: fc.jsonValue(),
        })
        .map((value) => JSON.stringify(value)),
      fc
        .record({
          id: fc.jsonValue(),
          created: fc.constant("2026-01-01"),
          parent: fc.jsonValue(),
          metadata: fc.jsonValue(),
          files: fc.jsonValue(),
        })
        .map((value) => JSON.stringify(value)),
    );
    const kind = fc.constantFrom("records", "communities", "memberships", "events");
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), kind, async (lines, as) => {
        const report = await takeOne(`${lines.join("\n")}\n.`, { as });
        expect(report.error).toBeNull();
        const counted = [...report.rejected, ...report.skipped].reduce((sum, { count }) => sum + count, 0);
        expect(report.accepted + report.known + report.superseded + counted).toBe(report.read);
      }),
      { numRuns: 60 },
    );
  });
});

describe("damaged gzip", () => {
  it("keeps what could be read and fails", async () => {
    const lines = Array.from({ length: 500 }, (_, index) => view({ visitor_id: `v${index}${Math.sin(index)}` }));
    const packed = gzipSync(lines.join("\n"));
    const path = join(folder, "cut.gz");
    await writeFile(path, packed.subarray(0, packed.length - 1000));
    const { files, state } = await take([path]);
    const [file] = files;
    expect(state).toBe("failed");
    expect(file).toMatchObject({ kind: "events", truncated: true, error: null });
    expect(file?.accepted).toBeGreaterThan(100);
    expect(file?.rejected.map(({ reason }) => reason)).toEqual(["is cut off where the compressed data end"]);
    await writeFile(path, packed);
    expect((await take([path])).files).toMatchObject([
      { truncated: false, accepted: 500 - (file?.accepted ?? 0), rejects: null },
    ]);
  });

  it("says so when nothing could be read", async () => {
    expect(await takeOne(gzipSync(view()).subarray(0, 12))).toMatchObject({ kind: null, truncated: true, read: 0 });
  });
});

describe("a run", () => {
  it("does what --as says", async () => {
    const report = await takeOne([view(), record()].join("\n"), { as: "records" });
    expect(report).toMatchObject({ kind: "records", accepted: 1, rejected: [{ reason: "no id", lines: [1] }] });
  });

  it("skips drafts without calling them mistakes", async () => {
    const lines = [record(), record({ id: "r2", is_draft: true }), record({ id: "r3", is_published: false })];
    const report = await takeOne(lines.join("\n"));
    expect(report).toMatchObject({
      accepted: 1,
      skipped: [{ reason: "draft", count: 2, lines: [2, 3] }],
      rejected: [],
    });
  });

  it("warns of publication dates that are none, and takes the record", async () => {
    const report = await takeOne([record(), record({ id: "r2", metadata: { publication_date: "1999~" } })].join("\n"));
    expect(report).toMatchObject({ accepted: 2, warnings: [{ count: 1, lines: [2] }] });
  });

  it("ends at an interruption and goes on the next time", async () => {
    const abort = new AbortController();
    const lines = Array.from({ length: 200 }, (_, index) => view({ visitor_id: `v${index}` })).join("\n");
    const sizes = {
      blockSizes: { blockBytes: 1024, lineBytes: 1 << 20 },
      batchSizes: { events: 10, lines: 10, sourceCharacters: 1000 },
    };
    const progress = ({ lines: done }: { readonly lines: number }): void => {
      if (done > 50) abort.abort();
    };
    expect(await takeOne(lines, { ...sizes, signal: abort.signal, progress })).toMatchObject({ interrupted: true });
    const stored = (await engine.facts.summary()).events;
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(200);
    expect(await takeOne(lines)).toMatchObject({ known: stored, accepted: 200 - stored });
  });

  it("passes on an error of the store and leaves no half-written reject file", async () => {
    const facts: FactStore = Object.assign(Object.create(engine.facts), {
      append: () => Promise.reject(new Error("disk full")),
    });
    await expect(takeOne(`${view()}\nx`, { facts })).rejects.toThrow("disk full");
    expect(await readdir(join(folder, "rejects"))).toEqual([]);
  });

  it("tells its progress", async () => {
    const seen: number[] = [];
    await take([corpus("records")], { progress: ({ bytesRead, bytesTotal }) => seen.push(bytesRead / bytesTotal) });
    expect(seen.at(-1)).toBe(1);
  });
});

describe("the same facts", () => {
  const sizes = { blockBytes: 2048, lineBytes: 1 << 20 };
  const lines = Array.from({ length: 300 }, (_, index) =>
    view({
      recid: `r${index % 17}`,
      unique_id: `ui_r${index % 17}`,
      visitor_id: `v${index % 23}`,
      timestamp: `2026-03-0${1 + (index % 3)}T10:15:${String(10 + (index % 40))}`,
      country: ["CH", null, "DE"][index % 3],
    }),
  );

  it.each([0, 1, 2])("with %i threads, in any order and in blocks of any size", async (threads) => {
    await takeOne(lines.join("\n"));
    const expected = await stored();
    await engine.close();
    engine = openMemory();
    const shuffled = lines.toSorted(
      (a, b) => ((a.length * 31 + a.charCodeAt(70)) % 7) - ((b.length * 31 + b.charCodeAt(70)) % 7),
    );
    const report = await takeOne(gzipSync(shuffled.toReversed().join("\n")), {
      threads,
      blockSizes: sizes,
      batchSizes: { events: 37, lines: 10, sourceCharacters: 100 },
    });
    expect(report).toMatchObject({ read: 300, rejected: [] });
    expect(await stored()).toEqual(expected);
  });

  it("and reasons with the right line numbers from other threads", async () => {
    const mixed = lines.flatMap((line, index) => (index % 50 === 49 ? [line, "", "x"] : [line]));
    const report = await takeOne(mixed.join("\n"), { threads: 2, blockSizes: sizes });
    const expected = mixed.flatMap((line, index) => (line === "x" ? [index + 1] : []));
    expect(report.rejected).toEqual([{ reason: "is no JSON", count: 6, lines: expected.slice(0, 5) }]);
  });

  it("of records whatever their order", async () => {
    const corpusLines = gunzipSync(await readFile(corpus("records-versions")))
      .toString()
      .trim()
      .split("\n");
    await takeOne(corpusLines.toReversed().join("\n"));
    expect(await take([corpus("records-versions")])).toMatchObject({ totals: { accepted: 0, known: 357 } });
  });
});

import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { FactStore } from "../engine/fact-store.ts";
import { folder, engine, take, takeOne, corpus, view, record, halves, tryEachAnew } from "../../test/ingest-trial.ts";

tryEachAnew();

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

  it("waits for the append on its way where the reading fails, and tells of the reading", async () => {
    const [begun, stored] = [Promise.withResolvers<void>(), Promise.withResolvers<never>()];
    const preview = (): Promise<never> => {
      begun.resolve();
      return stored.promise;
    };
    const facts: FactStore = Object.assign(Object.create(engine.facts), { preview });
    async function* broken(): AsyncGenerator<string> {
      for (let visitor = 0; visitor < 150; visitor++) yield `${view({ visitor_id: `v${visitor}` })}\n`;
      await begun.promise;
      throw new Error("the line is cut");
    }
    // One batch and a half, and no file of rejects: nothing else is waited for.
    const sizes = {
      blockSizes: { blockBytes: 200, lineBytes: 1 << 20 },
      batchSizes: { events: 100, lines: 100, sourceCharacters: 1000 },
    };
    let hasEnded = false;
    const run = take(["-"], { ...sizes, stdin: broken(), facts, dryRun: true }).catch((error: unknown) => {
      hasEnded = true;
      return error;
    });
    await begun.promise;
    await nextTurn();
    expect(hasEnded).toBe(false);
    stored.reject(new Error("disk full"));
    expect(await run).toMatchObject({ message: "the line is cut" });
  });

  it("tells its progress", async () => {
    const seen: number[] = [];
    await take([corpus("records")], { progress: ({ bytesRead, bytesTotal }) => seen.push(bytesRead / bytesTotal) });
    expect(seen.at(-1)).toBe(1);
  });
});

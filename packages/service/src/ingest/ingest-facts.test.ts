import { readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { take, takeOne, corpus, fixture, view, stored, renew, tryEachAnew } from "../../test/ingest-trial.ts";

tryEachAnew();

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
    await renew();
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

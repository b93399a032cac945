import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engine, take, takeOne, view, record, rejects, deep, tryEachAnew } from "../../test/ingest-trial.ts";

tryEachAnew();

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

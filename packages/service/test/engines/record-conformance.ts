import type { Instant } from "@community-stats/contract/days.ts";
import { expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { CommunityLine, RecordLine } from "../../src/engine/facts.ts";
import { opened } from "./opened.ts";

/** What every engine does alike with records, memberships, deletions and communities. */
export function recordConformance(open: () => Promise<Engine>): void {
  const engine = opened(open);

  it("groups record lines by parent and record, oldest first, then by source", async () => {
    const { facts } = engine();
    const lines = [
      line("b", "p2", 5),
      line("a", "p1", 9),
      line("a", "p1", 3),
      line("a", "p1", 3, "0"),
      line("c", "p1", 1),
    ];
    expect((await facts.append({ records: lines })).records).toEqual({ accepted: 5, known: 0, superseded: 0 });
    expect((await facts.append({ records: lines })).records).toEqual({ accepted: 0, known: 5, superseded: 0 });
    const found: string[] = [];
    for await (const { record, updated, source } of facts.recordLines()) found.push(`${record} ${updated} ${source()}`);
    expect(found).toEqual(["a 3 0", "a 3 {}", "a 9 {}", "c 1 {}", "b 5 {}"]);
  });

  it("orders tied sources by code points, and tied lines of one source by all else", async () => {
    const { facts } = engine();
    // U+FF5E is a smaller code point than U+10000, and a greater UTF-16 unit than its first half.
    const sources = ["\u{10000}", "\uFF5E"].map((letter) => JSON.stringify(letter));
    const lines = sources.map((source) => line("a", "p", 3, source));
    const others = [
      { ...line("b", "p", 3), owner: "\u{10000}" },
      { ...line("b", "p", 3), owner: "\uFF5E" },
    ];
    await facts.append({ records: [...lines, ...others] });
    const found = await collected(facts.recordLines());
    expect(found.slice(0, 2).map(({ source }) => source())).toEqual(sources.toReversed());
    expect(found.slice(2).map(({ owner }) => owner)).toEqual(["\uFF5E", "\u{10000}"]);
  });

  it("numbers record, membership and deletion facts in one sequence, and only new ones", async () => {
    const { facts } = engine();
    expect(await facts.recordSeq()).toBe(0);
    const membership = { record: "a", community: "A", type: "added", at: 5 as Instant } as const;
    const batch = {
      records: [line("a", "p", 1)],
      memberships: [membership],
      deletions: [{ record: "a", at: 8 as Instant }],
    };
    await facts.append(batch);
    expect(await facts.recordSeq()).toBe(3);
    await facts.append(batch);
    expect(await facts.recordSeq()).toBe(3);
    expect(await collected(facts.membershipLines())).toMatchObject([membership]);
    expect(await collected(facts.deletionLines())).toMatchObject([{ record: "a", at: 8 }]);
  });

  it("finds the newest state of records by their own name and by their parent's", async () => {
    const { facts } = engine();
    const deletedLater = { record: "b", at: 7 as Instant };
    await facts.append({
      records: [
        line("a", "p1", 9),
        line("a", "p0", 3),
        line("a", "p1", 9, "0"),
        line("b", "p1", 7),
        line("c", "p2", 2),
      ],
      deletions: [deletedLater, { record: "c", at: 1 as Instant }],
    });
    const found = async (by: "record" | "parent", names: readonly string[]) =>
      (await facts.newestStates(by, names))
        .map(({ line: newest, deleted }) => `${newest.record} ${newest.updated} ${newest.source()} ${deleted}`)
        .toSorted();
    expect(await found("record", ["a", "c", "nothing", "'"])).toEqual(["a 9 {} false", "c 2 {} false"]);
    expect(await found("parent", ["p1"])).toEqual(["a 9 {} false", "b 7 {} true"]);
    expect(await found("parent", ["p0"])).toEqual([]);
    expect(await facts.parentsOf(["c", "nothing", "a"])).toEqual(["p2", null, "p1"]);
  });

  it("keeps the newest line of a community, whichever arrives first", async () => {
    const { facts } = engine();
    await facts.append({ communities: [community("A", 5), community("B", 1)] });
    const report = await facts.append({ communities: [community("A", 4), community("B", 2)] });
    expect(report.communities).toEqual({ accepted: 1, known: 1, superseded: 0 });
    expect((await facts.communities()).map(({ id, updated }) => [id, updated])).toEqual([
      ["A", 5],
      ["B", 2],
    ]);
  });
}

async function collected<Line>(lines: AsyncIterable<Line>): Promise<readonly Line[]> {
  const found: Line[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

// oxlint-disable-next-line eslint/max-params -- a table of lines reads best so
function line(record: string, parent: string, updated: number, source = "{}"): RecordLine {
  return {
    record,
    parent,
    created: 0 as Instant,
    updated: updated as Instant,
    deleted: false,
    removed: null,
    owner: null,
    published: null,
    filesEnabled: true,
    files: [{ key: "a.pdf", type: "pdf", bytes: 5, checksum: null }],
    communities: [],
    source,
    generated: false,
  };
}

function community(id: string, updated: number): CommunityLine {
  return {
    id,
    slug: id.toLowerCase(),
    title: id,
    description: "",
    created: null,
    updated: updated as Instant,
    visibility: "public",
    deleted: false,
    dashboardEnabled: null,
    layout: null,
    parent: null,
  };
}

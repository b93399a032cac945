import { DEFAULT_LAYOUT } from "@community-stats/contract/layout.ts";
import { describe, expect, it } from "vitest";
import { ownLayout } from "./own-layout.ts";

function cellsOf(text: string): unknown {
  const own = ownLayout(text);
  return own.kind === "layout" ? own.layout.tabs.flatMap(({ rows }) => rows.flatMap((row) => row.components)) : own;
}

describe("the layout of an element", () => {
  it.each([null, "", "  "])("is the scope's own without one: %j", (text) => {
    expect(ownLayout(text)).toEqual({ kind: "none" });
  });

  it("may be names of widgets", () => {
    expect(cellsOf("SingleStatViews, RightsMultiDisplay\n StatsMap")).toEqual([
      { component: "SingleStatViews", width: 16 },
      { component: "RightsMultiDisplay", width: 8 },
      { component: "StatsMap", width: 16 },
    ]);
  });

  it("may be a list of cells", () => {
    expect(cellsOf('[{"component":"StatsChart","width":8,"title":"Use"}]')).toEqual([
      { component: "StatsChart", width: 8, title: "Use" },
    ]);
  });

  it("may be a whole document", () => {
    expect(ownLayout(JSON.stringify(DEFAULT_LAYOUT))).toEqual({ kind: "layout", layout: DEFAULT_LAYOUT });
  });

  it.each([
    "[]",
    "{}",
    '{"tabs":[]}',
    '{"tabs":[{"name":"a","label":"A"}]}',
    '[{"component":1}]',
    '[{"component":"A","width":99}]',
    "[null]",
  ])("is bad: %s", (text) => expect(ownLayout(text)).toEqual({ kind: "bad", reason: null }));

  it("says what is wrong with text that is no JSON", () => {
    expect(ownLayout('{"tabs": [')).toMatchObject({ kind: "bad", reason: expect.stringMatching(/JSON/) });
  });
});

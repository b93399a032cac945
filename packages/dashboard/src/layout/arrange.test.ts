import { DEFAULT_LAYOUT, type LayoutDocument } from "@community-stats/contract/layout.ts";
import { describe, expect, it } from "vitest";
import { arrange } from "./arrange.ts";
import { tabletColumns } from "./tablet-columns.ts";

const one = (components: LayoutDocument["tabs"][number]["rows"][number]["components"]): LayoutDocument => ({
  tabs: [
    {
      name: "t",
      label: "T",
      rows: [
        { name: "intro", components: [{ component: "Text" }] },
        { name: "r", components },
      ],
    },
  ],
});

describe("a layout document", () => {
  it("of the manual: control bar, a strip of three figures, a chart, four breakdowns", () => {
    const places = arrange(DEFAULT_LAYOUT)[0]?.rows.flatMap((row) => row.places) ?? [];
    expect(
      places.map((place) =>
        place.kind === "stats"
          ? `stats ${place.stats.length}`
          : place.kind === "widget"
            ? place.placed.spec.kind
            : place.kind,
      ),
    ).toEqual(["stats 3", "chart", "breakdown", "breakdown", "breakdown", "breakdown"]);
  });

  it("gives repeated widgets ids of their own", () => {
    const rows = arrange(one([{ component: "StatsMap" }, { component: "StatsMap" }]))[0]?.rows;
    expect(rows?.[1]?.places.map((place) => (place.kind === "widget" ? place.placed.id : ""))).toEqual([
      "t.StatsMap",
      "t.StatsMap.2",
    ]);
  });

  it("keeps a place for what it does not know", () => {
    expect(arrange(one([{ component: "Nonsense", width: 4 }]))[0]?.rows[1]?.places[0]).toMatchObject({
      kind: "unknown",
      name: "Nonsense",
    });
  });

  it("reads props beside the component and nested", () => {
    const [beside, nested] =
      arrange(
        one([
          { component: "StatsMap", title: "A" },
          { component: "StatsMap", props: { title: "B", mobile: 6 } },
        ]),
      )[0]?.rows[1]?.places ?? [];
    expect(beside?.kind === "widget" && beside.placed.props["title"]).toBe("A");
    expect(nested?.kind === "widget" && [nested.placed.props["title"], nested.columns.mobile]).toEqual(["B", 6]);
  });

  it("is about a day when all its widgets are", () => {
    const [day] = arrange(one([{ component: "SingleStatViewsCumulative" }, { component: "RightsMultiDisplay" }]));
    const [range] = arrange(one([{ component: "SingleStatViewsCumulative" }, { component: "StatsChart" }]));
    expect([day?.cumulative, range?.cumulative]).toEqual([true, false]);
  });
});

it("tabs of one name are told apart, so that each can be chosen", () => {
  const [tab] = one([{ component: "Text" }]).tabs;
  const tabs = tab === undefined ? [] : [tab, { ...tab, label: "U" }, { ...tab, label: "V" }];
  expect(arrange({ tabs }).map(({ name, label }) => `${name} ${label}`)).toEqual(["t T", "t-2 U", "t-3 V"]);
});

it.each([
  [
    ["RightsTable", "MostViewedRecordsMultiDisplay"],
    [16, 16],
  ],
  [
    ["RightsTable", "RightsTable", "StatsMap"],
    [8, 8, 16],
  ],
  [
    ["StatsMap", "RightsTable", "RightsTable", "RightsTable"],
    [16, 8, 8, 16],
  ],
  [
    ["SingleStatViews", "RightsTable", "Nonsense"],
    [16, 16, 16],
  ],
])("on a tablet no half row of %s stays empty", (names, expected) => {
  const row = arrange(one(names.map((component) => ({ component }))))[0]?.rows[1];
  expect(tabletColumns(row?.places ?? [])).toEqual(expected);
});

it("keeps the columns that a layout gives for tablets", () => {
  const row = arrange(one([{ component: "RightsTable", tablet: 6 }, { component: "StatsMap" }]))[0]?.rows[1];
  expect(tabletColumns(row?.places ?? [])).toEqual([6, 16]);
});

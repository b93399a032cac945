import type { ChartSpec } from "@community-stats/contract/widgets.ts";
import { describe, expect, it } from "vitest";
import { chartChoice, offeredBreakdowns } from "./chart-choice.ts";
import type { Placed } from "./props.ts";

const spec: ChartSpec = {
  kind: "chart",
  titleKey: "widget.chart",
  draw: "bar",
  metrics: [
    { side: "records", kind: "delta", metric: "records" },
    { side: "usage", kind: "delta", metric: "views" },
  ],
};
const placed = (props: Readonly<Record<string, unknown>>): Placed<ChartSpec> => ({ id: "t.C", name: "C", spec, props });
const page = { filtered: false, breakdowns: [{ name: "rights", records: true, usage: true, several: false }] };

describe("whether records have files", () => {
  const chart = placed({ display_subcounts: ["by_rights", "file_presence"] });

  it("is offered where the layout names it", () => {
    expect(offeredBreakdowns(chart, [])).toEqual(["rights", "file_presence"]);
    expect(offeredBreakdowns(placed({}), ["rights"])).toEqual(["rights"]);
  });

  it("splits records, in any way of drawing, and no use", () => {
    const records = chartChoice(chart, { by: "file_presence" }, page);
    expect(records).toMatchObject({ breakdown: "file_presence", draws: ["bar", "line", "area"] });
    expect(chartChoice(chart, { by: "file_presence", metric: "views" }, page).breakdown).toBeNull();
  });
});

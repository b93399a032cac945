import { expect, it } from "vitest";
import { COMPONENT_NAMES, needsOf } from "./component-needs.ts";
import { metricNamed, type Kind, type Side } from "./metrics.ts";
import { WIDGETS, type WidgetSpec } from "./widgets.ts";

const placed = (component: string, shown: readonly string[] | null = null) => ({ component, shown });

it("knows every widget, and names metrics that there are", () => {
  expect([...WIDGETS.keys()].filter((name) => !COMPONENT_NAMES.includes(name))).toEqual([]);
  for (const name of COMPONENT_NAMES) {
    for (const { side, metrics } of needsOf(placed(name))) {
      expect([name, metrics.filter((metric) => metricNamed(side, metric) === undefined)]).toEqual([name, []]);
    }
  }
});

interface Shown {
  readonly side: Side;
  readonly kind: Kind;
  readonly breakdown: string;
  readonly metric: string;
}

/** What our own dashboard draws for a widget, as far as categories offer it. */
function shownBy(spec: WidgetSpec): readonly Shown[] {
  switch (spec.kind) {
    case "stat":
      return [{ ...spec.data, breakdown: "global" }];
    case "chart":
      return spec.metrics.map((data) => ({ ...data, breakdown: "global" }));
    case "breakdown":
      return [{ ...spec.data, breakdown: spec.breakdown }];
    case "map":
      return spec.metrics.map((data) => ({ ...data, breakdown: "countries" }));
    case "records":
    case "control":
    case "text":
      return [];
    default:
      return spec satisfies never;
  }
}

it.each([...WIDGETS])("leaves %s what it shows", (name, spec) => {
  const needs = needsOf(placed(name));
  const offered = shownBy(spec).filter(({ side, metric }) => metricNamed(side, metric)?.wire === true);
  const isNeeded = ({ side, kind, breakdown, metric }: Shown) =>
    needs.some(
      (need) =>
        need.side === side && need.kind === kind && need.breakdown === breakdown && need.metrics.includes(metric),
    );
  expect(offered.filter((shown) => !isNeeded(shown))).toEqual([]);
});

it("narrows what a chart can be switched to", () => {
  const needs = needsOf(placed("ContentStatsChart", ["rights"]));
  expect(needs.map(({ breakdown }) => breakdown)).toEqual(["global", "rights"]);
  expect(needsOf(placed("ContentStatsChart")).map(({ breakdown }) => breakdown)).toEqual(["global", "*"]);
});

it("needs nothing for an unknown name", () => expect(needsOf(placed("Nonsense"))).toEqual([]));

import type { ColumnSeries, Period } from "@community-stats/contract/series.ts";
import { expect, it } from "vitest";
import type { TimeRows, TimeSeries } from "../select/time-rows.ts";
import { EMPTY } from "./palette.ts";
import { svgOf } from "./svg.ts";
import { textWidth } from "./text-width.ts";
import { timePicture, type TimeDrawing } from "./time-picture.ts";
import type { Draw } from "./time-scene.ts";

const SOURCE: ColumnSeries = { kind: "total", id: "", label: "", metrics: {}, totals: {} };
const PALETTE = { ...EMPTY, series: ["blue", "gold"], other: "grey", surface: "white", hatchGround: "pale" };
const DAY_MS = 86_400_000;

function day(number: number): string {
  return new Date(Date.UTC(2026, 0, 1) + number * DAY_MS).toISOString().slice(0, 10);
}

/** Numbers by day from 1 January 2026; null: no data. */
function drawn(columns: readonly (readonly (number | null)[])[], draw: Draw): string {
  const length = columns[0]?.length ?? 0;
  const known = (index: number) => columns.some((values) => values[index] !== null);
  const periods = Array.from({ length }, (_, index): Period => {
    return { from: day(index), to: day(index), state: known(index) ? "complete" : "missing" };
  });
  const series = columns.map((values, index): TimeSeries => {
    return { key: `${index}`, source: SOURCE, values, total: null, share: null, slot: index + 1 };
  });
  const totals = periods.map((_, index) => columns.reduce((sum, values) => sum + (values[index] ?? 0), 0));
  const rows: TimeRows = {
    kind: "delta",
    granularity: "day",
    from: day(0),
    to: day(length - 1),
    periods,
    series,
    totals,
    whole: null,
    additive: true,
  };
  const drawing: TimeDrawing = {
    rows,
    draw,
    compare: null,
    peak: null,
    gaps: [],
    unit: "count",
    binary: false,
    names: columns.map((_, index) => `Name <${index}>`),
    valueLabel: (value, short) => (short ? `${Math.round(value / 1000)}k` : `${value}`),
    timeLabel: (tick) => tick.day,
  };
  return svgOf(timePicture(drawing, { width: 600, height: 200 }, PALETTE), "p");
}

function pathsOf(svg: string, attribute: string): readonly string[] {
  return [...svg.matchAll(/<path d="([^"]*)"([^>]*)>/g)]
    .filter(([, , rest]) => rest?.includes(attribute))
    .map(([, path]) => path ?? "");
}

it("fifteen years of twenty series by day are drawn with the points that pixels can show", () => {
  const many = Array.from({ length: 20 }, (_, index) =>
    Array.from({ length: 5475 }, (__, at) => 100 + ((at * 7 + index) % 50)),
  );
  const bars = drawn(many, "bar");
  expect([...bars.matchAll(/h[\d.]+v/g)].length).toBeLessThanOrEqual(20 * 300);
  const lines = drawn(many, "line");
  expect([...lines.matchAll(/L/g)].length).toBeLessThanOrEqual(20 * 4 * 600);
});

it("the highest of the periods that share a column is the one that is seen", () => {
  const values = Array.from({ length: 3000 }, (_, at) => (at === 1501 ? 1000 : 10));
  const [path = ""] = pathsOf(drawn([values], "bar"), 'fill="blue"');
  const tops = [...path.matchAll(/M[\d.]+ ([\d.]+)h/g)].map(([, y]) => Number(y));
  expect(Math.min(...tops)).toBe(22);
  const [line = ""] = pathsOf(drawn([values], "line"), 'stroke="blue"');
  expect(line).toContain(" 22L");
});

it("a single day is a dot on a line and a column of its own width", () => {
  expect(pathsOf(drawn([[5]], "line"), 'fill="blue"')).toHaveLength(1);
  expect(pathsOf(drawn([[5]], "area"), 'fill="blue"').length).toBeGreaterThan(0);
  expect(pathsOf(drawn([[5]], "bar"), 'fill="blue"')[0]).toContain("h120v");
});

it("days without data are hatched once per hole, and break the line", () => {
  const values = [1, 2, null, null, null, 4, 5, null, 6];
  const svg = drawn([values], "line");
  const [hatched = ""] = pathsOf(svg, 'fill="url(#p-1)"');
  expect(hatched.match(/M/g)).toHaveLength(2);
  expect(pathsOf(svg, 'stroke="blue"')).toHaveLength(2);
});

it("names are text, whatever they hold", () => {
  const svg = drawn(
    [
      [1, 2],
      [3, 4],
    ],
    "line",
  );
  expect(svg).toContain("Name &lt;0&gt;");
  expect(svg).not.toContain("Name <0>");
});

const labelled = /<text x="([\d.]+)"[^>]*>(2026-[\d-]+)</g;

it("no label of a time is cut off by the edge, however many days there are", () => {
  for (let days = 20; days < 60; days++) {
    const labels = [...drawn([Array.from({ length: days }, () => 1)], "bar").matchAll(labelled)];
    expect(labels.length).toBeGreaterThan(1);
    const end = Math.max(...labels.map(([, x, text = ""]) => Number(x) + textWidth(text, 12)));
    expect(end, `${days} days`).toBeLessThanOrEqual(602);
  }
});

it("the label of a single day stands below its column", () => {
  const svg = drawn([[5]], "bar");
  const [, start, width] = /M([\d.]+) [\d.]+h([\d.]+)v/.exec(pathsOf(svg, 'fill="blue"')[0] ?? "") ?? [];
  const [[, x] = []] = [...svg.matchAll(labelled)];
  expect(Number(x)).toBeCloseTo(Number(start) + Number(width) / 2, 0);
  expect(svg).toMatch(/<text [^>]*text-anchor="middle"[^>]*>2026-01-01</);
});

it.each([
  ["in full", [4_000], ["0", "1000", "2000", "3000", "4000"]],
  ["all of them in short where one is long", [15_000], ["0k", "5k", "10k", "15k"]],
  ["in full where they would be the same in short", [20_000, 20_400], ["20000", "20100", "20200", "20300", "20400"]],
])("values of an axis are written %s", (_, values, expected) => {
  const svg = drawn([values], "line");
  expect([...svg.matchAll(/text-anchor="end">([^<]*)</g)].map(([, text]) => text)).toEqual(expected);
});

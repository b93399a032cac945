import type { ValueSource } from "@community-stats/contract/breakdowns.ts";
import { dayNumberOf, type DayNumber, type Instant } from "@community-stats/contract/days.ts";
import { describe, expect, it } from "vitest";
import { PackWriter } from "../domain/packing.ts";
import { firstDayOfYear } from "../domain/periods.ts";
import type { LabelSpan } from "../engine/rollup-store.ts";
import { ExtractPool } from "./extract-pool.ts";
import type { ValuePlan } from "./value-columns.ts";

const ALWAYS = firstDayOfYear(0);
const at = (text: string): number => Date.parse(`${text}T12:00Z`);
const day = (text: string): DayNumber => dayNumberOf(at(text) as Instant);

const SOURCES: readonly ValueSource[] = [];
const plan = (breakdown: string, side: ValuePlan["side"]): ValuePlan => {
  return { breakdown, side, sources: SOURCES, label: "text", byFile: false };
};
const PLANS = [plan("subjects", "both"), plan("funders", "both")];
const TERMS = { records: ["r0", "r1", "r2"], labels: ["old", "new", "other"] };
const [OLD, NEW, OTHER] = [0, 1, 2];

/** Pairs of value and label (or null) for each column. */
function extract(...columns: readonly (readonly (readonly [number, number | null])[])[]): Uint8Array {
  const writer = new PackWriter();
  for (const values of columns) {
    writer.varint(values.length);
    for (const [value, label] of values) {
      writer.varint(value);
      writer.varint(label === null ? 0 : label + 1);
    }
  }
  return writer.take();
}

function spansOf(pool: ExtractPool, plans: readonly ValuePlan[] = PLANS): readonly LabelSpan[] {
  return pool.labels(plans, TERMS);
}

describe("extract pool", () => {
  it("gives labels of all breakdowns as texts", () => {
    const pool = new ExtractPool();
    pool.add(0, [{ began: at("2025-03-01"), extract: extract([[4, OLD]], [[2, NEW]]) }]);
    expect(spansOf(pool)).toEqual([
      { breakdown: "subjects", value: 4, from: ALWAYS, label: "old" },
      { breakdown: "funders", value: 2, from: ALWAYS, label: "new" },
    ]);
  });

  it("lets the state that began last name the value, in whatever order records come (T11)", () => {
    const pool = new ExtractPool();
    pool.add(1, [{ began: at("2025-04-01"), extract: extract([[4, NEW]], []) }]);
    pool.add(0, [
      { began: at("2025-03-01"), extract: extract([[4, OLD]], []) },
      { began: at("2025-05-01"), extract: extract([[4, OTHER]], []) },
    ]);
    expect(spansOf(pool).map(({ from, label }) => [from, label])).toEqual([
      [ALWAYS, "old"],
      [day("2025-04-01"), "new"],
      [day("2025-05-01"), "other"],
    ]);
  });

  it("decides ties between records by their ids, not by their codes", () => {
    const pool = new ExtractPool();
    pool.add(0, [{ began: at("2025-04-01"), extract: extract([[4, OLD]], []) }]);
    pool.add(2, [{ began: at("2025-04-01"), extract: extract([[4, NEW]], []) }]);
    const turned = { ...TERMS, records: ["z", "m", "a"] };
    expect(spansOf(pool).at(-1)?.label).toBe("new");
    expect(pool.labels(PLANS, turned).at(-1)?.label).toBe("old");
  });

  it("leaves out values that no state labels (T9.1 decision 15), and keeps a label once given", () => {
    const pool = new ExtractPool();
    pool.add(0, [
      {
        began: at("2025-03-01"),
        extract: extract(
          [
            [4, OLD],
            [5, null],
          ],
          [],
        ),
      },
      { began: at("2025-04-01"), extract: extract([[4, null]], []) },
    ]);
    expect(spansOf(pool)).toEqual([{ breakdown: "subjects", value: 4, from: ALWAYS, label: "old" }]);
  });

  it("forgets what was given for a record before it was given again", () => {
    const pool = new ExtractPool();
    pool.add(0, [{ began: at("2025-03-01"), extract: extract([[4, OLD]], []) }]);
    pool.add(1, [{ began: at("2025-03-01"), extract: extract([[5, OTHER]], []) }]);
    pool.add(0, [{ began: at("2025-04-01"), extract: extract([[4, NEW]], []) }]);
    expect(spansOf(pool).map(({ value, label }) => [value, label])).toEqual([
      [4, "new"],
      [5, "other"],
    ]);
  });

  it("joins the two sides of a breakdown that read different fields", () => {
    const pool = new ExtractPool();
    pool.add(0, [
      {
        began: at("2025-03-01"),
        extract: extract(
          [[4, OLD]],
          [
            [4, NEW],
            [6, OTHER],
          ],
        ),
      },
    ]);
    const sides = [plan("subjects", "records"), plan("subjects", "usage")];
    expect(spansOf(pool, sides)).toEqual([
      { breakdown: "subjects", value: 4, from: ALWAYS, label: "old" },
      { breakdown: "subjects", value: 6, from: ALWAYS, label: "other" },
    ]);
  });

  it("holds more extracts than fit its first buffer", () => {
    const pool = new ExtractPool();
    const values = Array.from({ length: 200 }, (_, value) => [value, OLD] as const);
    for (let record = 0; record < 400; record++) {
      pool.add(record, [{ began: at("2025-03-01"), extract: extract(values, [[record, NEW]]) }]);
    }
    const spans = spansOf(pool);
    expect(spans).toHaveLength(600);
    expect(spans.at(-1)).toEqual({ breakdown: "funders", value: 399, from: ALWAYS, label: "new" });
  });
});

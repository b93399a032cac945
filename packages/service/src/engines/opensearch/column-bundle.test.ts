import { expect, it } from "vitest";
import { bundledColumns, ColumnBundle } from "./column-bundle.ts";

const COLUMNS = [
  ["total", 3],
  ["by_länder", 0],
  ["by_subjects-7", 40_000],
  ["data", 200_000],
] as const;

function column(seed: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (seed + 31 * at) % 256);
}

function bundleOf(columns: readonly (readonly [string, number])[], bundle = new ColumnBundle()): ColumnBundle {
  bundle.begin();
  columns.forEach(([field, length], seed) => bundle.add(field, column(seed, length)));
  return bundle;
}

it("gives back what was put in, together and one by one, and again when it is used again", () => {
  const wanted = COLUMNS.map(([field, length], seed) => [field, Buffer.from(column(seed, length))]);
  const bundle = bundleOf(COLUMNS);
  expect([...bundledColumns(bundle.packed)]).toEqual(wanted);
  expect([...bundle.columns()]).toEqual(wanted);
  bundleOf(COLUMNS.slice(0, 2), bundle);
  expect([...bundledColumns(bundle.packed)]).toEqual(wanted.slice(0, 2));
  expect([...bundle.columns()]).toEqual(wanted.slice(0, 2));
  expect([...bundledColumns(new Uint8Array(0))]).toEqual([]);
});

it("is small up to 32 kilobytes", () => {
  expect(bundleOf([["total", 32_000]]).isSmall).toBe(true);
  expect(bundleOf([["total", 33_000]]).isSmall).toBe(false);
});

it("never takes a cut bundle for a short one", () => {
  const { packed } = bundleOf(COLUMNS.slice(0, 1));
  for (let length = 1; length < packed.length; length++) {
    expect(() => bundledColumns(packed.subarray(0, length))).toThrow("end inside one of them");
  }
});

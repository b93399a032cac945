import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Bookings, codeOf, FIELDS, FILES_OF, valueOf } from "./ledger-bookings.ts";
import { ALL, FILES } from "./record-codes.ts";

const DAYS = 4;
interface Booked {
  readonly day: number;
  readonly value: number;
  readonly files: number;
}

/** Few and many bookings a day, of few and many values: each is sorted in a way of its own. */
const sizes = fc.record({ values: fc.constantFrom(1, 5, 300, 50_000), count: fc.constantFrom(10, 200, 2_000) });
const written = sizes.chain(({ values, count }) => {
  const booked = fc.record({
    day: fc.nat(DAYS - 1),
    value: fc.nat(values - 1),
    files: fc.nat(3),
  });
  return fc.tuple(fc.constant(values), fc.array(booked, { maxLength: count, size: "max" }));
});

describe("bookings", () => {
  it("come in order of day and value, each with its change and files", () => {
    const bookings = new Bookings();
    fc.assert(
      fc.property(written, ([values, all]) => {
        bookings.clear();
        for (const { day, value, files } of all)
          bookings.add(day, value, codeFor(files), bookings.amounts.add(files, files * 2 ** 40));
        const start = bookings.inOrder(DAYS, values);
        const found = Array.from({ length: DAYS }, (_, day) => read(bookings, day, start)).flat();
        expect(found.map(({ day, value }) => [day, value])).toEqual(
          all.map(({ day, value }) => [day, value]).toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d),
        );
        expect(found.map((one) => JSON.stringify(one)).toSorted()).toEqual(
          all.map((one) => JSON.stringify(one)).toSorted(),
        );
      }),
      { numRuns: 40 },
    );
  });
});

function codeFor(files: number): number {
  return files === 0 ? ALL.remove : FILES.add;
}

function read(bookings: Bookings, day: number, start: Int32Array): Booked[] {
  const found: Booked[] = [];
  for (let at = start[day] ?? 0; at < (start[day + 1] ?? 0); at++) {
    const key = bookings.sorted[at * FIELDS] ?? 0;
    const reference = 2 * (bookings.sorted[at * FIELDS + FILES_OF] ?? 0);
    const files = bookings.amounts.pairs[reference] ?? 0;
    expect(codeOf(key)).toBe(codeFor(files));
    expect(bookings.amounts.pairs[reference + 1]).toBe(files * 2 ** 40);
    found.push({ day, value: valueOf(key), files });
  }
  return found;
}

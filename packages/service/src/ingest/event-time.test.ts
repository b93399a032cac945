import { parseInstant } from "@community-stats/contract/days.ts";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { TimeReader } from "./event-time.ts";

const like = (text: string): number => parseInstant(text) ?? Number.NaN;

it.each([
  "2026-03-02T10:15:42",
  "2026-03-02T10:15:42Z",
  "2026-03-02T10:15:42.5",
  "2026-03-02T10:15:42.123456",
  "2026-03-02T10:15:42.123456789Z",
  "2026-03-02T10:15:42.1234567890",
  "2026-03-02T10:25:03.512345+00:00",
  "2026-03-02T10:25:03+00:00",
  "2026-03-02T23:30:00-05:00",
  "2026-03-02T10:15:42.",
  "2026-03-02T10:15:42x",
  "2026-03-02T10:15:42.12x+00:00",
  "2026-03-02T10:15:60",
  "2026-03-02T24:00:00",
  "2026-02-30T10:15:42",
  "2024-02-29T23:59:59.999999",
  "2026-03-02 10:15:42",
  "2026-03-02T10:15",
  "2026-03-02",
  "20260302T101542",
  "2026-03-02T1a:15:42",
  "",
])("%s is what the contract says", (text) => {
  const reader = new TimeReader();
  expect(reader.read(text)).toBe(like(text));
  expect(reader.read(text)).toBe(like(text));
});

it("agrees with the contract on anything", () => {
  const reader = new TimeReader();
  const part = fc.constantFrom(
    "2026-03-02",
    "2026-13-02",
    "T",
    " ",
    "10:15:42",
    "25:00:00",
    ".5",
    ".123456",
    "Z",
    "+00:00",
    "-05:30",
    "x",
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const text = parts.join("");
      expect(reader.read(text)).toBe(like(text));
    }),
    { numRuns: 2000 },
  );
});

import { describe, expect, it } from "vitest";
import { numberFormats } from "./numbers.ts";

const formats = numberFormats("en", false);

describe("per cent", () => {
  it.each([
    [0, "0%"],
    [0.002, "<1%"],
    [0.0094, "<1%"],
    [0.0095, "1%"],
    [0.126, "13%"],
    [0.994, "99%"],
    [0.9961, "99.6%"],
    [0.99996, "99.9%"],
    [1, "100%"],
    [4.78, "478%"],
    [-0.23, "−23%"],
  ])("%d is %s", (share, expected) => expect(formats.percent(share)).toBe(expected));
});

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [1, "1 B"],
    [999, "999 B"],
    [84_500_000, "84.5 MB"],
    [451_000_000_000, "451 GB"],
    [1_569_689_085_403, "1.6 TB"],
    [10_000_000_000_000, "10 TB"],
    [-2_500, "−2.5 kB"],
  ])("%d is %s", (value, expected) => expect(formats.bytes(value)).toBe(expected));

  it("counts in 1024 where configured", () => {
    expect(numberFormats("en", true).bytes(1_569_689_085_403)).toBe("1.4 TiB");
  });
});

it("writes figures in full and axes in short", () => {
  expect(formats.full(87_904)).toBe("87,904");
  expect(formats.full(-5)).toBe("−5");
  expect(formats.compact(87_904)).toBe("87.9k");
  expect(numberFormats("de", false).compact(5_000)).toBe("5.000");
});

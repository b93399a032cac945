import { describe, expect, it } from "vitest";
import { windowDays, WindowPacker } from "../../src/engines/embedded/window-packing.ts";

describe("days of a window", () => {
  const days = [
    { offset: 0, data: Uint8Array.of(1, 2, 3) },
    { offset: 7, data: new Uint8Array(0) },
    { offset: 31, data: new Uint8Array(70_000).fill(9) },
  ];

  it("come back as they were given", () => {
    const packer = new WindowPacker();
    expect(windowDays(packer.pack(days))).toEqual(days);
    expect(windowDays(packer.pack(days.slice(0, 1)))).toEqual(days.slice(0, 1));
    expect(windowDays(packer.pack([]))).toEqual([]);
  });

  it.each([[1], [4], [7], [70_017]])("are refused when only %i bytes are left", (length) => {
    expect(() => windowDays(new WindowPacker().pack(days).subarray(0, length))).toThrow(RangeError);
  });
});

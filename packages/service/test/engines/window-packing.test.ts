import { describe, expect, it } from "vitest";
import { bufferOf, lastOffset, type WindowDay, windowDays, WindowPacker } from "../../src/engine/window-packing.ts";

describe("days of a window", () => {
  const days = [
    { offset: 0, data: Uint8Array.of(1, 2, 3) },
    { offset: 7, data: new Uint8Array(0) },
    { offset: 31, data: new Uint8Array(70_000).fill(9) },
  ];

  it("come back as they were given", () => {
    expect(windowDays(packed(days))).toEqual(days);
    expect(windowDays(packed(days.slice(0, 1)))).toEqual(days.slice(0, 1));
    expect(windowDays(packed([]))).toEqual([]);
  });

  it("come back with those put behind them", () => {
    const first = packed(days.slice(0, 1));
    expect(lastOffset(first)).toBe(0);
    const packer = new WindowPacker();
    packer.begin();
    packer.addPacked(first);
    packer.addPacked(packed(days.slice(1)));
    expect(windowDays(packer.packed)).toEqual(days.map(({ offset, data }) => ({ offset, data: bufferOf(data) })));
    expect(lastOffset(packer.packed)).toBe(31);
    expect(lastOffset(packed([]))).toBe(-1);
  });

  it.each([[1], [4], [7], [70_017]])("are refused when only %i bytes are left", (length) => {
    const cut = packed(days).subarray(0, length);
    expect(() => windowDays(cut)).toThrow(RangeError);
    expect(() => lastOffset(cut)).toThrow(RangeError);
  });
});

function packed(days: readonly WindowDay[]): Uint8Array {
  const packer = new WindowPacker();
  packer.begin();
  for (const { offset, data } of days) packer.add(offset, bufferOf(data), { start: 0, end: data.length });
  return Uint8Array.from(packer.packed);
}

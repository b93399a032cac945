import * as fc from "fast-check";
import { expect, it } from "vitest";
import { anyText } from "../../test/any-text.ts";
import { hash128 } from "./hash.ts";

/** The published algorithm, byte by byte, in big whole numbers. */
function plainMurmur(bytes: Uint8Array, seed: readonly number[]): readonly number[] {
  const mask = 0xffffffffn;
  const times = (a: bigint, b: bigint): bigint => (a * b) & mask;
  const turn = (a: bigint, by: bigint): bigint => ((a << by) | (a >> (32n - by))) & mask;
  const [c1, c2, c3, c4] = [0x239b961bn, 0xab0e9789n, 0x38b34ae5n, 0xa1e38b93n];
  const factors = [
    [c1, 15n, c2, 19n, 0x561ccd1bn],
    [c2, 16n, c3, 17n, 0x0bcaa747n],
    [c3, 17n, c4, 15n, 0x96cd1c35n],
    [c4, 18n, c1, 13n, 0x32ac3b17n],
  ] as const;
  const h = seed.map(BigInt);
  const at = (index: number): bigint => h[index % 4] ?? 0n;
  const whole = Math.floor(bytes.length / 16);
  const word = (start: number): bigint =>
    [0, 1, 2, 3].reduce((sum, index) => sum | (BigInt(bytes[start + index] ?? 0) << BigInt(8 * index)), 0n);
  for (let block = 0; block <= whole; block++) {
    for (const [lane, [before, by, after, turned, plus]] of factors.entries()) {
      h[lane] = at(lane) ^ times(turn(times(word(16 * block + 4 * lane), before), by), after);
      if (block < whole) h[lane] = (times((turn(at(lane), turned) + at(lane + 1)) & mask, 5n) + plus) & mask;
    }
  }
  const mix = (value: bigint): bigint => {
    let k = value;
    k = times(k ^ (k >> 16n), 0x85ebca6bn);
    k = times(k ^ (k >> 13n), 0xc2b2ae35n);
    return k ^ (k >> 16n);
  };
  const spread = (): void => {
    h[0] = (at(0) + at(1) + at(2) + at(3)) & mask;
    for (const lane of [1, 2, 3]) h[lane] = (at(lane) + at(0)) & mask;
  };
  for (const lane of [0, 1, 2, 3]) h[lane] = at(lane) ^ BigInt(bytes.length);
  spread();
  for (const lane of [0, 1, 2, 3]) h[lane] = mix(at(lane));
  spread();
  return h.map(Number);
}

function hashed(text: string, seed: readonly number[] = [0, 0, 0, 0]): readonly number[] {
  const lanes = Uint32Array.from(seed);
  hash128(text, lanes);
  return Array.from(lanes);
}

it("is MurmurHash3 over the UTF-16 of any text, seeded with any lanes", () => {
  const lane = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(anyText({ maxLength: 40 }), fc.tuple(lane, lane, lane, lane), (text, seed) => {
      expect(hashed(text, seed)).toEqual(plainMurmur(Buffer.from(text, "utf16le"), seed));
    }),
    { numRuns: 60 },
  );
});

it("never changes: stored facts depend on it", () => {
  expect(hashed("132c25f35648053ef9c1db274498001e136d854bc9b74cd1bc513461")).toMatchInlineSnapshot(`
    [
      4196942720,
      538841834,
      684526967,
      245631358,
    ]
  `);
  expect(hashed("ui_abcde-12345", [1, 2, 3, 4])).toMatchInlineSnapshot(`
    [
      2678597730,
      4008266133,
      2936110126,
      1761131871,
    ]
  `);
});

it("keeps texts apart that differ in one unit, in order or in length", () => {
  const texts = [
    "",
    "\0",
    "\0\0",
    "a",
    "b",
    "ab",
    "ba",
    "\ud800",
    "\udc00",
    "a".repeat(7),
    "a".repeat(8),
    "a".repeat(9),
  ];
  expect(new Set(texts.map((text) => hashed(text).join())).size).toBe(texts.length);
});

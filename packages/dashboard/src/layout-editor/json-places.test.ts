import { expect, it } from "vitest";
import { scanJson } from "./json-places.ts";

const SAMPLE = String.raw`{ "a": [1, -2.5e3, "x\"y\u00e9", true, null, {}, []], "b": { "c": { "d": "" } }, "a b/[0]": 0 }`;

function accepts(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

it("takes what JSON.parse takes, and nothing else, however a document is damaged", () => {
  const signs = ["", ",", "}", "]", "{", ":", '"', "0", "-", "\\", "\n", "'"];
  const damaged = [...SAMPLE, ""].flatMap((_, at) =>
    signs.flatMap((sign) => [at, at + 1].map((on) => SAMPLE.slice(0, at) + sign + SAMPLE.slice(on))),
  );
  expect(damaged.filter(accepts).length).toBeGreaterThan(100);
  expect(damaged.filter((text) => (scanJson(text).kind === "json") !== accepts(text))).toEqual([]);
});

it("finds the text of every value and name again", () => {
  const scanned = scanJson(SAMPLE);
  if (scanned.kind !== "json") throw new Error(`It is ${scanned.kind}.`);
  const { value, name } = scanned.places;
  const cut = (place: ReturnType<typeof value>) => place && SAMPLE.slice(place.start, place.end);
  expect([["a", 1], ["a", 6], ["b", "c"], ["a b/[0]"]].map((path) => cut(value(path)))).toEqual([
    "-2.5e3",
    "[]",
    '{ "d": "" }',
    "0",
  ]);
  expect(cut(value([]))).toBe(SAMPLE);
  expect([cut(name(["b", "c", "d"])), name(["a", 1]), value(["nothing"])]).toEqual(['"d"', null, null]);
});

it("of two entries of one name finds the later only", () => {
  const text = '{ "a": { "b": 1 }, "a": { "c": 2 } }';
  const scanned = scanJson(text);
  if (scanned.kind !== "json") throw new Error(`It is ${scanned.kind}.`);
  expect(scanned.places.value(["a", "b"])).toBeNull();
  expect(scanned.places.value(["a", "c"])?.start).toBe(text.indexOf("2"));
});

it("refuses lists in more than a hundred lists", () => {
  expect(scanJson("[".repeat(100) + "]".repeat(100))).toMatchObject({ kind: "json" });
  expect(scanJson("[".repeat(100_000))).toMatchObject({ kind: "broken", expected: "deep", at: { start: 100 } });
});

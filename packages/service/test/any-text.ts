import { array, type Arbitrary, integer } from "fast-check";

const SURROGATES = { first: 0xd800, count: 0x800 };
const CHARACTER = integer({ min: 0, max: 0x10ffff - SURROGATES.count }).map((number) =>
  String.fromCodePoint(number < SURROGATES.first ? number : number + SURROGATES.count),
);

/** Texts of any characters. `string` with the unit "binary" gives them, too, and keeps a table of all, a hundred megabytes. */
export function anyText(size: { readonly maxLength?: number } = {}): Arbitrary<string> {
  return array(CHARACTER, size).map((characters) => characters.join(""));
}

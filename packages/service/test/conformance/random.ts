/** A small seeded source of choices (mulberry32): the same seed gives the same world on any machine. */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  int(below: number): number;
  /** From `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean;
  pick<Value>(values: readonly Value[]): Value;
  /** Up to `most` values, repeats possible. */
  some<Value>(values: readonly Value[], most: number): readonly Value[];
  times<Value>(count: number, make: (index: number) => Value): readonly Value[];
  shuffled<Value>(values: readonly Value[]): readonly Value[];
}

function times<Value>(count: number, make: (index: number) => Value): readonly Value[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export function random(seed: number): Random {
  let state = Math.imul(seed, 0x9e37_79b1) >>> 0;
  const next = () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number) => Math.floor(next() * below);
  const pick = <Value>(values: readonly Value[]): Value => {
    const chosen = int(values.length);
    for (const [index, value] of values.entries()) if (index === chosen) return value;
    throw new RangeError("nothing to pick from");
  };
  return {
    int,
    between: (least, most) => least + int(most - least + 1),
    chance: (percent) => next() * 100 < percent,
    pick,
    some: (values, most) => times(values.length === 0 ? 0 : int(most + 1), () => pick(values)),
    times,
    shuffled: (values) => {
      const keyed = values.map((value) => ({ value, key: next() }));
      return keyed.toSorted((left, right) => left.key - right.key).map(({ value }) => value);
    },
  };
}

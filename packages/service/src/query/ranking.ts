import { compareCodePoints } from "../domain/code-points.ts";

/** Targets with a number above zero, from the greatest on, ties by name. Sorts only as far as it is asked. */
export class RankedTargets {
  readonly #names: readonly string[];
  readonly #targets: Int32Array;
  readonly #values: Float64Array;
  #sorted: readonly number[] = [];

  constructor(names: readonly string[], numberOf: (target: number) => number) {
    this.#names = names;
    const targets: number[] = [];
    for (let target = 0; target < names.length; target++) if (numberOf(target) > 0) targets.push(target);
    this.#targets = Int32Array.from(targets);
    this.#values = Float64Array.from(targets, numberOf);
  }

  get count(): number {
    return this.#targets.length;
  }

  slice(from: number, to: number): readonly number[] {
    if (this.#sorted.length < Math.min(to, this.count)) this.#sorted = this.#first(2 * to);
    return this.#sorted.slice(from, to);
  }

  /** At least so many, if there are: whatever reaches the number of the last one. */
  #first(count: number): readonly number[] {
    const least = count >= this.count ? 0 : (this.#values.toSorted()[this.count - count] ?? 0);
    const positions = [...this.#values.keys()].filter((position) => (this.#values[position] ?? 0) >= least);
    return positions.toSorted((a, b) => this.#compare(a, b)).map((position) => this.#targets[position] ?? 0);
  }

  #compare(a: number, b: number): number {
    const name = (position: number) => this.#names[this.#targets[position] ?? 0] ?? "";
    return (this.#values[b] ?? 0) - (this.#values[a] ?? 0) || compareCodePoints(name(a), name(b));
  }
}

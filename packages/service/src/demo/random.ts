/** Seeded random numbers (sfc32): the same seed gives the same demonstration data on every machine. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0;
    this.#c = Math.imul(seed ^ 0xc2b2ae35, 0x27d4eb2f) | 0;
    for (let round = 0; round < 12; round++) this.word();
  }

  /** 32 random bits. */
  word(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** In [0, 1). */
  unit(): number {
    return this.word() / 0x1_0000_0000;
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  /** Poisson; by a normal approximation above 60. */
  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const floor = Math.exp(-mean);
    let count = 0;
    for (let product = this.unit(); product > floor; product *= this.unit()) count++;
    return count;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  hex(words: number): string {
    let text = "";
    for (let index = 0; index < words; index++) text += this.word().toString(16).padStart(8, "0");
    return text;
  }
}

/** Picks by weight. */
export class Choice<T> {
  readonly #values: readonly T[];
  readonly #sums: Float64Array;

  constructor(weighted: readonly (readonly [value: T, weight: number])[]) {
    this.#values = weighted.map(([value]) => value);
    let sum = 0;
    this.#sums = Float64Array.from(weighted, ([, weight]) => (sum += weight));
  }

  pick(random: Random): T {
    const goal = random.unit() * (this.#sums.at(-1) ?? 0);
    let low = 0;
    for (let high = this.#sums.length - 1; low < high;) {
      const middle = (low + high) >> 1;
      if ((this.#sums[middle] ?? 0) > goal) high = middle;
      else low = middle + 1;
    }
    const value = this.#values[low];
    if (value === undefined) throw new Error("a choice among nothing");
    return value;
  }
}

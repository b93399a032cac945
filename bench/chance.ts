/** A number in [0, 1) that depends on nothing but the two keys: the same workload on every machine, in any order. */
export function chance(key: number, purpose: number): number {
  let hash = Math.imul(key ^ (key >>> 16), 0x85eb_ca6b) ^ Math.imul(purpose + 0x7f4a_7c15, 0x9e37_79b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a_2d39);
  const low = Math.imul(hash ^ (hash >>> 15), 0xc2b2_ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) * 0x20_0000 + ((low ^ (low >>> 13)) >>> 11)) / 0x20_0000_0000_0000;
}

/** 32 bits, likewise. */
export function word(key: number, purpose: number): number {
  return Math.floor(chance(key, purpose) * 0x1_0000_0000) >>> 0;
}

/** 1..count, where `n` comes about 1/n as often as 1. */
export function zipf(key: number, purpose: number, count: number): number {
  return Math.min(count, Math.floor(Math.exp(chance(key, purpose) * Math.log(count + 1))));
}

/** At most `size` different numbers of `zipf`, ascending. */
export function zipfSet(key: number, purpose: number, { size, count }: { size: number; count: number }): number[] {
  const found = new Set<number>();
  for (let draw = 0; draw < size; draw++) found.add(zipf(key, purpose + draw * 101, count));
  return [...found].toSorted((a, b) => a - b);
}

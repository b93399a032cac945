/** Lower limits of at most six classes with round limits, from little to much. */
export function mapClasses(highest: number): readonly number[] {
  if (highest < 1) return [];
  const top = roundBelow(highest / 2.2);
  const limits = [1, top / 50, top / 10, top / 4, top / 2, top].map((limit) => Math.round(limit));
  return [...new Set(limits.filter((limit) => limit >= 1))].toSorted((a, b) => a - b);
}

function roundBelow(value: number): number {
  if (value < 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [5, 2, 1].find((factor) => factor * power <= value) ?? 1;
  return step * power;
}

/** Class 1–6 of a value, the last always the darkest; 0 without a value. */
export function classOf(value: number, limits: readonly number[]): number {
  const index = limits.findLastIndex((limit) => value >= limit);
  return index < 0 ? 0 : index + 1 + (6 - limits.length);
}

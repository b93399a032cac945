import type { RollupPart, RollupsOfBreakdown } from "../../engine/rollup-store.ts";

export type NumbersByBreakdown = ReadonlyMap<string, RollupsOfBreakdown>;

/** What one request finds, and which writing of the labels was there at that moment. */
export interface FoundTogether {
  readonly numbers: NumbersByBreakdown;
  readonly labelsWrite: number | null;
}

interface Reach {
  /** First period that was read. */
  readonly first: number;
  /** From which one on parts are wanted, once the checkpoint is known. */
  readonly begin: (found: RollupsOfBreakdown) => number;
}

/** Reads what is wanted before the first period that was read, and leaves out what is not wanted. */
export async function completed(
  found: NumbersByBreakdown,
  { first, begin }: Reach,
  read: (breakdowns: readonly string[], since: number) => Promise<ReadonlyMap<string, readonly RollupPart[]>>,
): Promise<NumbersByBreakdown> {
  const begins = new Map(Array.from(found, ([name, numbers]) => [name, begin(numbers)]));
  const cut = Array.from(begins).filter(([, since]) => since < first);
  const names = cut.map(([name]) => name);
  const earlier = cut.length === 0 ? NONE : await read(names, Math.min(...cut.map(([, since]) => since)));
  const whole = Array.from(found, ([name, { checkpoint, parts }]): [string, RollupsOfBreakdown] => {
    const all = [...(earlier.get(name) ?? []), ...parts];
    return [name, { checkpoint, parts: all.filter(({ period }) => period >= (begins.get(name) ?? first)) }];
  });
  return new Map(whole);
}

const NONE: ReadonlyMap<string, readonly RollupPart[]> = new Map();

import type { World } from "../oracle/oracle.ts";
import { random, type Random } from "./random.ts";

export type LineKind = keyof World;
export interface Batch {
  readonly kind: LineKind;
  readonly lines: readonly string[];
}

export const LINE_KINDS: readonly LineKind[] = ["communities", "records", "memberships", "events"];

/** Every line in its kind's one batch. */
export function atOnce(world: World): readonly Batch[] {
  return LINE_KINDS.map((kind) => ({ kind, lines: world[kind].map((line) => JSON.stringify(line)) }));
}

/** The same lines in any order and split: kinds interleaved, late facts, lines told again. */
export function arrivals(world: World, seed: number): readonly Batch[] {
  const choices = random(seed ^ 0x5eed);
  return choices.shuffled(atOnce(world).flatMap((batch) => split(choices, batch)));
}

function split(choices: Random, { kind, lines }: Batch): readonly Batch[] {
  const again = lines.filter(() => choices.chance(5));
  const parts = choices.pick([1, 2, 3, 3]);
  const assigned = choices.shuffled([...lines, ...again]).map((line) => ({ line, part: choices.int(parts) }));
  return Array.from({ length: parts }, (_, part) => ({
    kind,
    lines: assigned.filter((entry) => entry.part === part).map(({ line }) => line),
  }));
}

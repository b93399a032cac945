import type { World } from "../oracle/oracle.ts";

const KINDS = ["events", "memberships", "records"] as const;

/**
 * Leaves out what the failure does not need: halves first, then smaller pieces, kind by kind.
 * @param fails tells whether the smaller world still fails; asked at most `budget` times.
 */
export async function shrunk(world: World, fails: (world: World) => Promise<boolean>, budget = 120): Promise<World> {
  let smallest = world;
  let left = budget;
  for (let pieces = 2; pieces <= 64 && left > 0; pieces *= 2) {
    for (const candidate of candidates(smallest, pieces)) {
      if (left-- <= 0) break;
      const reduced = candidate(smallest);
      if (sizeOf(reduced) < sizeOf(smallest) && (await fails(reduced))) smallest = reduced;
    }
  }
  return smallest;
}

type Reduction = (world: World) => World;

/** From the back, so that positions stay true while pieces go. */
function candidates(world: World, pieces: number): readonly Reduction[] {
  return KINDS.flatMap((kind) => {
    const length = Math.ceil(world[kind].length / pieces);
    if (length === 0) return [];
    const starts = Array.from({ length: pieces }, (_, index) => (pieces - 1 - index) * length);
    return starts.map((start) => (whole: World) => ({
      ...whole,
      [kind]: whole[kind].filter((_, index) => index < start || index >= start + length),
    }));
  });
}

export function sizeOf(world: World): number {
  return KINDS.reduce((sum, kind) => sum + world[kind].length, 0);
}

/** The lines of a small world, ready to be put into files. */
export function printed(world: World): string {
  return ["communities" as const, ...KINDS]
    .flatMap((kind) => [`--- ${kind}`, ...world[kind].map((line) => JSON.stringify(line))])
    .join("\n");
}

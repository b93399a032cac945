import { VARIABLES } from "./variables.ts";
import { WITHOUT_EFFECT } from "./without-effect.ts";

const PREFIXES = [
  "COMMUNITY_STATS_",
  "STATS_DASHBOARD_",
  "STATS_CACHE_",
  "STATS_DATA_SERIES_",
  "STATS_AGG_REGISTRY_",
] as const;

/** Whether a name claims to be a variable of ours. */
export function hasOurPrefix(name: string): boolean {
  return PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Whether the table has the name, with or without an effect. */
export function isKnown(name: string): boolean {
  return Object.hasOwn(WITHOUT_EFFECT, name) || VARIABLES.some((variable) => variable.name === name);
}

const FARTHEST = 0.4;

/** The known name that a person most likely meant; null where none is near. */
export function nearestName(name: string): string | null {
  const names = [...VARIABLES.map((variable) => variable.name), ...Object.keys(WITHOUT_EFFECT)];
  const wanted = name.toUpperCase();
  const ranked = names
    .map((candidate) => ({ candidate, distance: distance(wanted, candidate) }))
    .toSorted((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= FARTHEST * best.candidate.length ? best.candidate : null;
}

/** Letters to change, add or leave out between two names (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 1; at <= from.length; at += 1) {
    const next = [at];
    for (let index = 1; index <= to.length; index += 1) {
      const same = from[at - 1] === to[index - 1] ? 0 : 1;
      next.push(Math.min((row[index] ?? 0) + 1, (next[index - 1] ?? 0) + 1, (row[index - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

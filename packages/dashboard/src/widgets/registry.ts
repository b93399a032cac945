import { nearest } from "@community-stats/contract/nearest.ts";
import { WIDGETS } from "@community-stats/contract/widgets.ts";

const LONGEST = 100;

/** The known name that is written most like an unknown one. */
export function nearestName(name: string): string | null {
  return nearest(name.slice(0, LONGEST), [...WIDGETS.keys()]);
}

import type { Place } from "./arrange.ts";

const ALL = 16;
/** Two of what is narrow stand side by side. */
const HALF = 8;

/**
 * Columns of the places of one row on a tablet: as configured, else half a row for breakdowns and a whole one for the rest. Where the
 * next place does not fit beside it, the last of a line takes what is left, so that no half row stays empty.
 */
export function tabletColumns(places: readonly Place[]): readonly number[] {
  const columns = places.map(ownColumns);
  const filled: number[] = [];
  let used = 0;
  for (const [index, width] of columns.entries()) {
    const isLast = used + width + (columns[index + 1] ?? ALL) > ALL;
    const configured = configuredColumns(places[index]) !== null;
    filled.push(isLast && !configured ? ALL - used : width);
    used = isLast ? 0 : used + width;
  }
  return filled;
}

function ownColumns(place: Place): number {
  return configuredColumns(place) ?? (place.kind === "widget" && place.placed.spec.kind === "breakdown" ? HALF : ALL);
}

function configuredColumns(place: Place | undefined): number | null {
  return place === undefined || place.kind === "stats" ? null : place.columns.tablet;
}

import { COLOURED_VALUES } from "@community-stats/contract/value-order.ts";

/** Colour slots 1–12, or the neutral one of everything else. */
export type Slot = number | "other";

/**
 * Slots of the values that a picture shows. Each of `order` has the slot of its place there, in every picture. What this leaves free goes to
 * the first of the others, by their ids, so that another sequence gives them no other colours; the rest share the neutral slot.
 */
export function slotsOf(shown: readonly string[], order: readonly string[]): readonly Slot[] {
  const own = new Map(order.slice(0, COLOURED_VALUES).map((id, index) => [id, index + 1]));
  const taken = new Set(shown.map((id) => own.get(id)));
  const free = Array.from({ length: COLOURED_VALUES }, (_, index) => index + 1).filter((slot) => !taken.has(slot));
  const others = shown.filter((id) => !own.has(id)).slice(0, free.length);
  const lent = new Map(others.toSorted().map((id, index) => [id, free[index]]));
  return shown.map((id) => own.get(id) ?? lent.get(id) ?? "other");
}

/** Colour slots 1–12, or the neutral one of everything else. */
export type Slot = number | "other";

const SLOT_COUNT = 12;

/** Remembers which slot a value has, so that it keeps its colour while the page lives. */
export interface SlotBook {
  /** Slots of these values of a breakdown, in order of rank. Past twelve, values share the neutral slot. */
  slots(breakdown: string, ids: readonly string[]): readonly Slot[];
}

export function createSlotBook(): SlotBook {
  const taken = new Map<string, Map<string, number>>();
  return {
    slots(breakdown, ids) {
      const known = taken.get(breakdown) ?? new Map<string, number>();
      taken.set(breakdown, known);
      const present = new Set(ids);
      return ids.map((id) => {
        const slot = known.get(id) ?? freeSlot(known, present);
        if (slot === null) return "other";
        known.set(id, slot);
        return slot;
      });
    },
  };
}

/** The first slot nobody has; else one of a value that is not drawn now. */
function freeSlot(known: Map<string, number>, present: ReadonlySet<string>): number | null {
  const used = new Set(known.values());
  for (let slot = 1; slot <= SLOT_COUNT; slot += 1) if (!used.has(slot)) return slot;
  for (const [id, slot] of known) {
    if (present.has(id)) continue;
    known.delete(id);
    return slot;
  }
  return null;
}

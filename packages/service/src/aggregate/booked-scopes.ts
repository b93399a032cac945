import type { RollupStore } from "../engine/rollup-store.ts";

/** Raise it when the ledger books the same history otherwise, or scopes are marked otherwise. */
const VERSION = 1;

export interface BookedPlace {
  readonly rollups: RollupStore;
  readonly generation: number;
  /** Of the values that are counted (`extractDefinition`). */
  readonly definition: string;
}

/** Marks (domain/scope-marks.ts) by scope code, of what the stored books of scopes were made from. */
export type BookedScopes = ReadonlyMap<number, string>;

interface Stored {
  readonly version: number;
  readonly definition: string;
  readonly marks: readonly (readonly [scope: number, mark: string])[];
}

/** Name of what is kept about a generation. */
export function bookedName(generation: number): string {
  return `booked scopes ${generation}`;
}

/** Scopes whose books are known to be those of their marks; the books of others may be those of anything. */
export async function bookedScopes({ rollups, generation, definition }: BookedPlace): Promise<BookedScopes> {
  const data = (await rollups.extracts(bookedName(generation))).get(0);
  if (data === undefined) return new Map();
  const stored: Stored = JSON.parse(new TextDecoder().decode(data));
  return stored.version === VERSION && stored.definition === definition ? new Map(stored.marks) : new Map();
}

/** A scope must be left out before its book is replaced, and may come back when it is: a run can end between any two steps. */
export async function keepBookedScopes(
  { rollups, generation, definition }: BookedPlace,
  booked: BookedScopes,
): Promise<void> {
  const stored: Stored = { version: VERSION, definition, marks: [...booked] };
  const data = new TextEncoder().encode(JSON.stringify(stored));
  await rollups.writeExtracts(bookedName(generation), new Map([[0, data]]));
}

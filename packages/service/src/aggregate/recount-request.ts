import type { ControlStore } from "../engine/control-store.ts";

const SETTING = "aggregation:recount";
/** Before every day: the setting is JSON text, which has no infinite numbers. */
const EARLIEST = -10_000_000;

/** Keys of scopes ("global" or ids of communities), or all there are. */
export type BookedAgain = "all" | ReadonlySet<string>;

/** What the next run counts again, whatever it finds. */
export interface RecountRequest {
  /** Days of use from here on; null: none. Infinitely early: all. */
  readonly useFrom: number | null;
  /** Scopes whose records are booked again. */
  readonly records: BookedAgain;
}

export const NO_RECOUNT: RecountRequest = { useFrom: null, records: new Set() };
const ALL_AGAIN: RecountRequest = { useFrom: -Infinity, records: "all" };

interface Stored {
  readonly useFrom: number | null;
  readonly records: "all" | readonly string[];
}

/** Lets the next run count this again, and what was requested before it. The numbers stay until then. */
export async function requestRecount(control: ControlStore, request: RecountRequest): Promise<void> {
  const before = await requestedRecount(control);
  const days = [before.useFrom, request.useFrom].filter((day) => day !== null);
  const stored: Stored = {
    useFrom: days.length === 0 ? null : Math.max(EARLIEST, Math.min(...days)),
    records:
      before.records === "all" || request.records === "all"
        ? "all"
        : [...new Set([...before.records, ...request.records])],
  };
  await control.setSetting(SETTING, JSON.stringify(stored));
}

export async function requestedRecount(control: ControlStore): Promise<RecountRequest> {
  const text = await control.setting(SETTING);
  if (text === null || text === "") return NO_RECOUNT;
  // Written by an earlier release.
  if (text === "requested") return ALL_AGAIN;
  const { useFrom, records }: Stored = JSON.parse(text);
  return {
    useFrom: useFrom !== null && useFrom <= EARLIEST ? -Infinity : useFrom,
    records: records === "all" ? records : new Set(records),
  };
}

export function isAnyRecount({ useFrom, records }: RecountRequest): boolean {
  return useFrom !== null || records === "all" || records.size > 0;
}

export async function recountDone(control: ControlStore): Promise<void> {
  await control.setSetting(SETTING, "");
}

import type { DayNumber } from "@community-stats/contract/days.ts";
import type { CountedDay, RollupBlob, UsageBatch } from "../src/engine/rollup-store.ts";

/** Blobs of use as the batch that stores take; every blob's period is one of the days. */
export function usageBatch(days: readonly CountedDay[], blobs: readonly RollupBlob[]): UsageBatch {
  const breakdowns = [...new Set(["", ...blobs.map(({ breakdown }) => breakdown)])];
  return {
    days: days.map((day) => ({ ...day, ...columnsOf(day.day, blobs, breakdowns) })),
    breakdowns,
    globalScope: 0,
  };
}

function columnsOf(day: DayNumber, blobs: readonly RollupBlob[], breakdowns: readonly string[]) {
  const own = blobs
    .filter(({ kind, period }) => kind === "usage" && period === day)
    .map(({ scope, breakdown, data }) => ({ scope, breakdown: breakdowns.indexOf(breakdown), data }))
    .toSorted((a, b) => a.scope - b.scope || a.breakdown - b.breakdown);
  const start = new Int32Array(own.length + 1);
  own.forEach(({ data }, index) => (start[index + 1] = (start[index] ?? 0) + data.length));
  const records = blobs.find(({ kind, period }) => kind === "usage-records" && period === day);
  return {
    scope: Int32Array.from(own, ({ scope }) => scope),
    breakdown: Int32Array.from(own, ({ breakdown }) => breakdown),
    start,
    data: Uint8Array.from(own.flatMap(({ data }) => [...data])),
    records: records?.data ?? new Uint8Array(0),
  };
}

import type { DayOfUse, RollupBlob, UsageBatch } from "./rollup-store.ts";

/** The blobs of a batch one by one, for engines that keep each as a thing of its own. */
export function* blobsOfUse({ days, breakdowns, globalScope }: UsageBatch): Generator<RollupBlob> {
  for (const day of days) {
    for (let blob = 0; blob < day.scope.length; blob++) yield blobOf(day, blob, breakdowns);
    if (day.records.length === 0) continue;
    yield { kind: "usage-records", scope: globalScope, breakdown: "", period: day.day, data: day.records };
  }
}

function blobOf(day: DayOfUse, blob: number, breakdowns: readonly string[]): RollupBlob {
  return {
    kind: "usage",
    scope: day.scope[blob] ?? 0,
    breakdown: breakdowns[day.breakdown[blob] ?? 0] ?? "",
    period: day.day,
    data: day.data.subarray(day.start[blob], day.start[blob + 1]),
  };
}

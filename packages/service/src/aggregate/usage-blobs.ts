import { RadixOrder } from "../domain/kernel-numbering.ts";
import type { RollupBlob } from "../engine/rollup-store.ts";
import type { DayResult } from "./day-counter.ts";

export type CountedResult = Extract<DayResult, { kind: "counted" }>;

export interface BlobNames {
  readonly globalScope: number;
  /** Names of the breakdowns in the order of the kernel; the totals are "". */
  readonly breakdowns: readonly string[];
}

/** The blobs of some days in the order (scope, breakdown, day), in which stores keep them: neighbours are written together. */
export function usageBlobs(results: readonly CountedResult[], names: BlobNames): RollupBlob[] {
  const ascending = results.toSorted((a, b) => a.day - b.day);
  const width = names.breakdowns.length + 1;
  const dayOf: number[] = [];
  const blobOf: number[] = [];
  const keys: number[] = [];
  ascending.forEach(({ packed }, at) => {
    for (let blob = 0; blob < packed.scope.length; blob++) {
      dayOf.push(at);
      blobOf.push(blob);
      keys.push((packed.scope[blob] ?? 0) * width + (packed.breakdown[blob] ?? 0));
    }
  });
  const positions = Int32Array.from(keys, (_, position) => position);
  const order = new RadixOrder().sort(positions, keys.length, Int32Array.from(keys));
  const labels = ["", ...names.breakdowns];
  const blobs: RollupBlob[] = [];
  for (const position of order.subarray(0, keys.length)) {
    const result = ascending[dayOf[position] ?? 0];
    if (result !== undefined) blobs.push(blobAt(result, blobOf[position] ?? 0, labels));
  }
  return [...blobs, ...ascending.flatMap((result) => recordBlob(result, names.globalScope))];
}

function blobAt({ day, packed }: CountedResult, blob: number, labels: readonly string[]): RollupBlob {
  return {
    kind: "usage",
    scope: packed.scope[blob] ?? 0,
    breakdown: labels[packed.breakdown[blob] ?? 0] ?? "",
    period: day,
    data: packed.data.subarray(packed.start[blob], packed.start[blob + 1]),
  };
}

function recordBlob({ day, records }: CountedResult, scope: number): RollupBlob[] {
  return records.length === 0 ? [] : [{ kind: "usage-records", scope, breakdown: "", period: day, data: records }];
}

/**
 * The numbers that rollups store per (scope, breakdown value, day). Everything published is a sum or difference of these.
 * The order is the storage order: append only, and raise the packing version when it changes.
 */

/** Use of one day. Distinct counts are exact within the day. */
export const USAGE_COUNTERS = [
  "viewEvents",
  "viewVisitors",
  "viewRecords",
  "viewParents",
  "downloadEvents",
  "downloadVisitors",
  "downloadRecords",
  "downloadParents",
  "downloadFiles",
  "downloadBytes",
  /** Distinct visitors who viewed or downloaded. */
  "visitors",
] as const;
export type UsageCounter = (typeof USAGE_COUNTERS)[number];

/**
 * Change of the holdings in one day. `…MetadataOnly` and `…WithFiles` are the two classes of the files switch (T3, T4).
 * `works…` are distinct parents of either class. `uploaders` is the day's distinct owners of added records (T6),
 * `uploadersGained` / `uploadersLost` the change of the distinct owners of active records; the three are zero in breakdown values.
 */
export const RECORD_COUNTERS = [
  "recordsAddedMetadataOnly",
  "recordsAddedWithFiles",
  "recordsRemovedMetadataOnly",
  "recordsRemovedWithFiles",
  "parentsAddedMetadataOnly",
  "parentsAddedWithFiles",
  "parentsRemovedMetadataOnly",
  "parentsRemovedWithFiles",
  "worksAdded",
  "worksRemoved",
  "filesAdded",
  "filesRemoved",
  "bytesAdded",
  "bytesRemoved",
  "uploaders",
  "uploadersGained",
  "uploadersLost",
] as const;
export type RecordCounter = (typeof RECORD_COUNTERS)[number];

/** Position of each counter in a stored row. */
export const USAGE_INDEX = indexOf(USAGE_COUNTERS);
export const RECORD_INDEX = indexOf(RECORD_COUNTERS);

function indexOf<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.freeze(Object.fromEntries(names.map((name, index) => [name, index])) as Record<Name, number>);
}

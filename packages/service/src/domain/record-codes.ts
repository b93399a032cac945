import { RECORD_COUNTERS, RECORD_INDEX as INDEX } from "@community-stats/contract/counters.ts";

/** Counters of a row of the holdings. */
export const COUNTERS = RECORD_COUNTERS.length;

/** A change that comes alone in most rows: which counters it raises by one, and whether files come with it or go with it. */
interface Change {
  readonly ones: number;
  readonly comes: boolean;
}

const ADD_RECORD = [1 << INDEX.recordsAddedMetadataOnly, 1 << INDEX.recordsAddedWithFiles] as const;
const REMOVE_RECORD = [1 << INDEX.recordsRemovedMetadataOnly, 1 << INDEX.recordsRemovedWithFiles] as const;
const ADD_PARENT = [1 << INDEX.parentsAddedMetadataOnly, 1 << INDEX.parentsAddedWithFiles] as const;
const REMOVE_PARENT = [1 << INDEX.parentsRemovedMetadataOnly, 1 << INDEX.parentsRemovedWithFiles] as const;
const ADD_WORK = 1 << INDEX.worksAdded;
const REMOVE_WORK = 1 << INDEX.worksRemoved;
const NO_CHANGE: Change = { ones: 0, comes: true };

/**
 * Changes by their code, which is stored: append only. Code 0 is none of them. Where the class of the files switch matters, the code
 * stands for records without files and the next one for those with files.
 */
const CHANGES: readonly Change[] = [
  NO_CHANGE,
  ...inBothClasses(true, (kind) => ADD_RECORD[kind] | ADD_PARENT[kind] | ADD_WORK),
  ...inBothClasses(false, (kind) => REMOVE_RECORD[kind] | REMOVE_PARENT[kind] | REMOVE_WORK),
  ...inBothClasses(true, (kind) => ADD_RECORD[kind]),
  ...inBothClasses(false, (kind) => REMOVE_RECORD[kind]),
  ...inBothClasses(true, (kind) => ADD_RECORD[kind] | ADD_PARENT[kind]),
  ...inBothClasses(false, (kind) => REMOVE_RECORD[kind] | REMOVE_PARENT[kind]),
  ...inBothClasses(true, (kind) => ADD_PARENT[kind] | ADD_WORK),
  ...inBothClasses(false, (kind) => REMOVE_PARENT[kind] | REMOVE_WORK),
  ...inBothClasses(true, (kind) => ADD_PARENT[kind]),
  ...inBothClasses(false, (kind) => REMOVE_PARENT[kind]),
  { ones: ADD_WORK, comes: true },
  { ones: REMOVE_WORK, comes: false },
  { ones: 0, comes: true },
  { ones: 0, comes: false },
  { ones: 1 << INDEX.uploaders, comes: true },
  { ones: 1 << INDEX.uploadersGained, comes: true },
  { ones: 1 << INDEX.uploadersLost, comes: false },
];
function inBothClasses(comes: boolean, ones: (kind: 0 | 1) => number): readonly Change[] {
  return [
    { ones: ones(0), comes },
    { ones: ones(1), comes },
  ];
}

/** Codes of a change that comes, and of its counterpart. */
export interface ChangeCodes {
  readonly add: number;
  readonly remove: number;
}
/** Record, parent and work together. */
export const ALL: ChangeCodes = { add: 1, remove: 3 };
export const RECORD: ChangeCodes = { add: 5, remove: 7 };
export const RECORD_AND_PARENT: ChangeCodes = { add: 9, remove: 11 };
export const PARENT_AND_WORK: ChangeCodes = { add: 13, remove: 15 };
export const PARENT: ChangeCodes = { add: 17, remove: 19 };
export const WORK: ChangeCodes = { add: 21, remove: 22 };
/** Files alone. */
export const FILES: ChangeCodes = { add: 23, remove: 24 };
export const ADD_UPLOADER = 25;
export const GAIN_UPLOADER = 26;
export const LOSE_UPLOADER = 27;

/** By code: bits of the counters that it raises by one, and the position of the counter of its files. */
export const ONES = Int32Array.from(CHANGES, ({ ones }) => ones);
export const FILES_AT = Int32Array.from(CHANGES, ({ comes }) => (comes ? INDEX.filesAdded : INDEX.filesRemoved));
export const BYTES_AT = Int32Array.from(CHANGES, ({ comes }) => (comes ? INDEX.bytesAdded : INDEX.bytesRemoved));
export const CODES = CHANGES.length;

/** Most counters that a change raises. */
export const MOST_ONES = 3;
/** By code, `MOST_ONES` positions of the counters that it raises by one; `COUNTERS` stands for none, so that a sum may have a place to waste. */
export const RAISED = Int32Array.from({ length: CODES * MOST_ONES }, (_, at) => {
  const ones = ONES[Math.floor(at / MOST_ONES)] ?? 0;
  const raised = RECORD_COUNTERS.flatMap((__, counter) => (((ones >> counter) & 1) === 1 ? [counter] : []));
  return raised[at % MOST_ONES] ?? COUNTERS;
});

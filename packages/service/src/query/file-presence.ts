import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { FILE_PRESENCE } from "@community-stats/contract/series.ts";

/** Whether a record has files: no value of the record, but the two classes that every number of records is kept by. */
export const PRESENCE: Breakdown = {
  name: FILE_PRESENCE,
  records: { snapshot: "all", sources: [] },
  usage: null,
  label: "none",
  multiple: false,
};

export interface PresenceClass {
  readonly id: string;
  readonly name: string;
  /** What it is counted by. */
  readonly counters: RegExp;
}

/** Files and bytes are those of records that have some. */
export const PRESENCE_CLASSES: readonly PresenceClass[] = [
  { id: "metadata_only", name: "Metadata Only", counters: /MetadataOnly$/ },
  { id: "with_files", name: "With Files", counters: /WithFiles$|^files|^bytes/ },
];

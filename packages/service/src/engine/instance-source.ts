/** What can be read out of the repository's own indices; named as `ingest` names its kinds. */
export type InstanceKind = "communities" | "records" | "memberships" | "events";

/** One shard of one index of the repository. Its documents are numbered in the order in which they were last written. */
export interface InstancePart {
  readonly kind: InstanceKind;
  readonly index: string;
  readonly shard: number;
  /** Name of the cursor: another one when the index was made anew. */
  readonly source: string;
}

/** A page of documents as lines of search dumps, `{"_index","_id","_source"}`, each with its line end. */
export interface InstancePage {
  readonly lines: string;
  readonly count: number;
  /** Number of its last document: to go on after it. */
  readonly position: number;
}

/** The repository's own indices, which are only ever read. */
export interface InstanceSource {
  /** In the order in which they should be read: what events refer to first. */
  parts(): Promise<readonly InstancePart[]>;
  /** Documents that were written after the one with this number, or again; -1 for all. */
  pages(part: InstancePart, after: number): AsyncIterable<InstancePage>;
}

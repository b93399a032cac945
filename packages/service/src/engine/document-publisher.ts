/** Names of the daily documents, as the repository's own statistics had them; each is an alias over one index per year. */
export const PUBLISHED_NAMES = [
  "stats-community-records-delta-added",
  "stats-community-records-delta-created",
  "stats-community-records-delta-published",
  "stats-community-records-snapshot-added",
  "stats-community-records-snapshot-created",
  "stats-community-records-snapshot-published",
  "stats-community-usage-delta",
  "stats-community-usage-snapshot",
] as const;
export type PublishedName = (typeof PUBLISHED_NAMES)[number];

/** One daily document of one scope. */
export interface PublishedDocument {
  /** `{community}-{YYYY-MM-DD}`. */
  readonly id: string;
  readonly year: number;
  readonly source: object;
}

/** A document that was not taken, and why. */
export interface NotPublished {
  readonly id: string;
  readonly reason: string;
}
export interface PublishReport {
  /** False where it was asked to end before the last document; readers are then shown what they were shown before. */
  readonly complete: boolean;
  readonly written: number;
  /** Stood there as they are, but for the time of their making. */
  readonly unchanged: number;
  readonly failed: readonly NotPublished[];
  /** Indices of the original that no alias names any more; they are kept. */
  readonly replaced: readonly string[];
  /** Documents per request at the end. */
  readonly chunk: number;
}

/** Puts daily documents where the original had them, for whoever reads them there; only those that are others than what stands there. */
export interface DocumentPublisher {
  publish(
    name: PublishedName,
    documents: AsyncIterable<PublishedDocument>,
    signal?: AbortSignal,
  ): Promise<PublishReport>;
}

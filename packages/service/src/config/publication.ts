import { z } from "zod";

/** How many documents `publish` sends at once. */
export interface PublicationChunks {
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  /** Times the size, after a request was too large; below 1. */
  readonly reduction: number;
  /** Times the size, after a success; above 1. */
  readonly growth: number;
}

const documents = z.number().int().min(1).max(10_000);

/** Rows of the table of variables. */
export const PUBLICATION_VARIABLES = [
  {
    name: "COMMUNITY_STATS_SCHEDULED_PUBLISHING_ENABLED",
    schema: z.boolean(),
    default: false,
    meaning:
      "After each scheduled aggregation of the engine `opensearch`, daily documents that changed are written into the repository's indices, as `publish` does. Off, because whoever reads the original's names then reads these documents.",
  },
  {
    name: "COMMUNITY_STATS_INITIAL_CHUNK_SIZE",
    schema: documents,
    default: 50,
    meaning: "Documents in the first request of `publish`, before a size is learned; between the least and the most.",
  },
  {
    name: "COMMUNITY_STATS_MIN_CHUNK_SIZE",
    schema: documents,
    default: 1,
    meaning: "Least documents in a request of `publish`.",
  },
  {
    name: "COMMUNITY_STATS_MAX_CHUNK_SIZE",
    schema: documents,
    default: 100,
    meaning: "Most documents in a request of `publish`; not below the least.",
  },
  {
    name: "COMMUNITY_STATS_CHUNK_REDUCTION_FACTOR",
    schema: z.number().gt(0).lt(1),
    default: 0.7,
    meaning: "What the size is multiplied with after a request that was too large.",
  },
  {
    name: "COMMUNITY_STATS_CHUNK_GROWTH_FACTOR",
    schema: z.number().gt(1).max(10),
    default: 1.05,
    meaning: "What the size is multiplied with after a success; it grows by one at least.",
  },
] as const;

type Read = <T>(name: string, schema: z.ZodType<T>) => T;

/** Least, first and most are brought into their order. */
export function publicationChunks(read: Read): PublicationChunks {
  const number = (name: string): number => read(name, z.number());
  const min = number("COMMUNITY_STATS_MIN_CHUNK_SIZE");
  const max = Math.max(number("COMMUNITY_STATS_MAX_CHUNK_SIZE"), min);
  return {
    min,
    max,
    initial: Math.min(Math.max(number("COMMUNITY_STATS_INITIAL_CHUNK_SIZE"), min), max),
    reduction: number("COMMUNITY_STATS_CHUNK_REDUCTION_FACTOR"),
    growth: number("COMMUNITY_STATS_CHUNK_GROWTH_FACTOR"),
  };
}

import { z } from "zod";
import type { Requests } from "./requests.ts";

/** Where a document stands. */
export interface StoredAt {
  readonly index: string;
  readonly id: string;
}

const storedSchema = z.object({
  docs: z.array(
    z.object({ _source: z.record(z.string(), z.unknown()).optional() }).transform((found) => found["_source"]),
  ),
});

/** In the order of the places; undefined where there is none. */
export async function storedSources(
  requests: Requests,
  places: readonly StoredAt[],
): Promise<readonly (Readonly<Record<string, unknown>> | undefined)[]> {
  if (places.length === 0) return [];
  const docs = places.map(({ index, id }) => ({ _index: index, _id: id }));
  return storedSchema.parse((await requests.send("POST", "/_mget", { body: { docs } })).body).docs;
}

/** What two documents must share to say the same: all but when they were made. */
export function contentOf(source: object): string {
  const fields = Object.entries(source).filter(([name]) => !MADE_AT.has(name));
  return JSON.stringify(fields);
}
const MADE_AT = new Set(["timestamp", "updated_timestamp"]);

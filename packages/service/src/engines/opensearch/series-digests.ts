import { createHash } from "node:crypto";
import { z } from "zod";
import type { RollupBlob } from "../../engine/rollup-store.ts";
import type { Json } from "./requests.ts";

const YEAR_LETTERS = 12;

const digestsSchema = z.object({
  all: z.string(),
  years: z.array(z.tuple([z.number(), z.string()])),
});
/** Of the holdings of one kind and scope: of everything, and of each year. */
export type SeriesDigests = z.infer<typeof digestsSchema>;

/** Of a series that was written before there were digests: equal to no other. */
const UNKNOWN: SeriesDigests = { all: "", years: [] };

export function seriesDigests(blobs: readonly RollupBlob[], checkpoints: readonly RollupBlob[]): SeriesDigests {
  const byYear = Map.groupBy(blobs, ({ period }) => period);
  const years = Array.from(byYear, ([year, its]): [number, string] => [year, digestOf(its).slice(0, YEAR_LETTERS)]);
  return { all: `${digestOf(blobs)} ${digestOf(checkpoints)}`, years: years.toSorted(([a], [b]) => a - b) };
}

export function digestsOf(source: Json): SeriesDigests {
  const parsed = digestsSchema.safeParse(source["line"]);
  return parsed.success ? parsed.data : UNKNOWN;
}

function digestOf(blobs: readonly RollupBlob[]): string {
  const hash = createHash("sha256");
  const named = blobs.map((blob) => ({ name: `${blob.period} ${blob.breakdown}`, data: blob.data }));
  for (const { name, data } of named.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${name} ${data.length} `).update(data);
  }
  return hash.digest("base64url");
}

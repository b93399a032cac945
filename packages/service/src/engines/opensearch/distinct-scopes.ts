import { z } from "zod";
import type { NumbersPlace } from "./numbers-place.ts";
import type { Json } from "./requests.ts";

const PAGE = 5000;
const answerSchema = z.object({
  aggregations: z.object({
    scopes: z.object({
      buckets: z.array(z.object({ key: z.object({ scope: z.number() }) })),
      after_key: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
});

/** The scopes of all documents that a query finds, ascending. */
export async function distinctScopes({ requests, index }: NumbersPlace, query: Json): Promise<readonly number[]> {
  const scopes: number[] = [];
  let after: Json | undefined;
  do {
    const composite = { size: PAGE, sources: [{ scope: { terms: { field: "scope" } } }] };
    const aggs = { scopes: { composite: after === undefined ? composite : { ...composite, after } } };
    const answer = await requests.search(index, { size: 0, track_total_hits: false, query, aggs });
    const { buckets, after_key } = answerSchema.parse(answer).aggregations.scopes;
    scopes.push(...buckets.map(({ key }) => key.scope));
    after = after_key;
  } while (after !== undefined);
  return scopes;
}

import { z } from "zod";
import type { EventIndex, EventShard } from "../../engine/event-indices.ts";
import type { EventNames } from "./event-names.ts";
import type { Requests } from "./requests.ts";

/** What the original, and its builders of live events, add to an event. */
const ENRICHED_BY_ORIGINAL = [
  "community_ids",
  "resource_type",
  "access_status",
  "publisher",
  "languages",
  "subjects",
  "rights",
  "affiliations",
  "funders",
  "journal_title",
  "file_types",
  "enrichment",
];

const metaSchema = z
  .object({ made_by: z.string(), configuration: z.string(), fields: z.array(z.string()) })
  .nullish()
  .catch(null);
const indicesSchema = z.record(
  z.string(),
  z.object({
    aliases: z.record(z.string(), z.unknown()).default({}),
    mappings: z.object({ _meta: metaSchema }).default({ _meta: null }),
    settings: z.object({
      index: z.object({
        uuid: z.string(),
        number_of_shards: z.string(),
        blocks: z.object({ write: z.string().optional() }).optional(),
      }),
    }),
  }),
);
const shardSchema = z.object({
  routing: z.object({ primary: z.boolean() }),
  docs: z.object({ count: z.number() }).default({ count: 0 }),
  seq_no: z.object({ max_seq_no: z.number() }).optional(),
});
const statsSchema = z.object({
  indices: z.record(z.string(), z.object({ shards: z.record(z.string(), z.array(shardSchema)) })).default({}),
});

/** Every index of events of the instance, by name; what another instance has is not among them. */
export async function listEventIndices(requests: Requests, names: EventNames): Promise<readonly EventIndex[]> {
  const query = { allow_no_indices: true, ignore_unavailable: true };
  const settings = ["uuid", "number_of_shards", "blocks"].map((name) => `*.settings.index.${name}`);
  const filter = ["*.aliases", "*.mappings._meta", ...settings].join(",");
  const found = await requests.send("GET", `/${names.patterns}`, { query: { ...query, filter_path: filter } });
  const stats = await requests.send("GET", `/${names.patterns}/_stats/docs`, { query: { ...query, level: "shards" } });
  const { indices } = statsSchema.parse(stats.body);
  const listed = Object.entries(indicesSchema.parse(found.body)).flatMap(([name, index]) => {
    const { aliases, mappings } = index;
    const parsed = names.parse(name);
    if (parsed === null) return [];
    const { uuid, number_of_shards, blocks } = index.settings.index;
    const meta = mappings["_meta"] ?? null;
    const known = indices[name]?.shards ?? {};
    const shards = Array.from({ length: Number(number_of_shards) }, (_, shard) => shardOf(shard, known[shard] ?? []));
    return [
      {
        ...parsed,
        name,
        uuid,
        configuration: meta?.configuration ?? null,
        enrichedFields: [...ENRICHED_BY_ORIGINAL, ...(meta?.fields ?? [])],
        aliases: Object.keys(aliases),
        isBlocked: blocks?.write === "true",
        shards: shards.map(({ shard, lastSeqNo }) => ({ shard, lastSeqNo })),
        count: shards.reduce((sum, { count }) => sum + count, 0),
      },
    ];
  });
  return listed.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function shardOf(
  shard: number,
  copies: readonly z.infer<typeof shardSchema>[],
): EventShard & { readonly count: number } {
  const primary = copies.find(({ routing }) => routing.primary);
  // Who does not tell is asked all the same: what is not allocated then says so.
  return { shard, lastSeqNo: primary?.seq_no?.max_seq_no ?? Number.MAX_SAFE_INTEGER, count: primary?.docs.count ?? 0 };
}

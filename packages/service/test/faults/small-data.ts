import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { Random } from "../../src/demo/random.ts";

const corpus = (name: string): string =>
  fileURLToPath(new URL(`../../../../fixtures/corpora/${name}.ndjson.gz`, import.meta.url));
const DAYS = 21;
const FIRST_DAY = Date.parse("2025-02-20T00:00:00Z");
const EVENTS = 3_000;

interface CorpusLine {
  readonly id: string;
  readonly parent: { readonly id: string; readonly communities: { readonly ids: readonly string[] } };
}

/** The real records and communities, and a few weeks of seeded use of them, partly told twice. Returns the files in order. */
export function smallData(folder: string): string[] {
  const text = gunzipSync(readFileSync(corpus("records"))).toString();
  const records = text
    .trim()
    .split("\n")
    .map((line): CorpusLine => JSON.parse(line));
  const events = join(folder, "events.ndjson");
  writeFileSync(events, eventLines(records).join(""));
  return [corpus("communities"), corpus("records"), events];
}

function eventLines(records: readonly CorpusLine[]): string[] {
  const random = new Random(20_250_310);
  const lines = Array.from({ length: EVENTS }, () => eventLine(records, random));
  const again = lines.filter(() => random.below(10) === 0);
  return [...lines, ...again];
}

function eventLine(records: readonly CorpusLine[], random: Random): string {
  const record = records[Math.floor(records.length * random.unit() ** 3)];
  if (record === undefined) throw new Error("no records");
  const instant = FIRST_DAY + Math.floor(random.unit() * DAYS * 86_400_000);
  const download = random.below(3) === 0;
  return `${JSON.stringify({
    event: download ? "file-download" : "record-view",
    timestamp: new Date(instant).toISOString().slice(0, 19),
    recid: record.id,
    parent_recid: record.parent.id,
    visitor_id: `v${random.below(300)}`,
    unique_id: `ui_${record.id}`,
    country: ["DE", "US", "FR", null][random.below(4)],
    is_robot: random.below(20) === 0,
    ...(random.below(2) === 0 ? { community_ids: record.parent.communities.ids } : {}),
    ...(download ? { file_id: `f${record.id}-${random.below(2)}`, file_key: "paper.pdf", size: 1000 } : {}),
  })}\n`;
}

import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { createGzip } from "node:zlib";
import { word } from "./chance.ts";
import { communityName, countryName, extension, parentName, recordName } from "./fact-lines.ts";
import { type BenchDay, type BenchRecord, downloadedFile, timeOfDay } from "./workload.ts";

const MS_PER_DAY = 86_400_000;
const CHUNK_LINES = 2_000;

export interface WrittenEvents {
  readonly events: number;
  /** Before compression. */
  readonly bytes: number;
}

/** Writes events as invenio-stats keeps them, one search-dump line each, compressed. */
export async function writeEventLines(
  path: string,
  records: readonly BenchRecord[],
  days: Iterable<BenchDay>,
): Promise<WrittenEvents> {
  const gzip = createGzip({ level: 1 });
  const file = createWriteStream(path);
  const finished = once(gzip.pipe(file), "finish");
  const written = { events: 0, bytes: 0 };
  for (const day of days) {
    for (let from = 0; from < day.count; from += CHUNK_LINES) {
      const text = linesOf(records, day, { from, to: Math.min(day.count, from + CHUNK_LINES) });
      written.bytes += text.length;
      if (!gzip.write(text)) await once(gzip, "drain");
    }
    written.events += day.count;
  }
  gzip.end();
  await finished;
  return written;
}

/** Lines of a search dump. */
export function linesOf(records: readonly BenchRecord[], day: BenchDay, range: { from: number; to: number }): string {
  let text = "";
  for (let at = range.from; at < range.to; at++) {
    const record = records[(day.record[at] ?? 1) - 1];
    if (record !== undefined) text += lineOf(record, day, at);
  }
  return text;
}

function lineOf(record: BenchRecord, day: BenchDay, at: number): string {
  const event = day.event[at] ?? 0;
  const download = day.download[at] === 1;
  const timestamp = new Date(day.day * MS_PER_DAY + timeOfDay(event)).toISOString().slice(0, 19);
  const month = timestamp.slice(0, 7);
  const kind = download ? "file-download" : "record-view";
  const visitor = hex(day.day * 10_000 + (day.visitor[at] ?? 0), 40, 56);
  const recid = recordName(record.number);
  const source = {
    timestamp,
    recid,
    parent_recid: parentName(record.parent),
    is_robot: false,
    is_machine: false,
    country: countryName(day.country[at] ?? 0),
    via_api: false,
    unique_id: `ui_${recid}`,
    unique_session_id: hex(event, 50, 56),
    visitor_id: visitor,
    updated_timestamp: `${timestamp}.123456+00:00`,
    referrer: "https://search.example.org/results",
    ...(download ? fileFields(record, event) : { community_ids: record.communities.map(communityName) }),
  };
  const id = `${timestamp}-${hex(event, 60, 40)}`;
  return `${JSON.stringify({ _index: `bench-events-stats-${kind}-${month}`, _id: id, _source: source })}\n`;
}

function fileFields(record: BenchRecord, event: number): object {
  const { file, bytes } = downloadedFile(record, event);
  return {
    bucket_id: `b-${record.number}`,
    file_id: hex(record.number * 8 + file, 70, 32),
    file_key: `file-${file}.${extension(record.fileTypes[file] ?? 0)}`,
    size: bytes,
  };
}

function hex(key: number, purpose: number, length: number): string {
  let text = "";
  for (let part = 0; text.length < length; part++)
    text += word(key, purpose + part)
      .toString(16)
      .padStart(8, "0");
  return text.slice(0, length);
}

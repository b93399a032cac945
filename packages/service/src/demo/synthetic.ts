import { dayFromNumber, MS_PER_DAY } from "@community-stats/contract/days.ts";
import { COUNTRIES } from "./audience.ts";
import { Choice, Random } from "./random.ts";

/** A record that is given invented use. */
export interface SyntheticRecord {
  readonly id: string;
  readonly parent: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly files: readonly { readonly key: string; readonly bytes: number | null }[];
  /** Communities that its events carry; null: its membership decides. */
  readonly communities: readonly string[] | null;
}

export interface SyntheticOptions {
  readonly seed: number;
  /** Views of each record; each has a download, where the record has files. */
  readonly perRecord: number;
  /** Epoch milliseconds; a record's own creation, where that is later. */
  readonly from: number | null;
  /** Inclusive. */
  readonly to: number;
}

/**
 * Invented use as NDJSON lines, one array per record: views spread evenly over the time, a download of the first file with each. Every line
 * says `"synthetic": true`, so that whatever is made of it can say so, too. The same seed gives the same lines.
 */
export function* syntheticUse(
  records: Iterable<SyntheticRecord>,
  options: SyntheticOptions,
): Generator<readonly string[]> {
  const random = new Random(options.seed);
  const countries = new Choice(COUNTRIES);
  for (const record of records) {
    const from = Math.max(record.created, options.from ?? -Infinity);
    if (from > options.to) continue;
    const part = (options.to - from) / options.perRecord;
    const lines: string[] = [];
    for (let at = 0; at < options.perRecord; at++) {
      const second = Math.floor((from + (at + random.unit()) * part) / 1000);
      const reader = { visitor_id: random.hex(7), country: countries.pick(random) };
      lines.push(...useLines(record, second, reader));
    }
    yield lines;
  }
}

function useLines(record: SyntheticRecord, second: number, reader: object): readonly string[] {
  const common = {
    timestamp: stamp(second),
    updated_timestamp: stamp(second),
    recid: record.id,
    parent_recid: record.parent,
    ...reader,
    referrer: null,
    via_api: false,
    is_robot: false,
    is_machine: false,
    synthetic: true,
    ...(record.communities === null ? {} : { community_ids: record.communities }),
  };
  const view = { event: "record-view", unique_id: `ui_${record.id}`, ...common };
  const [file] = record.files;
  if (file === undefined) return [JSON.stringify(view)];
  const [bucket, id] = [`bucket-${record.id}`, `file-${record.id}-0`];
  const download = {
    event: "file-download",
    unique_id: `${bucket}_${id}`,
    bucket_id: bucket,
    file_id: id,
    file_key: file.key,
    size: file.bytes ?? 1_000_000,
    ...common,
  };
  return [JSON.stringify(view), JSON.stringify(download)];
}

function stamp(second: number): string {
  const ms = second * 1000;
  const clock = new Date(ms).toISOString().slice(11, 19);
  return `${dayFromNumber(Math.floor(ms / MS_PER_DAY))}T${clock}`;
}

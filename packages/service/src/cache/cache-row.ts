import { crc32 } from "node:zlib";
import type Database from "better-sqlite3";
import type { Encoding } from "./answering.ts";
import type { StoredAnswer, StoredBody } from "./kept-answers.ts";

/** What is read of an answer in the cache file. */
interface BodyRow {
  readonly hash: string;
  readonly freshness: string;
  readonly encoding: Encoding;
  readonly content_bytes: number;
  readonly checksum: number;
  readonly body: Buffer;
}

const SELECT = "SELECT hash, freshness, encoding, content_bytes, checksum, body FROM entries WHERE key = ?";

export function findRow(database: Database.Database, key: string): BodyRow | undefined {
  return database.prepare<[string], BodyRow>(SELECT).get(key);
}

export function isDamaged({ body, checksum }: BodyRow): boolean {
  return crc32(body) !== checksum;
}

export function storedBody(row: BodyRow): StoredBody {
  const { hash, encoding, body } = row;
  return { hash, encoding, body, contentBytes: row.content_bytes, freshness: JSON.parse(row.freshness) };
}

const COLUMNS =
  "key scope query from_day to_day parameters format state setup hash freshness encoding content_bytes bytes checksum created_at used_at body".split(
    " ",
  );
const INSERT = `INSERT OR REPLACE INTO entries (${COLUMNS.join(", ")}) VALUES (${COLUMNS.map((name) => `@${name}`).join(", ")})`;

/** @param at epoch milliseconds. */
export function putRow(database: Database.Database, answer: StoredAnswer, at: number): void {
  database.prepare(INSERT).run(rowOf(answer, at));
}

function rowOf({ subject, moment, ...stored }: StoredAnswer, at: number): Readonly<Record<string, unknown>> {
  return {
    ...subject,
    ...moment,
    ...stored,
    from_day: subject.from,
    to_day: subject.to,
    freshness: JSON.stringify(stored.freshness),
    content_bytes: stored.contentBytes,
    bytes: stored.body.length,
    checksum: crc32(stored.body),
    created_at: at,
    used_at: at,
  };
}

import { createHash } from "node:crypto";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { DayNumber } from "@community-stats/contract/days.ts";
import { createRows, EVENT_FIELDS, WORDS, type EventColumn, type EventRows } from "../../engine/event-rows.ts";

/** Columns one after the other, each as its bytes in little-endian order, compressed together. */
export function packRows(rows: EventRows): Buffer {
  const columns = EVENT_FIELDS.map((field) => bytesOf(rows[field], rows.count * WORDS[field]));
  return zstdCompressSync(Buffer.concat([Buffer.from(Uint32Array.of(rows.count).buffer), ...columns]));
}

export function unpackRows(packed: Uint8Array): EventRows {
  const bytes = zstdDecompressSync(packed);
  const rows = createRows(bytes.readUInt32LE(0));
  let at = 4;
  for (const field of EVENT_FIELDS) {
    const column = bytesOf(rows[field], rows.count * WORDS[field]);
    column.set(bytes.subarray(at, at + column.length));
    at += column.length;
  }
  return rows;
}

const DIGEST_LENGTH = 24;

/** The name of a packed part. */
export function partId(day: DayNumber, packed: Uint8Array): string {
  return `part/${day}/${createHash("sha256").update(packed).digest("base64url").slice(0, DIGEST_LENGTH)}`;
}

/** @throws where no part has such a name. */
export function partPlace(id: string): { readonly day: DayNumber; readonly digest: string } {
  const [, day, digest] = /^part\/(-?\d+)\/([\w-]+)$/.exec(id) ?? [];
  if (day === undefined || digest === undefined) throw new Error(`"${id}" is not the name of a part of a day`);
  return { day: Number(day) as DayNumber, digest };
}

function bytesOf(column: EventColumn, length: number): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, length * column.BYTES_PER_ELEMENT);
}

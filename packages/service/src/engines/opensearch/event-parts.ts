import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
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

function bytesOf(column: EventColumn, length: number): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, length * column.BYTES_PER_ELEMENT);
}

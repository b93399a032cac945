import { zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** A record's source has a few kilobytes: a buffer of the usual size for each takes longer to get than to fill (measured: twice). */
const UNPACKING = { chunkSize: 4096 };

/** As a zstd frame. */
export function packedSource(text: string): Uint8Array {
  return zstdCompressSync(text);
}

export function unpackedSource(frame: Uint8Array): string {
  return zstdDecompressSync(frame, UNPACKING).toString("utf8");
}

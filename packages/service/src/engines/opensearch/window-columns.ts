import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { bufferOf, windowDays, type WindowDay } from "../../engine/window-packing.ts";
import { base64, bytesField, type Hit } from "./hits.ts";

/** How a column's bytes are written, told by its first byte. */
const [PLAIN, ZSTD] = [0, 1];
/** Less than this is not worth the time of a compression. */
const WORTH_BYTES = 2048;
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** A column's text. @param days as a `WindowPacker` has put them together. */
export function windowColumn(days: Uint8Array): string {
  if (days.length < WORTH_BYTES) return base64(Buffer.concat([Uint8Array.of(PLAIN), days]));
  return base64(Buffer.concat([Uint8Array.of(ZSTD), zstdCompressSync(days, FAST)]));
}

/** The days of a column; none where the document does not have it. */
export function daysOfColumn(hit: Hit, field: string): readonly WindowDay[] {
  const bytes = bytesField(hit, field);
  return bytes === undefined ? [] : windowDays(uncompressed(bytes, hit));
}

function uncompressed(bytes: Uint8Array, hit: Hit): Uint8Array {
  const packed = bytes.subarray(1);
  switch (bytes[0]) {
    case PLAIN:
      return packed;
    case ZSTD:
      return zstdDecompressSync(bufferOf(packed));
    default:
      throw new Error(
        `a column of the document "${hit.id}" begins with the byte ${bytes[0]}: its version is not known`,
      );
  }
}

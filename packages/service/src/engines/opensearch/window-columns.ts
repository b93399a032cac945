import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { bufferOf, windowDays, type WindowDay } from "../../engine/window-packing.ts";
import { bundledColumns, type ColumnBundle } from "./column-bundle.ts";
import { base64, bytesField, type Hit } from "./hits.ts";

/** The one column of a small document, in which all of its columns are. */
export const TOGETHER = "together";

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

/** The texts of the columns of a document. */
export function documentColumns(bundle: ColumnBundle): Readonly<Record<string, string>> {
  if (bundle.isSmall) return { [TOGETHER]: windowColumn(bundle.packed) };
  return Object.fromEntries(bundle.columns().map(([field, days]) => [field, windowColumn(days)]));
}

/** The days of a column; none where the document does not have it. */
export function daysOfColumn(hit: Hit, field: string): readonly WindowDay[] {
  const bytes = bytesField(hit, field);
  if (bytes !== undefined) return windowDays(uncompressed(bytes, hit));
  const together = columnsTogether(hit).get(field);
  return together === undefined ? [] : windowDays(together);
}

/** The fields of all columns that were read of a document. */
export function fieldsOf(hit: Hit): readonly string[] {
  return [...Object.keys(hit.fields), ...columnsTogether(hit).keys()];
}

const NO_COLUMNS: ReadonlyMap<string, Uint8Array> = new Map();
/** Of a document, one column after the other is asked for. */
const unpacked = new WeakMap<Hit, ReadonlyMap<string, Uint8Array>>();

function columnsTogether(hit: Hit): ReadonlyMap<string, Uint8Array> {
  const known = unpacked.get(hit);
  if (known !== undefined) return known;
  const bytes = bytesField(hit, TOGETHER);
  const columns = bytes === undefined ? NO_COLUMNS : bundledColumns(uncompressed(bytes, hit));
  unpacked.set(hit, columns);
  return columns;
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

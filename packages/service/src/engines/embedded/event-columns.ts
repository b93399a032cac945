import type { DuckDBDataChunk } from "@duckdb/node-api";
import { type EventColumn, type EventField, type EventRows, WORDS } from "../../engine/event-rows.ts";

/** Names of types of DuckDB. */
type ColumnType = "DOUBLE" | "INTEGER" | "UINTEGER" | "USMALLINT" | "UTINYINT";

/** A column of the Parquet files: a field of the events, or one of its words. */
export interface FileColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly field: EventField;
  /** Which word of the field, and of how many. */
  readonly word: number;
}

/** The columns of a file. An instant is kept as the milliseconds since its day began: small numbers pack well. */
export const FILE_COLUMNS: readonly FileColumn[] = [
  ...words("id", "i", 4),
  column("instant", "at", "DOUBLE"),
  column("updated", "updated", "DOUBLE"),
  ...(["kind", "reader", "viaApi", "generated"] as const).map((field) => column(field, field, "UTINYINT")),
  column("presence", "presence", "USMALLINT"),
  ...(["record", "parent", "country", "referrer", "fileType", "communitySet"] as const).map((field) =>
    column(field, field, "INTEGER"),
  ),
  ...words("visitor", "v", 2),
  ...words("file", "f", 2),
  column("bytes", "bytes", "DOUBLE"),
];
const NOT_SCANNED = new Set<EventField>(["id", "updated", "presence", "generated"]);
/** The columns that counting needs. */
export const SCANNED_COLUMNS = FILE_COLUMNS.filter(({ field }) => !NOT_SCANNED.has(field));
/** Enough to find an event. */
export const ID_COLUMNS = FILE_COLUMNS.filter(({ field }) => field === "id");

function column(field: EventField, name: string, type: ColumnType): FileColumn {
  return { field, name, type, word: 0 };
}

function words(field: EventField, prefix: string, count: number): readonly FileColumn[] {
  return Array.from({ length: count }, (_, word) => ({
    field,
    name: `${prefix}${word}`,
    type: "UINTEGER" as const,
    word,
  }));
}

interface Piece {
  readonly from: number;
  readonly count: number;
  /** Epoch milliseconds of the start of the day. */
  readonly start: number;
}

/** Fills the first places of a chunk with these rows. */
export function fillChunk(chunk: DuckDBDataChunk, rows: EventRows, { from, count, start }: Piece): void {
  chunk.rowCount = count;
  for (const [index, { field, word }] of FILE_COLUMNS.entries()) {
    const items = itemsOf(chunk, index);
    const [source, width] = [rows[field], WORDS[field]];
    if (width > 1) takeWord(wordsOf(items), wordsOf(source), { width, at: from * width + word, count });
    else items.set(source.subarray(from, from + count));
    if (field === "instant") shift(items, count, -start);
    chunk.getColumnVector(index).flush();
  }
}

interface ReadPiece extends Piece {
  readonly columns: readonly FileColumn[];
  /** Place of the first row in the target. */
  readonly to: number;
}

/** Copies a piece of a chunk into rows. */
export function readChunk(chunk: DuckDBDataChunk, rows: EventRows, piece: ReadPiece): void {
  const { columns, from, to, count, start } = piece;
  for (const [index, { field, word }] of columns.entries()) {
    const source = itemsOf(chunk, index).subarray(from, from + count);
    const [target, width] = [rows[field], WORDS[field]];
    if (width > 1) putWord(wordsOf(target), wordsOf(source), { width, at: to * width + word, count });
    else target.set(source, to);
    if (field === "instant") shift(target.subarray(to), count, start);
  }
}

interface Strided {
  readonly width: number;
  readonly at: number;
  readonly count: number;
}

/** These two see one type of array only, so that the engine of JavaScript makes plain loops of them. */
function takeWord(into: Uint32Array, source: Uint32Array, { width, at, count }: Strided): void {
  for (let row = 0, from = at; row < count; row++, from += width) into[row] = source[from] ?? 0;
}

function putWord(into: Uint32Array, source: Uint32Array, { width, at, count }: Strided): void {
  for (let row = 0, to = at; row < count; row++, to += width) into[to] = source[row] ?? 0;
}

function shift(column: EventColumn, count: number, by: number): void {
  for (let row = 0; row < count; row++) column[row] = (column[row] ?? 0) + by;
}

function wordsOf(column: EventColumn): Uint32Array {
  if (column instanceof Uint32Array) return column;
  throw new TypeError("a column of words is none of 32 bits");
}

/** The typed array behind a numeric column. */
function itemsOf(chunk: DuckDBDataChunk, index: number): EventColumn {
  const vector: unknown = chunk.getColumnVector(index);
  if (typeof vector === "object" && vector !== null && "items" in vector && ArrayBuffer.isView(vector.items)) {
    return vector.items as EventColumn;
  }
  throw new TypeError(`column ${index} of a scan is not numeric`);
}

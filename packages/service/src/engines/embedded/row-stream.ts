import type { DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";
import type { EventRows } from "../../engine/event-rows.ts";
import { type FileColumn, readChunk } from "./event-columns.ts";

/** Which rows are asked for and where they go. */
export interface FileRows {
  /** Place of the file in the list of the query. */
  readonly file: number;
  /** As many as the manifest says. */
  readonly count: number;
  /** Place of the first row in the target. */
  readonly to: number;
  /** Epoch milliseconds of the start of the day. */
  readonly start: number;
}

/** Rows of a query over several files, which come in the order of the files. Its last column says which file a row is of. */
export class RowStream {
  readonly #columns: readonly FileColumn[];
  readonly #result: Promise<AsyncIterator<DuckDBDataChunk>>;
  #chunk: DuckDBDataChunk | undefined;
  #at = 0;

  constructor(connection: DuckDBConnection, query: string, columns: readonly FileColumn[]) {
    this.#columns = columns;
    this.#result = connection.stream(query).then((result) => chunksOf(result));
    // A failure is told by the first `take`.
    this.#result.catch(() => undefined);
  }

  /** Fills the rows of one file. The number of rows that it has: another than was asked for where the manifest is wrong. */
  async take(rows: EventRows, { file, count, to, start }: FileRows): Promise<number> {
    let filled = 0;
    for (;;) {
      const { chunk, found } = await this.#next(file);
      if (chunk === null) return filled;
      if (filled + found > count) return filled + found;
      readChunk(chunk, rows, { columns: this.#columns, from: this.#at, count: found, to: to + filled, start });
      filled += found;
      this.#at += found;
    }
  }

  /** The chunk at hand and how many rows of the file come next in it; no chunk where they are over. */
  async #next(file: number): Promise<{ chunk: DuckDBDataChunk | null; found: number }> {
    if (this.#chunk === undefined || this.#at >= this.#chunk.rowCount) {
      const next = await (await this.#result).next();
      if (next.done === true) return { chunk: null, found: 0 };
      this.#chunk = next.value;
      this.#at = 0;
    }
    const found = rowsOfFile(this.#chunk, { column: this.#columns.length, from: this.#at, file });
    return { chunk: found === 0 ? null : this.#chunk, found };
  }
}

/** A chunk is nearly always of one file. */
function rowsOfFile(chunk: DuckDBDataChunk, { column, from, file }: { column: number; from: number; file: number }) {
  const vector = chunk.getColumnVector(column);
  const isOfFile = (row: number): boolean => Number(vector.getItem(row)) === file;
  const { rowCount } = chunk;
  if (isOfFile(from) && isOfFile(rowCount - 1)) return rowCount - from;
  let end = from;
  while (end < rowCount && isOfFile(end)) end++;
  return end - from;
}

async function* chunksOf(result: { fetchChunk(): Promise<DuckDBDataChunk | null> }): AsyncGenerator<DuckDBDataChunk> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk;
  }
}

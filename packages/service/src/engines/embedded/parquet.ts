import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  DOUBLE,
  INTEGER,
  UINTEGER,
  USMALLINT,
  UTINYINT,
} from "@duckdb/node-api";
import { dayFromNumber, MS_PER_DAY, type DayNumber } from "@community-stats/contract/days.ts";
import { createRows, type EventColumn, type EventField, type EventRows, WORDS } from "../../engine/event-rows.ts";
import { FactsUnreadableError } from "../../engine/errors.ts";
import { writing } from "./writing.ts";

/** One listed file of one day. */
export interface EventFile {
  readonly path: string;
  readonly day: DayNumber;
  readonly rows: number;
}
export interface WrittenFile extends EventFile {
  readonly bytes: number;
  readonly generated: boolean;
}

interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  readonly sql: string;
  readonly field: EventField;
  /** Which word of the field, and of how many. */
  readonly word: number;
}

/** The columns of a file. An instant is kept as the milliseconds since its day began: small numbers pack well. */
const COLUMNS: readonly Column[] = [
  ...words("id", "i", 4),
  column("instant", "at", DOUBLE, "DOUBLE"),
  column("updated", "updated", DOUBLE, "DOUBLE"),
  ...(["kind", "reader", "viaApi", "generated"] as const).map((field) => column(field, field, UTINYINT, "UTINYINT")),
  column("presence", "presence", USMALLINT, "USMALLINT"),
  ...(["record", "parent", "country", "referrer", "fileType", "communitySet"] as const).map((field) =>
    column(field, field, INTEGER, "INTEGER"),
  ),
  ...words("visitor", "v", 2),
  ...words("file", "f", 2),
  column("bytes", "bytes", DOUBLE, "DOUBLE"),
];
const NOT_SCANNED = new Set<EventField>(["id", "updated", "presence", "generated"]);
const CHUNK = 2048;
/** Days that one query reads: each query has a cost of its own, each column buffer too. */
const DAYS_PER_QUERY = 30;

function column(field: EventField, name: string, type: DuckDBType, sql: string): Column {
  return { field, name, type, sql, word: 0 };
}

function words(field: EventField, prefix: string, count: number): readonly Column[] {
  return Array.from({ length: count }, (_, word) => ({
    field,
    name: `${prefix}${word}`,
    type: UINTEGER,
    sql: "UINTEGER",
    word,
  }));
}

/** Parquet files of events below one folder. DuckDB runs in memory and only scans and writes. */
export class EventFiles {
  readonly #folder: string;
  #instance: Promise<DuckDBInstance> | undefined;

  /** `folder` is the data folder. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes the rows of one day and puts the file in its place, synced. It counts only when it is listed. */
  async write(connection: DuckDBConnection, day: DayNumber, rows: EventRows): Promise<WrittenFile> {
    const id = randomUUID();
    const temporary = join(this.#folder, "tmp", `${id}.parquet`);
    const path = join("facts", "events", dayFromNumber(day), `${id}.parquet`);
    const target = join(this.#folder, path);
    try {
      await writing(this.#folder, async () => {
        await mkdir(dirname(temporary), { recursive: true });
        await mkdir(dirname(target), { recursive: true });
        await this.#copy(connection, { day, rows, temporary });
        await sync(temporary);
        await rename(temporary, target);
        await sync(dirname(target));
        // A new day folder is an entry of the folder above it.
        await sync(dirname(dirname(target)));
      });
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    const { size } = await stat(target);
    return { path, day, rows: rows.count, bytes: size, generated: rows.generated.includes(1) };
  }

  async #copy(
    connection: DuckDBConnection,
    part: { day: DayNumber; rows: EventRows; temporary: string },
  ): Promise<void> {
    const columns = COLUMNS.map(({ name, sql }) => `"${name}" ${sql}`).join(", ");
    await connection.run(`CREATE OR REPLACE TEMP TABLE part (${columns})`);
    const appender = await connection.createAppender("part");
    appendRows(appender, part.rows, part.day);
    appender.closeSync();
    await connection.run(
      `COPY (FROM part ORDER BY "record", "at") TO ${quoted(part.temporary)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  }

  /** Whole rows of the files of one day, in the order of the files. */
  async read(day: DayNumber, files: readonly EventFile[]): Promise<EventRows> {
    const all = this.#scan([{ day, files }], COLUMNS);
    for await (const { rows } of all) return rows;
    return createRows(0);
  }

  /** The columns that counting needs, one value per day, in the order given. */
  async *scan(
    days: readonly { readonly day: DayNumber; readonly files: readonly EventFile[] }[],
  ): AsyncGenerator<{ day: DayNumber; rows: EventRows }> {
    const columns = COLUMNS.filter(({ field }) => !NOT_SCANNED.has(field));
    for (let from = 0; from < days.length; from += DAYS_PER_QUERY) {
      yield* this.#scan(days.slice(from, from + DAYS_PER_QUERY), columns);
    }
  }

  async connect(): Promise<DuckDBConnection> {
    this.#instance ??= DuckDBInstance.create(":memory:", {
      threads: "1",
      memory_limit: "300MB",
      autoinstall_known_extensions: "false",
    });
    return await (await this.#instance).connect();
  }

  close(): void {
    void this.#instance?.then((instance) => instance.closeSync());
    this.#instance = undefined;
  }

  /** One query over the files of several days; a stream that ends early is an error, not a short day. */
  async *#scan(
    days: readonly { readonly day: DayNumber; readonly files: readonly EventFile[] }[],
    columns: readonly Column[],
  ): AsyncGenerator<{ day: DayNumber; rows: EventRows }> {
    const connection = await this.connect();
    try {
      const stream = new RowStream(connection, this.#query(days, columns), columns);
      for (const { day, files } of days) {
        const count = files.reduce((sum, file) => sum + file.rows, 0);
        const named = files[0]?.path ?? dayFromNumber(day);
        const rows = createRows(count);
        const read = await stream.take(rows, day).catch((error: unknown) => {
          throw new FactsUnreadableError(day, named, error);
        });
        if (read !== count) throw new FactsUnreadableError(day, named, new Error(`${read} rows of ${count} are there`));
        yield { day, rows };
      }
    } finally {
      connection.closeSync();
    }
  }

  #query(days: readonly { readonly files: readonly EventFile[] }[], columns: readonly Column[]): string {
    const paths = days.flatMap(({ files }) => files.map(({ path }) => quoted(join(this.#folder, path))));
    const names = columns.map(({ name }) => `"${name}"`).join(", ");
    return `SELECT ${names} FROM read_parquet([${paths.join(", ")}])`;
  }
}

/** Rows of a query, taken in pieces of any length. */
class RowStream {
  readonly #columns: readonly Column[];
  readonly #result: Promise<AsyncIterator<DuckDBDataChunk>>;
  #chunk: DuckDBDataChunk | undefined;
  #at = 0;

  constructor(connection: DuckDBConnection, query: string, columns: readonly Column[]) {
    this.#columns = columns;
    this.#result = connection.stream(query).then((result) => chunksOf(result));
    // A failure is told by the first `take`.
    this.#result.catch(() => undefined);
  }

  /** Fills the rows; fewer are returned when the query has no more. */
  async take(rows: EventRows, day: DayNumber): Promise<number> {
    let filled = 0;
    while (filled < rows.count) {
      if (this.#chunk === undefined || this.#at >= this.#chunk.rowCount) {
        const next = await (await this.#result).next();
        if (next.done === true) break;
        this.#chunk = next.value;
        this.#at = 0;
        continue;
      }
      const count = Math.min(rows.count - filled, this.#chunk.rowCount - this.#at);
      this.#copy(rows, { filled, count, day });
      filled += count;
      this.#at += count;
    }
    return filled;
  }

  #copy(rows: EventRows, to: { filled: number; count: number; day: DayNumber }): void {
    const { filled, count, day } = to;
    for (const [index, { field, word }] of this.#columns.entries()) {
      const source = itemsOf(this.#chunk, index).subarray(this.#at, this.#at + count);
      const width = WORDS[field];
      if (width === 1) rows[field].set(source, filled);
      else for (let row = 0; row < count; row++) rows[field][(filled + row) * width + word] = source[row] ?? 0;
    }
    const start = day * MS_PER_DAY;
    for (let row = filled; row < filled + count; row++) rows.instant[row] = start + (rows.instant[row] ?? 0);
  }
}

async function* chunksOf(result: { fetchChunk(): Promise<DuckDBDataChunk | null> }): AsyncGenerator<DuckDBDataChunk> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk;
  }
}

function appendRows(
  appender: { appendDataChunk(chunk: DuckDBDataChunk): void },
  rows: EventRows,
  day: DayNumber,
): void {
  const chunk = DuckDBDataChunk.create(
    COLUMNS.map(({ type }) => type),
    CHUNK,
  );
  const start = day * MS_PER_DAY;
  for (let from = 0; from < rows.count; from += CHUNK) {
    const count = Math.min(CHUNK, rows.count - from);
    chunk.rowCount = count;
    for (const [index, column] of COLUMNS.entries()) {
      fill(itemsOf(chunk, index), rows, { column, from, count, start });
      chunk.getColumnVector(index).flush();
    }
    appender.appendDataChunk(chunk);
  }
}

function fill(
  items: EventColumn,
  rows: EventRows,
  { column, from, count, start }: { column: Column; from: number; count: number; start: number },
): void {
  const { field, word } = column;
  const [source, width] = [rows[field], WORDS[field]];
  // An instant is kept relative to its day, every other number as it is.
  const base = field === "instant" ? start : 0;
  for (let row = 0; row < count; row++) items[row] = (source[(from + row) * width + word] ?? 0) - base;
}

/** The typed array behind a numeric column. */
function itemsOf(chunk: DuckDBDataChunk | undefined, index: number): EventColumn {
  const vector: unknown = chunk?.getColumnVector(index);
  if (typeof vector === "object" && vector !== null && "items" in vector && ArrayBuffer.isView(vector.items)) {
    return vector.items as EventColumn;
  }
  throw new TypeError(`column ${index} of a scan is not numeric`);
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "''")}'`;
}

/** Makes a file or folder last through a power cut. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBInstance } from "@duckdb/node-api";
import { dayFromNumber, MS_PER_DAY, type DayNumber } from "@community-stats/contract/days.ts";
import { createRows, type EventRows } from "../../engine/event-rows.ts";
import { FactsUnreadableError } from "../../engine/errors.ts";
import { FILE_COLUMNS, type FileColumn, fillChunk, ID_COLUMNS, SCANNED_COLUMNS } from "./event-columns.ts";
import type { EventFile, WrittenFile } from "./event-file.ts";
import { Footers } from "./footers.ts";
import { quoted } from "./quoted.ts";
import { type FileRows, RowStream } from "./row-stream.ts";
import { writing } from "../../engine/writing.ts";

/** Files of one day, read together. */
export interface DayFiles {
  readonly day: DayNumber;
  readonly files: readonly EventFile[];
}
export interface DayRows {
  readonly day: DayNumber;
  readonly rows: EventRows;
}

const CHUNK = 2048;
/** Days that one query reads: each query has a cost of its own, each column buffer too. */
const DAYS_PER_QUERY = 30;
const ROOT = join("facts", "events");
const DRAFTS = "tmp";

/** Most commands read no events, and loading takes a tenth of a second. */
const loadDuckDb = async () => await import("@duckdb/node-api");

async function openDuckDb(): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await loadDuckDb();
  return await DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: "300MB",
    autoinstall_known_extensions: "false",
    // A file that was changed or put back must be seen as it is; the system caches anyway.
    enable_external_file_cache: "false",
  });
}

/** Parquet files of events below one folder. DuckDB runs in memory and only scans and writes. */
export class EventFiles {
  readonly #folder: string;
  readonly #footers: Footers;
  #instance: Promise<DuckDBInstance> | undefined;

  /** `folder` is the data folder. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#footers = new Footers(folder, () => this.connect());
  }

  /** Writes the rows of one day and puts the file in its place, synced. It counts only when it is listed. */
  async write(connection: DuckDBConnection, day: DayNumber, rows: EventRows): Promise<WrittenFile> {
    const id = randomUUID();
    const draft = join(this.#folder, DRAFTS, `${id}.parquet`);
    const path = join(ROOT, dayFromNumber(day), `${id}.parquet`);
    const target = join(this.#folder, path);
    try {
      await writing(this.#folder, async () => {
        await mkdir(dirname(draft), { recursive: true });
        const isNew = (await mkdir(dirname(target), { recursive: true })) !== undefined;
        await this.#copy(connection, { day, rows, draft });
        await sync(draft);
        await rename(draft, target);
        await sync(dirname(target));
        // A new day folder is an entry of the folder above it.
        if (isNew) await sync(dirname(dirname(target)));
      });
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    const { size } = await stat(target);
    return { path, day, rows: rows.count, bytes: size, generated: rows.generated.includes(1) };
  }

  async #copy(connection: DuckDBConnection, part: { day: DayNumber; rows: EventRows; draft: string }): Promise<void> {
    const duckdb = await loadDuckDb();
    const columns = FILE_COLUMNS.map(({ name, type }) => `"${name}" ${type}`).join(", ");
    await connection.run(`CREATE OR REPLACE TEMP TABLE part (${columns})`);
    const appender = await connection.createAppender("part");
    const chunk = duckdb.DuckDBDataChunk.create(
      FILE_COLUMNS.map(({ type }) => duckdb[type]),
      CHUNK,
    );
    for (const filled of chunksOf(part.rows, part.day, chunk)) appender.appendDataChunk(filled);
    appender.closeSync();
    // Ids are random: a dictionary of them would be made in vain, and a harder compression gains three bytes in a hundred.
    await connection.run(
      `COPY (FROM part ORDER BY "record", "at") TO ${quoted(part.draft)}
       (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 4096)`,
    );
  }

  /** Removes what writers left that were killed. The caller holds the append lock: nobody is writing now. */
  async removeDrafts(): Promise<void> {
    const names = await readdir(join(this.#folder, DRAFTS)).catch(() => []);
    for (const name of names) {
      if (/^(?:tmp_)?[0-9a-f-]{36}\.parquet$/.test(name)) await rm(join(this.#folder, DRAFTS, name), { force: true });
    }
  }

  /** Whole rows of the files of one day, in the order of the files. */
  async read(day: DayNumber, files: readonly EventFile[]): Promise<EventRows> {
    for await (const { rows } of this.#scan([{ day, files }], FILE_COLUMNS)) return rows;
    return createRows(0);
  }

  /** The columns that counting needs, one value per day, in the order given. */
  scan(days: readonly DayFiles[]): AsyncGenerator<DayRows> {
    return this.#inParts(days, SCANNED_COLUMNS);
  }

  /** The identities only; all other columns have no room. */
  ids(days: readonly DayFiles[]): AsyncGenerator<DayRows> {
    return this.#inParts(days, ID_COLUMNS);
  }

  async *#inParts(days: readonly DayFiles[], columns: readonly FileColumn[]): AsyncGenerator<DayRows> {
    for (let from = 0; from < days.length; from += DAYS_PER_QUERY) {
      yield* this.#scan(days.slice(from, from + DAYS_PER_QUERY), columns);
    }
  }

  async connect(): Promise<DuckDBConnection> {
    this.#instance ??= openDuckDb();
    return await (await this.#instance).connect();
  }

  close(): void {
    void this.#instance?.then((instance) => instance.closeSync());
    this.#instance = undefined;
  }

  /** What is wrong with listed files as far as their size and footer tell, by path. */
  async defects(files: readonly EventFile[]): Promise<ReadonlyMap<string, string>> {
    return await this.#footers.defects(files);
  }

  /** One query over the files of several days; a file with another number of rows than listed is an error, not a short day. */
  async *#scan(days: readonly DayFiles[], columns: readonly FileColumn[]): AsyncGenerator<DayRows> {
    const connection = await this.connect();
    try {
      const stream = new RowStream(connection, this.#query(days, columns), columns);
      const fields = new Set(columns.map(({ field }) => field));
      let place = 0;
      for (const { day, files } of days) {
        const count = files.reduce((sum, file) => sum + file.rows, 0);
        const rows = createRows(count, (field) => fields.has(field));
        const failure = await readFiles(stream, rows, filesIn(day, files, place));
        if (failure !== null) await this.#unreadable(days, files[failure.index], failure.error);
        place += files.length;
        yield { day, rows };
      }
    } finally {
      connection.closeSync();
    }
  }

  /** A query fails as a whole, and may read ahead: the file that cannot be read is looked for. */
  async #unreadable(days: readonly DayFiles[], file: EventFile | undefined, error: Error): Promise<never> {
    const all = days.flatMap(({ files }) => files);
    const defects = await this.defects(all);
    for (const { day, path } of all) {
      const defect = defects.get(path);
      if (defect !== undefined) throw new FactsUnreadableError(day, path, new Error(defect, { cause: error }));
    }
    throw file === undefined ? error : new FactsUnreadableError(file.day, file.path, error);
  }

  #query(days: readonly { readonly files: readonly EventFile[] }[], columns: readonly FileColumn[]): string {
    const paths = days.flatMap(({ files }) => files.map(({ path }) => quoted(join(this.#folder, path))));
    const names = columns.map(({ name }) => `"${name}"`).join(", ");
    return `SELECT ${names}, file_index FROM read_parquet([${paths.join(", ")}])`;
  }
}

/** Where the rows of each file of a day go; `place` is that of the first in the list of the query. */
function filesIn(day: DayNumber, files: readonly EventFile[], place: number): readonly FileRows[] {
  let to = 0;
  return files.map(({ rows: count }, index) => {
    const wanted = { file: place + index, count, to, start: day * MS_PER_DAY };
    to += count;
    return wanted;
  });
}

/** Reads one file after the other. The first that has not the rows that were asked for, or null. */
async function readFiles(
  stream: RowStream,
  rows: EventRows,
  all: readonly FileRows[],
): Promise<{ readonly index: number; readonly error: Error } | null> {
  let index = 0;
  try {
    for (const wanted of all) {
      const read = await stream.take(rows, wanted);
      if (read !== wanted.count) return { index, error: new Error(`${read} rows of ${wanted.count} are there`) };
      index++;
    }
    return null;
  } catch (error) {
    return { index, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** The rows, one chunk after the other in the same place. */
function* chunksOf(rows: EventRows, day: DayNumber, chunk: DuckDBDataChunk): Generator<DuckDBDataChunk> {
  for (let from = 0; from < rows.count; from += CHUNK) {
    fillChunk(chunk, rows, { from, count: Math.min(CHUNK, rows.count - from), start: day * MS_PER_DAY });
    yield chunk;
  }
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

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDay } from "@community-stats/contract/days.ts";
import { canonicalDigest } from "../../src/aggregate/canonical-dump.ts";
import { aggregate } from "../../src/aggregate/runner.ts";
import { openEngine } from "../../src/app.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import { resultJson } from "../../src/query/result-json.ts";
import { Queries } from "../../src/query/queries.ts";
import { OPERATOR } from "../../src/query/scopes.ts";
import type { OracleQuery, Range, RecordUse } from "../oracle/oracle.ts";
import type { LineKind } from "./arrivals.ts";
import { readRecordUse } from "./record-use.ts";
import type { OpenSystem, SystemSettings, SystemUnderTest } from "./system.ts";

/** In memory where the system has such a folder: what a power cut leaves is proved by the faults, not here. */
const FOLDERS = process.env["TMPDIR"] ?? ["/dev/shm"].find((folder) => existsSync(folder)) ?? tmpdir();

/** The service itself, from lines to documents, on one of its engines. */
export function serviceOn(name: "memory" | "embedded"): OpenSystem {
  return serviceWith((dataDir) => openEngine({ name, dataDir }));
}

/** As `serviceOn`, on whatever is opened. */
export function serviceWith(open: (dataDir: string) => Promise<Engine>): OpenSystem {
  return async (settings) => {
    const dataDir = await mkdtemp(join(FOLDERS, "conformance-"));
    return new ServiceSystem(await open(dataDir), dataDir, settings);
  };
}

class ServiceSystem implements SystemUnderTest {
  readonly #engine: Engine;
  readonly #dataDir: string;
  #settings: SystemSettings;
  #queries: Queries;

  constructor(engine: Engine, dataDir: string, settings: SystemSettings) {
    this.#engine = engine;
    this.#dataDir = dataDir;
    this.#settings = settings;
    this.#queries = this.#openQueries();
  }

  async ingestLines(kind: LineKind, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const report = await ingestFiles({
      files: ["-"],
      stdin: text(lines),
      as: kind,
      facts: this.#engine.facts,
      rejectsDir: join(this.#dataDir, "rejects"),
      now: Date.now,
      threads: 0,
    });
    const [file] = report.files;
    if (file === undefined || file.error !== null || file.rejected.length > 0) {
      throw new Error(`the lines of ${kind} were not taken: ${JSON.stringify(report)}`);
    }
  }

  async aggregate({ endDate }: { readonly endDate: string }): Promise<void> {
    const report = await aggregate(this.#engine, {
      breakdowns: this.#settings.breakdowns,
      endDay: parseDay(endDate),
      startDay: null,
      ignoreBookmark: false,
      updateBookmark: true,
      communityIds: [],
      workers: 1,
      dataDir: this.#dataDir,
      owner: "conformance",
      now: Date.now,
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    if (report.state !== "done") throw new Error(`the aggregation ended as ${JSON.stringify(report)}`);
  }

  async documents({ query, scope, from, to }: OracleQuery): Promise<readonly object[]> {
    const given = { community_id: scope, start_date: from, end_date: to };
    const result = await this.#queries.run(await this.#queries.plan(query, given, OPERATOR));
    if (result.form !== "documents") throw new Error(`${query} gave ${result.form}`);
    return Array.from(result.documents);
  }

  async answer(query: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    const result = await this.#queries.run(await this.#queries.plan(query, parameters, OPERATOR));
    return JSON.parse(Array.from(resultJson(result)).join(""));
  }

  async useOfRecords(range: Range): Promise<readonly RecordUse[]> {
    const { rollups } = this.#engine;
    const live = (await rollups.generations()).find((generation) => generation.live);
    return live === undefined ? [] : await readRecordUse(rollups, live.id, range);
  }

  reconfigure(settings: SystemSettings): Promise<void> {
    this.#settings = settings;
    this.#queries = this.#openQueries();
    return Promise.resolve();
  }

  async digest(): Promise<string> {
    const live = (await this.#engine.rollups.generations()).find((generation) => generation.live);
    return live === undefined ? "" : await canonicalDigest(this.#engine.rollups, live.id);
  }

  async close(): Promise<void> {
    await this.#engine.close();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  #openQueries(): Queries {
    return new Queries({ engine: this.#engine, ...this.#settings, now: Date.now });
  }
}

async function* text(lines: readonly string[]): AsyncGenerator<string> {
  yield `${lines.join("\n")}\n`;
}

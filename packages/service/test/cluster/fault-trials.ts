import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { canonicalDigest } from "../../src/aggregate/canonical-dump.ts";
import { aggregate, type AggregationReport } from "../../src/aggregate/runner.ts";
import { Random } from "../../src/demo/random.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openOpenSearch, type OpenSearchOptions } from "../../src/engines/opensearch/open.ts";
import type { WorkPace } from "../../src/engines/opensearch/work-pace.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import type { OwnServer } from "./own-servers.ts";

/** As in real life, but a hand that is gone is missed sooner. */
const QUICK: WorkPace = { lockMs: 1500, lookMs: 500, pollMs: 50, firstBackoffMs: 200 };
export const DAYS = 24;
/** Two years, and so two documents that make numbers valid. */
const FIRST_DAY = Date.parse("2024-12-20T00:00:00Z");
const DAY_MS = 86_400_000;
const RECORDS = 20;
const COMMUNITIES = 2;
const PIECE_DAYS = 3;
const BREAKDOWNS = DEFAULT_BREAKDOWNS.filter(({ name }) => ["resource_types", "countries"].includes(name));
const SEED = 20_241_201;

export interface TrialServers {
  readonly search: OwnServer;
  readonly redis: OwnServer;
}

export function trialOptions({ search, redis }: TrialServers, indexPrefix: string): OpenSearchOptions {
  return {
    nodes: [search.url],
    redisUrl: redis.url,
    indexPrefix,
    pace: QUICK,
  };
}

/** Facts that are counted again and again, each time under rules of another name: so all of it is written anew each time. */
export class FaultTrials {
  readonly options: OpenSearchOptions;
  readonly engine: Engine;
  readonly #name: string;
  #trials = 0;

  private constructor(options: OpenSearchOptions, engine: Engine, name: string) {
    this.options = options;
    this.engine = engine;
    this.#name = name;
  }

  static async open(options: OpenSearchOptions, events: number): Promise<FaultTrials> {
    const trials = new FaultTrials(options, await openOpenSearch(options), "first");
    await trials.take("records", recordLines());
    await trials.take("events", eventLines(events));
    return trials;
  }

  /** The same facts, reached otherwise. */
  async reached(changes: Partial<OpenSearchOptions>, name: string): Promise<FaultTrials> {
    const options = { ...this.options, ...changes };
    return new FaultTrials(options, await openOpenSearch(options), name);
  }

  async take(as: "records" | "events", lines: readonly string[]): Promise<void> {
    const stdin = Readable.from([lines.join("")]);
    const common = { rejectsDir: "/nonexistent", now: Date.now, threads: 0 };
    const report = await ingestFiles({ ...common, files: ["-"], as, facts: this.engine.facts, stdin });
    if (report.state !== "done") throw new Error(`the lines were not taken: ${JSON.stringify(report)}`);
  }

  /** @param disturb begins as soon as days are counted, and ends when the fault is gone. */
  async count(disturb: () => Promise<void> = () => Promise.resolve()): Promise<AggregationReport> {
    let disturbed: Promise<void> | undefined;
    const report = await this.countOnce(({ step }) => {
      if (step === "usage") disturbed ??= disturb();
    });
    await disturbed;
    return report;
  }

  countOnce(
    progress: (progress: { readonly step: string; readonly done: number }) => void,
  ): Promise<AggregationReport> {
    this.#trials++;
    return this.goOn(progress);
  }

  /** Under the rules of the last time. */
  goOn(
    progress: (progress: { readonly step: string; readonly done: number }) => void = () => undefined,
  ): Promise<AggregationReport> {
    return aggregate(this.engine, { ...this.countingOptions(), now: Date.now, progress });
  }

  countingOptions() {
    return {
      breakdowns: BREAKDOWNS,
      lists: { trial: `${this.#name} ${this.#trials}` },
      workers: 1,
      batchDays: PIECE_DAYS,
      owner: "trial",
      leaseTtlMs: 8000,
    };
  }

  /** Rules of another name from now on. */
  begin(): void {
    this.#trials++;
  }

  async digest(): Promise<string> {
    const { rollups } = this.engine;
    const live = (await rollups.generations()).find((generation) => generation.live);
    return await canonicalDigest(rollups, live?.id ?? -1);
  }

  /** A process that lends a hand. */
  hand(): HandProcess {
    return new HandProcess({ options: this.options });
  }

  /** A process that counts, as the schedule would start it. */
  run(): HandProcess {
    return new HandProcess({ options: this.options, run: this.countingOptions() });
  }
}

/** What a process of a trial is told. */
export interface ChildTask {
  readonly options: OpenSearchOptions;
  /** Counts so, and ends; else it lends a hand until it is told to stop. */
  readonly run?: Omit<Parameters<typeof aggregate>[1], "now">;
}

const CHILD = new URL("hand-child.ts", import.meta.url).pathname;

export class HandProcess {
  readonly #process: ChildProcess;
  #output = "";

  constructor(task: ChildTask) {
    this.#process = spawn(process.execPath, ["--no-warnings", CHILD, JSON.stringify(task)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#process.stdout?.on("data", (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
  }

  /** Waits until it has said a word so often. */
  async said(word: string, times = 1): Promise<void> {
    while (this.times(word) < times) {
      if (this.#process.exitCode !== null) throw new Error(`the hand ended before it said ${word}`);
      await Promise.race([
        once(this.#process, "exit"),
        this.#process.stdout === null ? null : once(this.#process.stdout, "data"),
      ]);
    }
  }

  times(word: string): number {
    return this.#output.split("\n").filter((line) => line === word).length;
  }

  signal(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGTERM"): void {
    this.#process.kill(signal);
  }

  async ended(): Promise<number | null> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, "exit");
    return this.#process.exitCode;
  }
}

function recordLines(): readonly string[] {
  return Array.from({ length: RECORDS }, (_, number) =>
    line({
      id: `rec${number}`,
      created: "2024-11-01T00:00:00Z",
      updated: "2024-11-01T00:00:00Z",
      parent: { id: `par${number}`, communities: { ids: [`com${number % COMMUNITIES}`, "com0"] } },
      metadata: {
        title: `Record ${number}`,
        publication_date: "2024",
        resource_type: { id: ["text", "data", "image"][number % 3] },
        publisher: `Publisher ${number % 7}`,
      },
      files: { enabled: false },
    }),
  );
}

function eventLines(count: number): readonly string[] {
  const random = new Random(SEED);
  return Array.from({ length: count }, (_, number) => {
    const record = Math.floor(RECORDS * random.unit() ** 2);
    return line({
      event: number % 3 === 0 ? "file-download" : "record-view",
      timestamp: new Date(FIRST_DAY + Math.floor(random.unit() * DAYS * DAY_MS)).toISOString().slice(0, 19),
      recid: `rec${record}`,
      parent_recid: `par${record}`,
      unique_id: `ui_rec${record}`,
      visitor_id: `visitor-${random.below(500)}`,
      country: ["DE", "US", "FR"][random.below(3)],
      ...(number % 3 === 0 ? { file_id: `file${record}`, file_key: "paper.pdf", size: 1000 + record } : {}),
    });
  });
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

import { StatsError } from "@community-stats/contract/problems.ts";
import type { FactStore } from "../engine/fact-store.ts";
import { BATCH_SIZES, type BatchSizes } from "./fact-batches.ts";
import { type FileContext, ingestFile } from "./ingest-file.ts";
import type { IngestKind } from "./kinds.ts";
import { BLOCK_SIZES, type BlockSizes } from "./line-blocks.ts";
import { blockParsing } from "./parser-pool.ts";
import { type FileReport, type IngestProgress, type IngestReport, reportOf } from "./report.ts";

export interface IngestOptions {
  /** Paths; "-" is standard input. */
  readonly files: readonly string[];
  readonly facts: FactStore;
  /** Folder for rejected lines. */
  readonly rejectsDir: string;
  /** What the lines are, where their content shall not decide. */
  readonly as?: IngestKind | undefined;
  /** Says what would become of the lines and changes nothing. Repeats within the input are then seen only within a batch. */
  readonly dryRun?: boolean;
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  /** What standard input is called among the rejects, where several inputs come by it; by default "stdin". */
  readonly stdinName?: string;
  readonly progress?: (progress: IngestProgress) => void;
  /** Ends the run; what is stored stays, and the next run takes the rest. */
  readonly signal?: AbortSignal;
  readonly now: () => number;
  /** Threads that parse large inputs. */
  readonly threads?: number;
  readonly blockSizes?: BlockSizes;
  readonly batchSizes?: BatchSizes;
}

const PARSER_THREADS = 2;
const NEVER = new AbortController().signal;

/**
 * Takes the facts of files, one after the other. An input that cannot be used is reported and does not stop the others; an error of the store does.
 */
export async function ingestFiles(options: IngestOptions): Promise<IngestReport> {
  const started = options.now();
  const parsing = blockParsing(options.threads ?? PARSER_THREADS);
  const files: FileReport[] = [];
  try {
    for (const file of options.files) {
      if (options.signal?.aborted === true) break;
      files.push(await oneFile(file, { ...contextOf(options), parsing }));
    }
  } finally {
    await parsing.close();
  }
  return reportOf(files, options, started);
}

async function oneFile(file: string, context: FileContext): Promise<FileReport> {
  const started = context.now();
  try {
    return await ingestFile(file, context);
  } catch (error) {
    if (!(error instanceof StatsError) || !error.code.startsWith("INPUT_")) throw error;
    const report = emptyReport(file, (context.now() - started) / 1000);
    const { code, message, hint } = error;
    // Whoever asked for the end waits for no input.
    return context.signal.aborted ? { ...report, interrupted: true } : { ...report, error: { code, message, hint } };
  }
}

function emptyReport(file: string, seconds: number): FileReport {
  return {
    file,
    kind: null,
    read: 0,
    accepted: 0,
    known: 0,
    superseded: 0,
    skipped: [],
    rejected: [],
    warnings: [],
    truncated: false,
    interrupted: false,
    rejects: null,
    error: null,
    seconds,
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function contextOf(options: IngestOptions): Omit<FileContext, "parsing"> {
  return {
    facts: options.facts,
    rejectsDir: options.rejectsDir,
    as: options.as ?? null,
    dryRun: options.dryRun === true,
    stdin: options.stdin ?? nothing(),
    stdinName: options.stdinName ?? "stdin",
    progress: options.progress ?? (() => undefined),
    signal: options.signal ?? NEVER,
    now: options.now,
    blockSizes: options.blockSizes ?? BLOCK_SIZES,
    batchSizes: options.batchSizes ?? BATCH_SIZES,
  };
}

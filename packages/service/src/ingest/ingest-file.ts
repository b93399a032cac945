import type { FactStore } from "../engine/fact-store.ts";
import type { AppendCount, AppendReport, FactBatch } from "../engine/facts.ts";
import { detectKind, kindToTake } from "./detect.ts";
import { type BatchSizes, FactBatches } from "./fact-batches.ts";
import type { IngestKind } from "./kinds.ts";
import { type BlockSizes, countLines, type LineBlock, lineBlocks } from "./line-blocks.ts";
import type { ParsedBlock, RejectedLine, Taking } from "./parse-block.ts";
import type { BlockParsing } from "./parser-pool.ts";
import { NO_REJECT_FILE, type RejectFile, rejectFile, rejectName } from "./rejects.ts";
import { addCounts, countOf, type FileReport, type IngestProgress, NOTHING, TallyBook } from "./report.ts";
import { openSource, type Source } from "./source.ts";
import { blocksOfWhole, readWhole, startsList } from "./whole-document.ts";

/** What all files of a run share. */
export interface FileContext {
  readonly facts: FactStore;
  readonly rejectsDir: string;
  readonly as: IngestKind | null;
  readonly dryRun: boolean;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdinName: string;
  readonly progress: (progress: IngestProgress) => void;
  /** Ends the input where it is; what is not stored by then is not stored. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly parsing: BlockParsing;
  readonly blockSizes: BlockSizes;
  readonly batchSizes: BatchSizes;
}

/** @throws InputError for an input that cannot be used at all. */
export async function ingestFile(file: string, context: FileContext): Promise<FileReport> {
  const started = context.now();
  const source = await openSource(file, context.stdin);
  const { kind, blocks } = await linesOfKind(source, context);
  const rejects =
    context.dryRun || kind === null
      ? NO_REJECT_FILE
      : rejectFile(rejectName(file, context.stdinName), context.rejectsDir);
  const run = new FileRun({ file, source, context, rejects });
  try {
    if (kind !== null) await run.take(blocks, { kind, forced: context.as !== null });
  } catch (error) {
    await rejects.abandon();
    throw error;
  }
  return await run.report(kind, (context.now() - started) / 1000);
}

interface KindAndBlocks {
  /** Null where a damaged input holds no whole line. */
  readonly kind: IngestKind | null;
  readonly blocks: AsyncIterable<LineBlock> | Iterable<LineBlock>;
}

async function linesOfKind(source: Source, context: FileContext): Promise<KindAndBlocks> {
  if (startsList(source.head)) return wholeOfKind(source, context, await readWhole(source.name, source.chunks));
  const blocks = lineBlocks(source.chunks, context.blockSizes);
  const { value: first, done } = await blocks.next();
  if (done === true) return { kind: context.as, blocks };
  const detected = detectKind(first);
  async function* all(): AsyncGenerator<LineBlock> {
    yield first;
    yield* blocks;
  }
  if (detected.kind === null && looksPrinted(first)) {
    return wholeOfKind(source, context, await readWhole(source.name, bytesOf(all())));
  }
  if (detected.kind === null && context.as === null && source.damage() !== null) return { kind: null, blocks };
  return { kind: context.as ?? kindToTake(source.name, detected), blocks: all() };
}

/** One document over many lines starts with a brace and little else. */
function looksPrinted(block: LineBlock): boolean {
  return /^\s*\{\s*(?:"[^"]*"\s*:\s*[{[]?\s*)?$/.test(firstLineOf(block)) && countLines(block.bytes) > 1;
}

function firstLineOf({ bytes }: LineBlock): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 1024)).trimStart();
  return text.slice(0, Math.max(0, text.indexOf("\n")));
}

async function* bytesOf(blocks: AsyncIterable<LineBlock>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of blocks) yield bytes;
}

function wholeOfKind(source: Source, context: FileContext, bytes: Uint8Array): KindAndBlocks {
  const blocks = blocksOfWhole(bytes) ?? [{ bytes: new Uint8Array(bytes), open: true, tooLong: 0 } satisfies LineBlock];
  const [first] = blocks;
  if (first === undefined) return { kind: context.as, blocks };
  const detected = detectKind(first);
  if (detected.kind === null && context.as === null && source.damage() !== null) return { kind: null, blocks: [] };
  return { kind: context.as ?? kindToTake(source.name, detected), blocks };
}

interface FileRunParts {
  readonly file: string;
  readonly source: Source;
  readonly context: FileContext;
  readonly rejects: RejectFile;
}

/** Blocks that are being parsed while the oldest is awaited; every other one can be a single line. */
const BLOCKS_AHEAD = 6;

interface BlockAtWork {
  readonly parsed: Promise<ParsedBlock>;
  readonly tooLong: number;
  readonly open: boolean;
}

/** The way of one input through parsing and storing. One append is on its way while the next batch is made. */
class FileRun {
  readonly #parts: FileRunParts;
  readonly #batches: FactBatches;
  readonly #skipped = new TallyBook();
  readonly #warnings = new TallyBook();
  readonly #rejected = new TallyBook();
  #read = 0;
  /** Lines of the blocks before. */
  #lines = 0;
  #counts: AppendCount = NOTHING;
  #appending: Promise<void> = Promise.resolve();
  #interrupted = false;

  constructor(parts: FileRunParts) {
    this.#parts = parts;
    this.#batches = new FactBatches(parts.context.batchSizes);
  }

  async take(blocks: AsyncIterable<LineBlock> | Iterable<LineBlock>, taking: Taking): Promise<void> {
    const { signal } = this.#parts.context;
    try {
      await this.#takeAll(blocks, taking);
    } catch (error) {
      // Nothing of this input is written after its end. What was on its way may be stored all the same; the first error is the one to tell.
      await this.#appending.catch(() => undefined);
      if (!signal.aborted || error !== signal.reason) throw error;
      this.#interrupted = true;
    }
  }

  async #takeAll(blocks: AsyncIterable<LineBlock> | Iterable<LineBlock>, taking: Taking): Promise<void> {
    const { signal } = this.#parts.context;
    const atWork: BlockAtWork[] = [];
    for await (const block of blocks) {
      signal.throwIfAborted();
      atWork.push(this.#start(block, taking));
      if (atWork.length > BLOCKS_AHEAD) await this.#finish(atWork.shift());
    }
    signal.throwIfAborted();
    for (const work of atWork) await this.#finish(work);
    for (const batch of this.#batches.rest()) await this.#append(batch);
    await this.#appending;
  }

  #start(block: LineBlock, taking: Taking): BlockAtWork {
    const parsed = this.#parts.context.parsing.parse(block, taking);
    // Errors are met where the block is awaited; until then they must not count as unhandled.
    parsed.catch(() => undefined);
    return { parsed, tooLong: block.tooLong, open: block.open };
  }

  async #finish(work: BlockAtWork | undefined): Promise<void> {
    if (work === undefined) return;
    const parsed = await work.parsed;
    this.#parts.context.signal.throwIfAborted();
    this.#read += parsed.read + work.tooLong;
    const long = Array.from({ length: work.tooLong }, () => tooLong(++this.#lines));
    this.#skipped.addAll(parsed.skipped, this.#lines);
    this.#warnings.addAll(parsed.warnings, this.#lines);
    const rejected = work.open ? this.#cutOff(parsed) : parsed.rejected;
    await this.#reject([...long, ...rejected.map((line) => ({ ...line, line: line.line + this.#lines }))]);
    this.#lines += parsed.lines;
    for (const batch of this.#batches.add(parsed.facts)) await this.#append(batch);
    const { source, context } = this.#parts;
    context.progress({
      file: source.name,
      bytesRead: source.bytesRead(),
      bytesTotal: source.bytesTotal,
      lines: this.#read,
    });
  }

  /** Half a line at the end of damaged data is not the fault of the line. */
  #cutOff({ rejected, lines }: ParsedBlock): readonly RejectedLine[] {
    if (this.#parts.source.damage() === null) return rejected;
    return rejected.map((line) =>
      line.line === lines ? { ...line, reason: "is cut off where the compressed data end", raw: null } : line,
    );
  }

  async #reject(rejected: readonly RejectedLine[]): Promise<void> {
    for (const { reason, line } of rejected) this.#rejected.add(reason, line);
    await this.#parts.rejects.add(rejected);
  }

  async #append(batch: FactBatch): Promise<void> {
    await this.#appending;
    const { facts, dryRun, signal } = this.#parts.context;
    this.#appending = this.#count(dryRun ? facts.preview(batch) : facts.append(batch, null, signal));
    this.#appending.catch(() => undefined);
  }

  async #count(appending: Promise<AppendReport>): Promise<void> {
    this.#counts = addCounts(this.#counts, countOf(await appending));
  }

  async report(kind: IngestKind | null, seconds: number): Promise<FileReport> {
    const { file, source, rejects } = this.#parts;
    return {
      file,
      kind,
      read: this.#read,
      ...this.#counts,
      skipped: this.#skipped.tallies(),
      rejected: this.#rejected.tallies(),
      warnings: this.#warnings.tallies(),
      truncated: source.damage() !== null,
      interrupted: this.#interrupted,
      rejects: await rejects.finish(),
      error: null,
      seconds,
    };
  }
}

function tooLong(line: number): RejectedLine {
  return { line, reason: "is longer than 64 MB", raw: null };
}

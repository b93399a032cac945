import type { FactStore } from "../engine/fact-store.ts";
import type { InstancePage, InstancePart, InstanceSource } from "../engine/instance-source.ts";
import { ingestFiles, type IngestOptions } from "./ingest.ts";
import { STDIN } from "./source.ts";
import { type FileReport, type IngestReport, reportOf } from "./report.ts";

export interface HarvestOptions extends Omit<IngestOptions, "files" | "as" | "stdin" | "stdinName"> {
  readonly instance: InstanceSource;
}

/** Documents that are read again: a neighbour's can become visible late, under a smaller number. They are known then. */
const OVERLAP = 1000;
/** Documents after which the cursor is kept. */
const STRETCH = 200_000;

/**
 * Takes the facts of the repository's own indices: what was written since the last time, or again. Goes on where it was interrupted; one index
 * that cannot be read does not stop the others.
 */
export async function harvest(options: HarvestOptions): Promise<IngestReport> {
  const started = options.now();
  const files: FileReport[] = [];
  for (const part of await options.instance.parts()) {
    if (options.signal?.aborted === true) break;
    files.push(...(await harvestPart(part, options)));
  }
  return reportOf(files, options, started);
}

async function harvestPart(part: InstancePart, options: HarvestOptions): Promise<readonly FileReport[]> {
  const { facts, instance } = options;
  const reports: FileReport[] = [];
  for (;;) {
    const before = await positionOf(facts, part);
    const stretch = new Stretch(instance.pages(part, Math.max(-1, before - OVERLAP)), before);
    if (!(await stretch.begin())) return reports;
    const input = { files: [STDIN], as: part.kind, stdin: stretch.lines(), stdinName: `${part.source}-${before + 1}` };
    const report = await ingestFiles({ ...options, ...input });
    reports.push(...report.files.map((file) => ({ ...file, file: part.index })));
    if (report.interrupted || report.state === "failed" || options.dryRun === true) return reports;
    await facts.append({}, { source: part.source, position: String(stretch.position) });
    if (stretch.isLast) return reports;
  }
}

/** -1 before the first reading. */
async function positionOf(facts: FactStore, part: InstancePart): Promise<number> {
  const position = await facts.cursor(part.source);
  return position === null ? -1 : Number(position);
}

/** Some pages of a part, read as one input. */
class Stretch {
  readonly #pages: AsyncIterator<InstancePage>;
  /** Pages up to the first that holds anything new. */
  readonly #ahead: InstancePage[] = [];
  #count = 0;
  position: number;
  /** True when the part had no more. */
  isLast = false;

  constructor(pages: AsyncIterable<InstancePage>, position: number) {
    this.#pages = pages[Symbol.asyncIterator]();
    this.position = position;
  }

  /** False when there is nothing after what was read before. */
  async begin(): Promise<boolean> {
    for (;;) {
      const page = await this.#next();
      if (page === null) return false;
      this.#ahead.push(page);
      if (page.position > this.position) return true;
    }
  }

  async *lines(): AsyncGenerator<string> {
    for (;;) {
      const page = this.#ahead.shift() ?? (await this.#next());
      if (page === null) break;
      yield page.lines;
      this.position = Math.max(this.position, page.position);
      this.#count += page.count;
      if (this.#count >= STRETCH) return;
    }
    this.isLast = true;
  }

  async #next(): Promise<InstancePage | null> {
    const { done, value } = await this.#pages.next();
    return done === true ? null : value;
  }
}

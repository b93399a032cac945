import { execFileSync } from "node:child_process";
import { HistoryBuilder, type RecordInput, type StateInput } from "../packages/service/src/domain/history-builder.ts";
import { type Bookkeeper, LocalBookkeeper } from "../packages/service/src/aggregate/bookkeeper.ts";
import { ThreadBookkeeper } from "../packages/service/src/aggregate/bookkeeping-thread.ts";
import type { LedgerBook, LedgerScope } from "../packages/service/src/domain/ledger.ts";
import type { RecordHistory } from "../packages/service/src/domain/record-history.ts";
import { check } from "./ledger-check.ts";

/** What a run over generated records took. The budget is for a million records. */
export interface LedgerBenchResult {
  readonly records: number;
  readonly states: number;
  readonly communities: number;
  readonly scopes: number;
  /** Generating the records and building their history. */
  readonly buildSeconds: number;
  readonly ledgerSeconds: number;
  /** The same as time of the processor: what other programs take is left out. */
  readonly buildCpuSeconds: number;
  readonly ledgerCpuSeconds: number;
  readonly books: number;
  readonly blobs: number;
  readonly blobBytes: number;
  readonly checkpointBytes: number;
  /** Of a process of its own. */
  readonly peakMegabytes: number;
}

export interface LedgerBenchSize {
  readonly records: number;
  readonly communities: number;
  /** Whether totals are checked against simple sums (for small sizes). */
  readonly checked: boolean;
  /** One books in the process itself. */
  readonly threads: number;
}
export const LEDGER_FULL: LedgerBenchSize = { records: 1_000_000, communities: 500, checked: false, threads: 1 };
export const LEDGER_SMOKE: LedgerBenchSize = { records: 5_000, communities: 20, checked: true, threads: 1 };

/** Generates records with their histories, and books every scope in every basis, in a process of its own. */
export function ledgerBench(size: LedgerBenchSize): LedgerBenchResult {
  const text = execFileSync(process.execPath, [import.meta.filename, JSON.stringify(size)], { encoding: "utf8" });
  return JSON.parse(text) as LedgerBenchResult;
}

async function measured(size: LedgerBenchSize): Promise<LedgerBenchResult> {
  const clock = new Stopwatch();
  const history = generatedHistory(size);
  const build = clock.lap();
  const books = await bookAll(history, size);
  const ledger = clock.lap();
  return {
    records: history.records.count,
    states: history.states.count,
    communities: size.communities,
    scopes: size.communities + 1,
    buildSeconds: build.wall,
    ledgerSeconds: ledger.wall,
    buildCpuSeconds: build.cpu,
    ledgerCpuSeconds: ledger.cpu,
    ...books,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

class Stopwatch {
  #wall = performance.now();
  #cpu = process.cpuUsage();

  /** Seconds since the last lap. */
  lap(): { readonly wall: number; readonly cpu: number } {
    const { user, system } = process.cpuUsage(this.#cpu);
    const wall = (performance.now() - this.#wall) / 1000;
    this.#wall = performance.now();
    this.#cpu = process.cpuUsage();
    return { wall, cpu: (user + system) / 1_000_000 };
  }
}

type BookSums = Pick<LedgerBenchResult, "books" | "blobs" | "blobBytes" | "checkpointBytes">;

async function bookAll(history: RecordHistory, { checked, threads }: LedgerBenchSize): Promise<BookSums> {
  const sums = { books: 0, blobs: 0, blobBytes: 0, checkpointBytes: 0 };
  const communities = history.communities.map((_, code): LedgerScope => ({ kind: "community", code }));
  const queue = [{ kind: "global" } as const, ...communities].values();
  const work = async (keeper: Bookkeeper): Promise<void> => {
    for (const scope of queue) {
      for (const { bases, book } of await keeper.book(scope)) {
        addSizes(sums, book);
        const looked = checked ? bases : [];
        looked.forEach((basis) => check(history, { scope, basis }, book));
      }
    }
  };
  const keepers = keepersOf(history, threads);
  await Promise.all(keepers.map(work));
  await Promise.all(keepers.map((keeper) => keeper.close()));
  return sums;
}

function keepersOf(history: RecordHistory, threads: number): readonly Bookkeeper[] {
  if (threads === 1) return [new LocalBookkeeper(history, {})];
  return Array.from({ length: threads }, () => new ThreadBookkeeper({ history, options: {} }));
}

function addSizes(sums: { -readonly [Name in keyof BookSums]: number }, { years, checkpoints }: LedgerBook): void {
  sums.books++;
  sums.blobs += years.length + checkpoints.length;
  for (const { data } of years) sums.blobBytes += data.length;
  for (const { data } of checkpoints) sums.checkpointBytes += data.length;
}

/** How many values a breakdown knows, and of how many hundred records each next value is one. */
const COLUMNS = [
  { breakdown: "resource_types", values: 30, chances: [100] },
  { breakdown: "access_statuses", values: 4, chances: [100] },
  { breakdown: "languages", values: 60, chances: [80, 10] },
  { breakdown: "subjects", values: 20_000, chances: [60, 60, 50] },
  { breakdown: "rights", values: 25, chances: [80] },
  { breakdown: "funders", values: 2_000, chances: [30, 20] },
  { breakdown: "periodicals", values: 3_000, chances: [20] },
  { breakdown: "publishers", values: 500, chances: [95] },
  { breakdown: "affiliations", values: 10_000, chances: [70, 60, 40] },
] as const;
const FILE_TYPES = 40;
const FIRST_DAY = Date.UTC(2014, 0, 1);
const DAYS = 365 * 11;
const MS_PER_DAY = 86_400_000;

function generatedHistory({ records, communities }: LedgerBenchSize): RecordHistory {
  const random = randomNumbers(7);
  const builder = new HistoryBuilder([
    ...COLUMNS.map(({ breakdown }) => ({ breakdown, side: "both" as const, byFile: false, notStated: 0 })),
    { breakdown: "file_types", side: "both", byFile: true, notStated: 0 },
  ]);
  let parent = -1;
  let created = 0;
  for (let code = 0; code < records; code++) {
    const isNewVersion = code > 0 && random(100) < 25;
    if (!isNewVersion) parent++;
    created = isNewVersion ? created + random(200) * MS_PER_DAY : FIRST_DAY + random(DAYS * 24) * 3_600_000;
    builder.add(generatedRecord(random, { code, parent, created, communities }));
  }
  return builder.finish(Array.from({ length: communities }, (_, index) => `community-${index}`));
}

interface Given {
  readonly code: number;
  readonly parent: number;
  readonly created: number;
  readonly communities: number;
}

function generatedRecord(random: RandomNumber, { code, parent, created, communities }: Given): RecordInput {
  const states: StateInput[] = [firstState(random, { code, parent, created })];
  for (let last = states[0]; last !== undefined && random(100) < 50; last = states.at(-1))
    states.push(edited(random, last, last.from + (1 + random(400 * 24)) * 3_600_000));
  const deleted = random(100) < 1;
  const joined = [created, created + random(500) * MS_PER_DAY];
  const codes = [...new Set([skewed(random, communities), skewed(random, communities)])].toSorted((a, b) => a - b);
  return {
    code,
    created,
    published: random(100) < 3 ? null : Math.floor(created / MS_PER_DAY) - skewed(random, 2_000),
    states,
    deletions: deleted ? [{ open: created + random(1_000) * MS_PER_DAY, close: Infinity }] : [],
    memberships: codes.map((community, index) => {
      const open = joined[index] ?? created;
      return { community, open, close: random(100) < 3 ? open + random(800) * MS_PER_DAY : Infinity };
    }),
  };
}

function firstState(random: RandomNumber, { code, parent, created }: Omit<Given, "communities">): StateInput {
  const types = Array.from({ length: random(4) }, () => 1 + skewed(random, FILE_TYPES));
  const files = types.map((type, index) => fileOf(`${code}-${index}`, type, random));
  return {
    from: created,
    parent,
    owner: skewed(random, 40_000),
    withFiles: files.length > 0 || random(2) === 0,
    files,
    values: [...COLUMNS.map((column) => valuesOf(random, column)), [...new Set(types)]],
  };
}

function fileOf(key: string, type: number, random: RandomNumber): StateInput["files"][number] {
  return { key, bytes: random(50_000_000), checksum: `md5:${key}`, type };
}

/** Most edits change a text; some a value or two, a few the files or their switch. */
function edited(random: RandomNumber, state: StateInput, from: number): StateInput {
  const values = [...state.values];
  if (random(100) < 40) {
    const index = random(COLUMNS.length);
    const column = COLUMNS[index];
    if (column !== undefined) values[index] = valuesOf(random, column);
  }
  const [file, ...others] = state.files;
  const changesFile = file !== undefined && random(100) < 8;
  return {
    ...state,
    from,
    values,
    withFiles: random(100) < 1 ? !state.withFiles : state.withFiles,
    files: changesFile ? [{ ...file, checksum: `md5:${from}`, bytes: random(50_000_000) }, ...others] : state.files,
  };
}

function valuesOf(random: RandomNumber, { values, chances }: (typeof COLUMNS)[number]): number[] {
  const found = new Set<number>();
  for (const chance of chances) {
    if (random(100) >= chance) break;
    found.add(1 + skewed(random, values));
  }
  return [...found];
}

/** A whole number from 0 to below the limit. */
type RandomNumber = (limit: number) => number;

/** Small numbers come more often. */
function skewed(random: RandomNumber, limit: number): number {
  return Math.floor((random(1 << 20) / (1 << 20)) ** 2 * limit);
}

function randomNumbers(seed: number): RandomNumber {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * limit);
  };
}

if (import.meta.main) {
  const [size = "{}"] = process.argv.slice(2);
  process.stdout.write(`${JSON.stringify(await measured({ ...LEDGER_FULL, ...JSON.parse(size) }), null, 2)}\n`);
}

import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { Day, Instant } from "@community-stats/contract/days.ts";
import { dayFromNumber, dayNumber, dayNumberOf } from "@community-stats/contract/days.ts";
import type { RunProgress } from "@community-stats/contract/page.ts";
import type { Engine } from "../engine/engine.ts";
import { giveBack } from "../engine/held-lease.ts";
import { AGGREGATION_LEASE, leaseHolder, takeLease } from "./aggregation-lease.ts";
import { Aggregation } from "./aggregation.ts";
import type { AggregationSettings } from "./aggregation-input.ts";
import type { DayLimits } from "./findings.ts";
import { aggregateBreakdowns } from "./exchange.ts";
import { workingGeneration } from "./generations.ts";
import { NO_RECOUNT, type RecountRequest } from "./recount-request.ts";
import type { AggregationReport } from "./report.ts";
import { RunNote } from "./run-note.ts";

export type { AggregationReport } from "./report.ts";

export interface AggregateOptions {
  readonly breakdowns: readonly Breakdown[];
  /** Threads that count; null: as many as there are cores, at most two. */
  readonly workers: number | null;
  /** Of the embedded engine: threads open their own way to the facts there. */
  readonly dataDir?: string;
  /** "host:pid". */
  readonly owner: string;
  readonly now: () => number;
  readonly signal?: AbortSignal;
  readonly progress?: (progress: RunProgress) => void;
  /** Days before are left as they are. */
  readonly startDay?: Day | null;
  /** Last day to count; today where it lies later or is not given. */
  readonly endDay?: Day | null;
  /** Count all days of the range again, whether anything changed or not. */
  readonly ignoreBookmark?: boolean;
  readonly updateBookmark?: boolean;
  /** Count everything again. */
  readonly force?: boolean;
  /** Count this again. */
  readonly recount?: RecountRequest;
  /** Accepted for compatibility: one pass counts all scopes. */
  readonly communityIds?: readonly string[];
  /** Versions of the lists in use (robots, machines). */
  readonly lists?: Readonly<Record<string, string>>;
  readonly leaseTtlMs?: number;
  /** Name of the lease that keeps two runs apart. */
  readonly leaseName?: string;
  /** Most days of use to count in this run, the oldest first; by default all. Not where days are counted again. */
  readonly mostDays?: number;
  /** About so many days are written in one transaction. */
  readonly batchDays?: number;
}

const LEASE_TTL_MS = 120_000;
/** The days that the embedded engine keeps in one row. */
const BATCH_DAYS = 16;

/**
 * Counts what is new: history, ledger, days of use, checkpoints. One run at a time; it may be killed at any instant, and the next
 * run goes on where it was, because what is dirty is derived from facts and rollups and never noted apart.
 */
export async function aggregate(engine: Engine, options: AggregateOptions): Promise<AggregationReport> {
  const { owner, now } = options;
  const leaseTtlMs = options.leaseTtlMs ?? LEASE_TTL_MS;
  const name = options.leaseName ?? AGGREGATION_LEASE;
  const lease = await takeLease(engine.control, { owner, now: now(), ttlMs: leaseTtlMs, name });
  if (lease === null) return await heldReport(engine, name, now());
  try {
    return await runWith(engine, { options, leaseTtlMs, lease });
  } finally {
    await giveBack(lease);
  }
}

interface HeldRun {
  readonly options: AggregateOptions;
  readonly leaseTtlMs: number;
  readonly lease: Parameters<typeof RunNote.open>[1];
}

async function runWith(engine: Engine, { options, leaseTtlMs, lease }: HeldRun): Promise<AggregationReport> {
  const { owner, now, signal, progress } = options;
  const rules = { breakdowns: options.breakdowns, lists: options.lists ?? {} };
  const working = await workingGeneration(engine.rollups, rules);
  const before = await engine.rollups.progress(working.kind === "part" ? working.live.id : working.target.id);
  const firstRun = before.updatedAt === null;
  const note = await RunNote.open(engine, lease, { owner, now, signal, leaseTtlMs, firstRun, progress });
  try {
    // The lease is kept while it takes.
    await engine.facts.settle(signal);
    const input = { engine, note, limits: limitsOf(options), settings: settingsOf(options) };
    const report =
      working.kind === "part"
        ? await aggregateBreakdowns({ ...input, part: working })
        : await new Aggregation({ ...input, ...working, before, isPart: false }).run();
    await note.end(report.state === "held" ? "interrupted" : report.state, report);
    return report;
  } catch (error) {
    const detail = { error: error instanceof Error ? error.message : String(error) };
    // A run whose end could not be noted is shown as interrupted; what ended it is what has to be told.
    await note.end("failed", detail).catch(() => undefined);
    throw error;
  }
}

function settingsOf(options: AggregateOptions): AggregationSettings {
  return {
    breakdowns: options.breakdowns,
    read: options.breakdowns,
    workers: options.workers,
    dataDir: options.dataDir,
    now: options.now,
    recountFrom: recountFrom(options),
    bookAgain: options.force === true ? "all" : (options.recount?.records ?? NO_RECOUNT.records),
    updateBookmark: options.updateBookmark !== false,
    mostDays: options.mostDays ?? Infinity,
    batchDays: options.batchDays ?? BATCH_DAYS,
  };
}

function recountFrom({ ignoreBookmark, force, recount }: AggregateOptions): number {
  return ignoreBookmark === true || force === true ? -Infinity : (recount?.useFrom ?? Infinity);
}

function limitsOf({ now, startDay, endDay }: AggregateOptions): DayLimits {
  const today = dayNumberOf(now() as Instant);
  const end = endDay === undefined || endDay === null ? today : dayNumber(endDay);
  const from = startDay === undefined || startDay === null ? -Infinity : dayNumber(startDay);
  return { from, to: end < today ? end : today, today };
}

async function heldReport(engine: Engine, name: string, now: number): Promise<AggregationReport> {
  const holder = await leaseHolder(engine.control, now, name);
  const live = (await engine.rollups.generations()).find((generation) => generation.live);
  const through = live === undefined ? null : (await engine.rollups.progress(live.id)).through;
  return {
    state: "held",
    heldBy: holder?.owner ?? null,
    days: 0,
    remaining: 0,
    scopes: 0,
    failures: [],
    seconds: {},
    through: through === null ? null : dayFromNumber(through),
    restated: false,
    breakdowns: null,
  };
}

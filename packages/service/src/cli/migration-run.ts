import { freemem, totalmem } from "node:os";
import { join } from "node:path";
import { StatsError } from "@community-stats/contract/problems.ts";
import type { Engine } from "../engine/engine.ts";
import type { EventIndices } from "../engine/event-indices.ts";
import { harvest } from "../ingest/harvest.ts";
import { Migration, type MonthReport } from "../migration/migration.ts";
import type { MonthKey } from "../migration/month-plan.ts";
import type { MigrationLimits } from "../migration/month-work.ts";
import { type CommandContext, EXIT, type ExitCode } from "./command.ts";
import { progressBar } from "./progress.ts";
import { table } from "./text-table.ts";

const HEALTH_WAITS_MS = [1000, 5000, 15_000, 30_000];

export interface MigrationRun {
  readonly engine: Engine & { readonly eventIndices: EventIndices };
  readonly limits: MigrationLimits;
  readonly keys: readonly MonthKey[];
  readonly retires: boolean;
  readonly isFresh: boolean;
}

/** Learns what the repository knows of records and memberships now, then works on the months. */
export async function migrateMonths(context: CommandContext, run: MigrationRun): Promise<readonly MonthReport[]> {
  const { config, owner, now, signal } = context;
  if (run.keys.length === 0) return [];
  await learnRecords(context, run.engine);
  await requireRecords(run.engine);
  const { facts, control, eventIndices: indices } = run.engine;
  const bar = await progressBar(context);
  try {
    const migration = new Migration({
      indices,
      facts,
      control,
      breakdowns: config.breakdowns,
      limits: run.limits,
      memory: machineMemory,
      healthWaitsMs: HEALTH_WAITS_MS,
      retires: run.retires,
      isFresh: run.isFresh,
      owner,
      now,
      signal,
      progress: bar.update,
    });
    return await migration.run(run.keys);
  } finally {
    bar.stop();
  }
}

/** Records, communities and memberships, without the events: those are many, and say nothing of records. */
async function learnRecords(context: CommandContext, { facts, instance }: Engine): Promise<void> {
  if (instance === undefined) return;
  const { config, signal, now } = context;
  const withoutEvents = {
    parts: async () => (await instance.parts()).filter(({ kind }) => kind !== "events"),
    pages: instance.pages.bind(instance),
  };
  const rejectsDir = join(config.dataDir, "rejects");
  const { files } = await harvest({ facts, instance: withoutEvents, rejectsDir, signal, now });
  for (const { file, error } of files) if (error !== null) throw new RecordsUnreadError(`${file}: ${error.message}`);
}

/** Without them every event would be enriched with nothing, and look migrated. */
async function requireRecords({ facts }: Engine): Promise<void> {
  const lines = facts.recordLines()[Symbol.asyncIterator]();
  const { done } = await lines.next();
  await lines.return?.();
  if (done !== true) return;
  throw new RecordsUnreadError("not one record is known");
}

class RecordsUnreadError extends StatsError {
  readonly code = "RECORDS_UNREAD";
  readonly status = 503;
  readonly hint =
    "See whether the repository's aliases rdmrecords-records and stats-community-events are there, or feed records in: community-stats ingest FILE.";
  constructor(why: string) {
    super(`No event can be enriched, and no index was touched: ${why}.`);
  }
}

/** In a container, what it may use. */
function machineMemory(): { readonly available: number; readonly total: number } {
  const bound = process.constrainedMemory();
  const total = bound > 0 && bound < totalmem() ? bound : totalmem();
  return { available: Math.min(process.availableMemory(), freemem()), total };
}

/** Done only when every month is; 4 where all are in other hands. */
export function exitOf(reports: readonly MonthReport[], isCancelled: boolean): ExitCode {
  if (reports.length > 0 && reports.every(({ phase }) => phase === "held")) return EXIT.held;
  return !isCancelled && reports.every(isDone) ? EXIT.done : EXIT.partial;
}

function isDone({ phase, reason }: MonthReport): boolean {
  return (phase === "verified" || phase === "retired") && reason === null;
}

export function describeReports(reports: readonly MonthReport[]): string {
  if (reports.length === 0) return "Nothing was to be done.\n";
  const rows = reports.map(({ type, month, phase, copied, repaired, inPlace, ms, target }) => {
    const rate = copied > 0 && ms > 0 ? Math.round((copied * 1000) / ms).toLocaleString("en") : "–";
    return [type, month, phase, target, String(copied + inPlace), String(repaired), rate];
  });
  const head = ["event", "month", "state", "index", "events", "repaired", "per second"];
  const notes = reports.flatMap(({ type, month, reason }) => (reason === null ? [] : [`${type} ${month}: ${reason}`]));
  return `${[...table([head, ...rows], { left: 4 }), ...notes].join("\n")}\n`;
}

import { UsageError } from "@community-stats/contract/problems.ts";
import { MOST_BATCH_EVENTS, MOST_BATCHES } from "../config/reindexing.ts";
import type { Engine } from "../engine/engine.ts";
import type { EventIndices } from "../engine/event-indices.ts";
import { enrichmentOf } from "../migration/event-fields.ts";
import type { MonthKey } from "../migration/month-plan.ts";
import type { MigrationLimits } from "../migration/month-work.ts";
import { overview } from "../migration/overview.ts";
import { StateStore } from "../migration/state-store.ts";
import { monthsToKeepUp, prepareMonths, type UpkeepOptions } from "../migration/upkeep.ts";
import { inBackground } from "./background.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { chosenMonths, engineWithEvents, EVENT_TYPES_OPTION, monthRanges, MONTHS_OPTION } from "./event-months.ts";
import { describeReports, exitOf, migrateMonths } from "./migration-run.ts";
import { listOption, wholeOption } from "./options.ts";
import { overviewTable } from "./usage-events-status.ts";

export const usageEventsMigrateCommand: Command = {
  name: "usage-events migrate",
  summary: "Write the repository's events, enriched, into new indices that readers see (engine opensearch).",
  gated: true,
  options: [
    EVENT_TYPES_OPTION,
    MONTHS_OPTION,
    {
      flags: "-b, --max-batches <number>",
      description: "most batches of a month; default: STATS_DASHBOARD_REINDEXING_MAX_BATCHES",
    },
    {
      flags: "--batch-size <number>",
      description: "events in a batch; default: STATS_DASHBOARD_REINDEXING_BATCH_SIZE",
    },
    {
      flags: "--max-memory-percent <number>",
      description: "pause above so much used memory; default: STATS_DASHBOARD_REINDEXING_MAX_MEMORY_PERCENT",
    },
    {
      flags: "--delete-old-indices",
      description: "remove the old indices of past months, once everything is verified",
    },
    { flags: "--fresh-start", description: "begin anew, in a new version of the indices" },
    { flags: "--keep-up", description: "only what has come since the migration, as the schedule does" },
    { flags: "--async", description: "do it in the background: as migrate-background" },
    { flags: "--dry-run", description: "only say what would be done" },
    { flags: "--json", description: "print the report as JSON" },
  ],
  examples: [
    "usage-events migrate --dry-run",
    "usage-events migrate",
    "usage-events migrate --event-types view --months 2025-01:2025-06 --max-batches 20",
  ],
  refuses: async (context, input) => {
    await orderOf(context, input);
    return null;
  },
  run,
};

export const usageEventsMigrateBackgroundCommand = inBackground(usageEventsMigrateCommand, {
  name: "usage-events migrate-background",
  summary: "Write the repository's events, enriched, into new indices, in a process of its own.",
  process: "event-migration",
  without: ["--json", "--async", "--dry-run", "--keep-up"],
  examples: ["usage-events migrate-background", "usage-events migrate-background --delete-old-indices"],
});

interface Order {
  readonly engine: Engine & { readonly eventIndices: EventIndices };
  readonly limits: MigrationLimits;
  readonly keys: readonly MonthKey[];
}

/** An option, and those that make no sense beside it. */
interface Contradiction {
  readonly option: string;
  readonly means: string;
  readonly excludes: Readonly<Record<string, string>>;
}
const CONTRADICTIONS: readonly Contradiction[] = [
  {
    option: "keepUp",
    means: "--keep-up finds its months itself, and begins nothing anew.",
    excludes: { eventTypes: "--event-types", months: "--months", freshStart: "--fresh-start" },
  },
  {
    option: "async",
    means: "--async begins the work at once, and all of it.",
    excludes: { dryRun: "--dry-run", keepUp: "--keep-up" },
  },
];

/** @throws UsageError for what cannot be done, before anything is. */
async function orderOf(context: CommandContext, { options }: CommandInput): Promise<Order> {
  const { reindexing } = context.config;
  const whole = (name: string, most: number) => wholeOption(options, name, { least: 1, most });
  const limits = {
    maxBatches: whole("maxBatches", MOST_BATCHES) ?? reindexing.maxBatches,
    batchSize: whole("batchSize", MOST_BATCH_EVENTS) ?? reindexing.batchSize,
    maxMemoryPercent: whole("maxMemoryPercent", 100) ?? reindexing.maxMemoryPercent,
  };
  for (const contradiction of CONTRADICTIONS) refuseContradiction(options, contradiction);
  const ranges = monthRanges(listOption(options, "months"));
  const engine = await engineWithEvents(context);
  const types = listOption(options, "eventTypes");
  const keys = options["keepUp"] === true ? [] : await chosenMonths(engine.eventIndices, { types, ranges });
  return { engine, limits, keys };
}

function refuseContradiction(options: CommandInput["options"], { option, means, excludes }: Contradiction): void {
  if (options[option] !== true) return;
  const given = Object.keys(excludes).filter((name) => options[name] === true || listOption(options, name).length > 0);
  if (given.length === 0) return;
  throw new UsageError(means, `Leave ${given.map((name) => excludes[name]).join(" and ")} out.`);
}

async function run(context: CommandContext, input: CommandInput): Promise<ExitCode> {
  const { options } = input;
  if (options["async"] === true) return await usageEventsMigrateBackgroundCommand.run(context, input);
  const order = await orderOf(context, input);
  if (options["dryRun"] === true) return await dryRun(context, input, order);
  const keys = options["keepUp"] === true ? await keepUp(context, order) : order.keys;
  const [retires, isFresh] = [options["deleteOldIndices"] === true, options["freshStart"] === true];
  const reports = await migrateMonths(context, { ...order, keys, retires, isFresh });
  context.stdout.write(
    options["json"] === true ? `${JSON.stringify({ months: reports }, null, 2)}\n` : describeReports(reports),
  );
  return exitOf(reports, context.signal.aborted);
}

/** Makes the index of the month to come, and finds the months that have something new. */
async function keepUp(context: CommandContext, { engine }: Order): Promise<readonly MonthKey[]> {
  const upkeep = upkeepOf(context, engine);
  await prepareMonths(upkeep);
  return await monthsToKeepUp(upkeep);
}

function upkeepOf({ config, now }: CommandContext, { eventIndices: indices, control }: Order["engine"]): UpkeepOptions {
  return { indices, enrichment: enrichmentOf(config.breakdowns), states: new StateStore(control), now };
}

async function dryRun(
  context: CommandContext,
  { options }: CommandInput,
  { engine, keys: given }: Order,
): Promise<ExitCode> {
  const { stdout, now } = context;
  const upkeep = upkeepOf(context, engine);
  const keys = options["keepUp"] === true ? await monthsToKeepUp(upkeep) : given;
  const isFresh = options["freshStart"] === true;
  const rows = await overview({ ...upkeep, control: engine.control, now: now(), isFresh });
  const chosen = rows.filter(({ type, month }) => keys.some((key) => key.type === type && key.month === month));
  if (options["json"] === true) stdout.write(`${JSON.stringify({ dryRun: true, months: chosen }, null, 2)}\n`);
  else stdout.write(`${overviewTable(chosen).join("\n")}\nNothing was changed.\n`);
  return EXIT.done;
}

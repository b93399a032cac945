import { dayNumber } from "@community-stats/contract/days.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import { UnknownScopeError, UsageError } from "@community-stats/contract/problems.ts";
import {
  isAnyRecount,
  NO_RECOUNT,
  recountDone,
  type RecountRequest,
  requestedRecount,
} from "../aggregate/recount-request.ts";
import { type BreakdownWork, joinedReports } from "../aggregate/report.ts";
import { aggregate, type AggregationReport } from "../aggregate/runner.ts";
import type { Engine } from "../engine/engine.ts";
import { inBackground } from "./background.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { LEASE_TTL_MS, waitForTurn, workSignal } from "./lock.ts";
import { dayOption, listOption } from "./options.ts";
import { progressBar } from "./progress.ts";
import { toldCount } from "./told-run.ts";

/** The original's names of what is counted. */
export const AGGREGATION_TYPES = [
  "community-records-delta-added-agg",
  "community-records-snapshot-added-agg",
  "community-usage-delta-agg",
  "community-usage-snapshot-agg",
];

export const aggregateCommand: Command = {
  name: "aggregate",
  summary: "Count what is new, day by day.",
  gated: true,
  options: [
    {
      flags: "--community-id <id>",
      description: "accepted for compatibility: a run counts all communities at once",
      repeatable: true,
    },
    {
      flags: "--aggregation-type <type>",
      description: "accepted for compatibility: a run counts all kinds at once",
      choices: AGGREGATION_TYPES,
      repeatable: true,
    },
    { flags: "--start-date <day>", description: "count again from this day on, YYYY-MM-DD (with --ignore-bookmark)" },
    { flags: "--end-date <day>", description: "last day to count, YYYY-MM-DD; default today, which stays incomplete" },
    { flags: "--update-bookmark", description: "move the bookmark (default)", default: true },
    { flags: "--no-update-bookmark", description: "leave the bookmark where it is" },
    { flags: "--ignore-bookmark", description: "count days again although nothing in them changed" },
    { flags: "--eager", description: "accepted for compatibility: work is always done here" },
    { flags: "--no-eager", description: "accepted for compatibility, likewise" },
    { flags: "--force", description: "work although COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED is off" },
    { flags: "--json", description: "print the report as JSON" },
    { flags: "--verbose", description: "print the time of each step" },
  ],
  examples: [
    "aggregate",
    "aggregate --force --json",
    "aggregate --force --ignore-bookmark --start-date 2025-01-01 --end-date 2025-03-31",
  ],
  refuses,
  run,
};

export const aggregateBackgroundCommand = inBackground(aggregateCommand, {
  name: "aggregate-background",
  summary: "Count what is new, in a process of its own.",
  process: "aggregation",
  without: ["--json", "--eager", "--no-eager"],
  examples: ["aggregate-background", "aggregate-background --force --ignore-bookmark"],
});

async function run(context: CommandContext, input: CommandInput): Promise<ExitCode> {
  const { options } = input;
  const refused = await refuses(context, input);
  if (refused !== null) return refused;
  const days = daysOf(input);
  const report = await toldCount(
    context,
    (begun) => count(context, input, { ...days, begun }),
    ({ state }) => state === "done",
  );
  if (options["json"] === true) context.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else context.stdout.write(describeRun(report, options["verbose"] === true));
  return exitOf(report);
}

async function refuses({ config, stderr, ...context }: CommandContext, input: CommandInput): Promise<ExitCode | null> {
  if (!config.scheduledAggregation && input.options["force"] !== true) {
    stderr.write(
      "Error: aggregation is switched off (COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED).\nSet it to true, or add --force.\n",
    );
    return EXIT.failed;
  }
  daysOf(input);
  await checkCommunities(context, listOption(input.options, "communityId"));
  return null;
}

/** @throws UsageError */
function daysOf({ options }: CommandInput): Days {
  const startDay = dayOption(options, "startDate");
  const endDay = dayOption(options, "endDate");
  if (startDay !== null && endDay !== null && startDay > endDay) {
    throw new UsageError(`--start-date ${startDay} is after --end-date ${endDay}.`, "Give the earlier day first.");
  }
  return { startDay, endDay };
}

/** A run counts all communities at once; but a name that is mistyped is told. */
async function checkCommunities(context: Pick<CommandContext, "engine">, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const communities = await (await context.engine()).facts.communities();
  const known = new Set([GLOBAL_KEY, ...communities.flatMap(({ id, slug }) => [id, slug])]);
  for (const name of names) if (!known.has(name)) throw new UnknownScopeError(name);
}

interface Days {
  readonly startDay: ReturnType<typeof dayOption>;
  readonly endDay: ReturnType<typeof dayOption>;
}

interface Counting extends Days {
  /** Called while nobody else counts. */
  readonly begun: () => void;
}

/** Counts in steps of COMMUNITY_STATS_CATCHUP_INTERVAL days, until nothing remains; each step is complete in itself. */
async function count(context: CommandContext, { options }: CommandInput, days: Counting): Promise<AggregationReport> {
  const { config } = context;
  const lock = config.locks.aggregation;
  const bar = await progressBar(context);
  try {
    const engine = await context.engine();
    await waitForTurn(context, lock);
    const signal = workSignal(context, lock);
    const recount = await requestedRecount(engine.control);
    const step = (again: RecountRequest) =>
      aggregate(engine, {
        breakdowns: config.breakdowns,
        endDay: days.endDay,
        startDay: days.startDay,
        ignoreBookmark: options["ignoreBookmark"] === true,
        recount: again,
        updateBookmark: options["updateBookmark"] !== false,
        communityIds: listOption(options, "communityId"),
        workers: config.workers,
        dataDir: config.dataDir,
        owner: context.owner,
        now: context.now,
        signal,
        progress: (progress) => {
          days.begun();
          bar.update(progress);
        },
        leaseName: lock.name,
        leaseTtlMs: LEASE_TTL_MS,
        mostDays: config.catchUpDays,
      });
    let report = await step(recount);
    while (report.state === "done" && report.remaining > 0) report = together(report, await step(NO_RECOUNT));
    const isWhole = report.state === "done" && days.startDay === null && (await reachesAll(engine, days.endDay));
    if (isAnyRecount(recount) && isWhole) await recountDone(engine.control);
    return report;
  } finally {
    bar.stop();
  }
}

async function reachesAll({ rollups }: Engine, endDay: Days["endDay"]): Promise<boolean> {
  if (endDay === null) return true;
  const live = (await rollups.generations()).find((generation) => generation.live);
  const last = live === undefined ? undefined : (await rollups.countedDays(live.id)).at(-1);
  return last === undefined || last.day <= dayNumber(endDay);
}

/** The report of two steps. A step that another run kept from working leaves the work unfinished, not undone. */
export function together(before: AggregationReport, after: AggregationReport): AggregationReport {
  const report = joinedReports(before, after);
  return after.state === "held" ? { ...report, state: "interrupted", remaining: before.remaining } : report;
}

export function exitOf(report: AggregationReport): ExitCode {
  switch (report.state) {
    case "done":
      return EXIT.done;
    case "partial":
    case "interrupted":
      return EXIT.partial;
    case "held":
      return EXIT.held;
    default:
      return report.state satisfies never;
  }
}

export function describeRun(report: AggregationReport, verbose: boolean): string {
  const lines = [
    headline(report),
    ...(report.breakdowns === null ? [] : breakdownLines(report.breakdowns)),
    ...report.failures.map(({ what, error }) => `  failed: ${what}: ${error}`),
    ...(verbose ? Object.entries(report.seconds).map(([step, seconds]) => `  ${step}: ${seconds.toFixed(2)} s`) : []),
  ];
  return `${lines.join("\n")}\n`;
}

function headline(report: AggregationReport): string {
  if (report.state === "held")
    return `Another aggregation is running (${report.heldBy ?? "unknown"}); nothing was done.`;
  const through = report.through === null ? "nothing is complete yet" : `complete to ${report.through}`;
  const work = `${report.days} ${report.days === 1 ? "day" : "days"} of use, ${report.scopes} ${report.scopes === 1 ? "scope" : "scopes"} of records`;
  return `${report.state === "done" ? "Counted" : `Stopped (${report.state}) after`} ${work}; ${through}.`;
}

function breakdownLines({ added, removed, changed, days, scopes, isInUse }: BreakdownWork): readonly string[] {
  const counted = [...added, ...changed];
  const what = [...named("new", added), ...named("changed", changed), ...named("taken away", removed)];
  return [
    ...(what.length === 0 ? [] : [`Breakdowns: ${what.join("; ")}. Nothing else was counted for that.`]),
    ...(counted.length === 0 ? [] : [`  these alone: ${days} days of use, ${scopes} scopes of records`]),
    ...(isInUse ? [] : ["  until they are complete, the ones of before are shown"]),
  ];
}

function named(verb: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${verb} ${names.join(", ")}`];
}

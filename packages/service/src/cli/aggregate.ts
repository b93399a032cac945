import { UsageError } from "@community-stats/contract/problems.ts";
import { aggregate, type AggregationReport } from "../aggregate/runner.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { dayOption, listOption } from "./options.ts";
import { progressBar } from "./progress.ts";

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
    { flags: "--start-date <day>", description: "count again from this day on, YYYY-MM-DD (with --ignore-bookmark)" },
    { flags: "--end-date <day>", description: "last day to count, YYYY-MM-DD; default today, which stays incomplete" },
    { flags: "--update-bookmark", description: "move the bookmark (default)", default: true },
    { flags: "--no-update-bookmark", description: "leave the bookmark where it is" },
    { flags: "--ignore-bookmark", description: "count days again although nothing in them changed" },
    { flags: "--eager", description: "accepted for compatibility: work is always done here" },
    { flags: "--force", description: "work although COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED is off" },
    { flags: "--json", description: "print the report as JSON" },
    { flags: "--verbose", description: "print the time of each step" },
  ],
  run,
};

async function run(context: CommandContext, input: CommandInput): Promise<ExitCode> {
  const { options } = input;
  if (!context.config.scheduledAggregation && options["force"] !== true) {
    context.stderr.write(
      "Error: aggregation is switched off (COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED).\nSet it to true, or add --force.\n",
    );
    return EXIT.failed;
  }
  const startDay = dayOption(options, "startDate");
  const endDay = dayOption(options, "endDate");
  if (startDay !== null && endDay !== null && startDay > endDay) {
    throw new UsageError(`--start-date ${startDay} is after --end-date ${endDay}.`, "Give the earlier day first.");
  }
  const report = await count(context, input, { startDay, endDay });
  if (options["json"] === true) context.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else context.stdout.write(describeRun(report, options["verbose"] === true));
  return exitOf(report);
}

async function count(
  context: CommandContext,
  { options }: CommandInput,
  days: { startDay: ReturnType<typeof dayOption>; endDay: ReturnType<typeof dayOption> },
): Promise<AggregationReport> {
  const bar = progressBar(context);
  try {
    const engine = await context.engine();
    return await aggregate(engine, {
      breakdowns: context.config.breakdowns,
      endDay: days.endDay,
      startDay: days.startDay,
      ignoreBookmark: options["ignoreBookmark"] === true,
      updateBookmark: options["updateBookmark"] !== false,
      communityIds: listOption(options, "communityId"),
      workers: context.config.workers,
      dataDir: context.config.dataDir,
      owner: context.owner,
      now: context.now,
      signal: context.signal,
      progress: bar.update,
    });
  } finally {
    bar.stop();
  }
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

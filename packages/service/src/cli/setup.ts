import { statSync } from "node:fs";
import { standing } from "../aggregate/standing.ts";
import { aggregateCommand } from "./aggregate.ts";
import { cacheGenerateCommand } from "./cache-generate.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { communityEventsGenerateCommand, findMissing } from "./community-events.ts";
import { harvestCommand } from "./harvest.ts";
import { ingestCommand } from "./ingest.ts";

export const setupCommand: Command = {
  name: "setup",
  summary: "Take a new installation from nothing to full dashboards; run it again to go on.",
  gated: true,
  arguments: [
    {
      name: "[file...]",
      description: "records, communities, memberships and events to read; none where they are fetched",
    },
  ],
  options: [
    { flags: "--dry-run", description: "only say what would be done" },
    { flags: "--json", description: "print the steps as JSON" },
  ],
  examples: ["setup --dry-run", "setup communities.ndjson.gz records.ndjson.gz events/*.ndjson.gz", "setup"],
  run,
};

type StepState = "done" | "needed" | "not needed" | "failed" | "not reached";

interface Step {
  readonly name: string;
  readonly what: string;
  /** Whether it has something to do; every step may be done again without harm. */
  readonly isNeeded: () => Promise<boolean>;
  readonly work: () => Promise<ExitCode>;
}

interface StepReport {
  readonly name: string;
  readonly what: string;
  state: StepState;
}

async function run(context: CommandContext, input: CommandInput): Promise<ExitCode> {
  const isJson = input.options["json"] === true;
  const steps = stepsOf(context, input.arguments);
  const reports: StepReport[] = [];
  for (const { name, what, isNeeded } of steps) {
    reports.push({ name, what, state: (await isNeeded()) ? "needed" : "not needed" });
  }
  const tell = (text: string) => (isJson ? context.stderr : context.stdout).write(text);
  tell(`Plan:\n${planLines(reports).join("\n")}\n`);
  const exit = input.options["dryRun"] === true ? EXIT.done : await workOff(context, { steps, reports, tell });
  const remains = await remaining(context);
  if (isJson) context.stdout.write(`${JSON.stringify({ steps: reports, remains }, null, 2)}\n`);
  else context.stdout.write(`What remains:\n${remains.map((line) => `  ${line}`).join("\n")}\n`);
  return exit;
}

/** What a step brings may give those after it something to do. */
function planLines(reports: readonly StepReport[]): readonly string[] {
  const first = reports.findIndex(({ state }) => state === "needed");
  return reports.map(({ what, state }, at) => {
    const isOpen = state === "not needed" && first >= 0 && at > first;
    return `  ${at + 1}. ${what}: ${isOpen ? "after that, as needed" : state}`;
  });
}

interface Work {
  readonly steps: readonly Step[];
  readonly reports: readonly StepReport[];
  readonly tell: (text: string) => void;
}

/** One after the other: a step stands on those before it, so the first that fails ends the work. */
async function workOff(context: CommandContext, { steps, reports, tell }: Work): Promise<ExitCode> {
  for (const [at, step] of steps.entries()) {
    const report = reports[at];
    if (report === undefined) continue;
    // What the steps before have brought may make it needed.
    if (!(await step.isNeeded())) {
      report.state = report.state === "needed" ? "done" : "not needed";
      continue;
    }
    tell(`\n${at + 1}. ${step.what}\n`);
    const exit = await step.work();
    if (exit !== EXIT.done || context.signal.aborted) {
      report.state = "failed";
      notReached(reports.slice(at + 1));
      tell(`\nStopped in step ${at + 1}. Run setup again to go on there.\n`);
      return exit === EXIT.done ? EXIT.partial : exit;
    }
    report.state = "done";
  }
  return EXIT.done;
}

function notReached(reports: readonly StepReport[]): void {
  for (const report of reports) if (report.state === "needed") report.state = "not reached";
}

const FILES_SETTING = "setup:file:";

function stepsOf(context: CommandContext, files: readonly string[]): readonly Step[] {
  const { config } = context;
  // The reports of the steps are told like progress.
  const inner: CommandContext = { ...context, stdout: context.stderr };
  const runs =
    (command: Command, options: CommandInput["options"], args: readonly string[] = []) =>
    () =>
      command.run(inner, { options, arguments: args });
  const isFetched = config.access.repositoryUrl !== null;
  return [
    {
      name: "fetch",
      what: "Fetch communities and records from the repository",
      isNeeded: async () => isFetched && !(await isNoted(context, `setup:fetched:${config.access.repositoryUrl}`)),
      work: async () => {
        const exit = await harvestCommand.run(inner, { options: {}, arguments: [] });
        const isWhole = (exit === EXIT.done || exit === EXIT.partial) && !context.signal.aborted;
        if (isWhole) await noted(context, `setup:fetched:${config.access.repositoryUrl}`);
        return isWhole ? EXIT.done : exit;
      },
    },
    {
      name: "read",
      what:
        files.length === 0
          ? "Read files (none named)"
          : `Read ${files.length} ${files.length === 1 ? "file" : "files"}`,
      isNeeded: async () => (await unread(context, files)).length > 0,
      work: () => readFiles(context, inner, files),
    },
    {
      name: "memberships",
      what: "Write down since when records belong to their communities",
      isNeeded: async () => (await missing(context)) > 0,
      work: runs(communityEventsGenerateCommand, {}),
    },
    {
      name: "count",
      what: "Count all days",
      isNeeded: () => isBehind(context),
      work: runs(aggregateCommand, { force: true }),
    },
    {
      name: "warm",
      what: "Make the answers that the dashboards show at first",
      isNeeded: async () => config.engine !== "memory" && config.cache.diskBytes > 0 && !(await isWarm(context)),
      work: async () => {
        const exit = await cacheGenerateCommand.run(inner, {
          options: { force: true, firstView: true },
          arguments: [],
        });
        if (exit === EXIT.done) await noted(context, `setup:warm:${await stateOf(context)}`);
        return exit;
      },
    },
  ];
}

async function readFiles(context: CommandContext, inner: CommandContext, files: readonly string[]): Promise<ExitCode> {
  let worst: ExitCode = EXIT.done;
  for (const file of await unread(context, files)) {
    const exit = await ingestCommand.run(inner, { options: {}, arguments: [file] });
    if (context.signal.aborted) return EXIT.partial;
    // Lines that cannot be used lie in the folder of rejects; they do not stop what can.
    if (exit === EXIT.done || exit === EXIT.partial) await noted(context, FILES_SETTING + stampOf(file));
    else worst = exit;
  }
  return worst;
}

async function unread(context: CommandContext, files: readonly string[]): Promise<readonly string[]> {
  const left: string[] = [];
  for (const file of files) if (!(await isNoted(context, FILES_SETTING + stampOf(file)))) left.push(file);
  return left;
}

/** A file that changes is another one. */
function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? file : `${file}:${found.size}:${Math.floor(found.mtimeMs)}`;
}

async function isNoted(context: CommandContext, key: string): Promise<boolean> {
  return (await (await context.engine()).control.setting(key)) === "done";
}

async function noted(context: CommandContext, key: string): Promise<void> {
  await (await context.engine()).control.setSetting(key, "done");
}

async function missing(context: CommandContext): Promise<number> {
  return (await findMissing(await context.engine(), { options: {}, arguments: [] })).missing.length;
}

async function isBehind(context: CommandContext): Promise<boolean> {
  const engine = await context.engine();
  const { records, events } = await engine.facts.summary();
  if (records + events === 0) return false;
  const { waitingDays, waitingRecords } = await standing(engine, context.now());
  const counted = (await engine.rollups.generations()).some((generation) => generation.live);
  return !counted || waitingDays > 0 || waitingRecords;
}

async function isWarm(context: CommandContext): Promise<boolean> {
  const state = await stateOf(context);
  return state === null || (await isNoted(context, `setup:warm:${state}`));
}

/** Of the numbers; null where nothing is counted. */
async function stateOf(context: CommandContext): Promise<string | null> {
  const { rollups } = await context.engine();
  const live = (await rollups.generations()).find((generation) => generation.live);
  const updatedAt = live === undefined ? null : (await rollups.progress(live.id)).updatedAt;
  return live === undefined || updatedAt === null ? null : `${live.id}:${updatedAt}`;
}

/** What only the operator can do. */
async function remaining(context: CommandContext): Promise<readonly string[]> {
  const { config } = context;
  const { records, events } = await (await context.engine()).facts.summary();
  return [
    ...(records === 0 ? ["Give files of records, or set COMMUNITY_STATS_INVENIO_URL, and run setup again."] : []),
    ...(records > 0 && events === 0 ? ["Feed in the usage events: community-stats ingest FILE"] : []),
    ...(config.scheduledAggregation
      ? []
      : ["Set COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED to true: hourly counting."]),
    ...(config.scheduledCaching
      ? []
      : ["Set COMMUNITY_STATS_SCHEDULED_CACHE_TASKS_ENABLED to true: answers made beforehand."]),
    ...(config.dashboard.enabledGlobal
      ? []
      : ["Set STATS_DASHBOARD_ENABLED_GLOBAL to true: the dashboard of the repository."]),
    ...(config.dashboard.enabledCommunity
      ? []
      : ["Set STATS_DASHBOARD_ENABLED_COMMUNITY to true: those of communities."]),
    "Start the server: community-stats serve",
  ];
}

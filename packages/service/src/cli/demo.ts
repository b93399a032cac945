import { dayNumber, dayNumberOf, type Instant } from "@community-stats/contract/days.ts";
import { UsageError } from "@community-stats/contract/problems.ts";
import { aggregate, type AggregationReport } from "../aggregate/runner.ts";
import { CORPORA, writeDemonstration } from "../demo/files.ts";
import type { Engine } from "../engine/engine.ts";
import { ingestFiles } from "../ingest/ingest.ts";
import type { IngestReport } from "../ingest/report.ts";
import { describeRun, exitOf } from "./aggregate.ts";
import { type Command, type CommandContext, type CommandInput, type ExitCode } from "./command.ts";
import { dayOption } from "./options.ts";
import { progressBar } from "./progress.ts";

export const demoCommand: Command = {
  name: "demo",
  summary: "Fill the data folder with real records and generated use, and count it.",
  gated: true,
  options: [
    {
      flags: "--seed <number>",
      description: "start of the random numbers; the same seed gives the same use",
      default: "1",
    },
    {
      flags: "--scale <factor>",
      description: "1 generates about as much use as the records really had",
      default: "0.25",
    },
    { flags: "--start-date <day>", description: "first day of the generated use, YYYY-MM-DD; default 2019-01-01" },
    { flags: "--add", description: "go on although the data folder holds facts already" },
    { flags: "--json", description: "print a summary as JSON" },
  ],
  examples: ["demo", "demo --scale 1 --seed 7", "demo --scale 0.05 --start-date 2025-01-01"],
  run,
};

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const seed = numberOption("seed", options["seed"]);
  const scale = numberOption("scale", options["scale"]);
  const firstDay = dayOption(options, "startDate");
  const { facts } = await context.engine();
  const before = await facts.summary();
  if (before.records + before.events > 0 && !before.generated && options["add"] !== true) {
    throw new UsageError(
      `${context.config.dataDir} holds facts that are not a demonstration.`,
      "Name another folder in COMMUNITY_STATS_DATA_DIR, or add --add to mix them.",
    );
  }
  const bar = await progressBar(context);
  try {
    const folder = context.config.dataDir;
    const { ingested, report } = await fill(context, {
      engine: await context.engine(),
      folder,
      seed,
      scale,
      firstDay: firstDay === null ? null : dayNumber(firstDay),
      progress: bar.update,
    });
    bar.stop();
    if (options["json"] === true)
      context.stdout.write(`${JSON.stringify({ ingested, aggregated: report }, null, 2)}\n`);
    else context.stdout.write(describeRun(report, false));
    return exitOf(report);
  } finally {
    bar.stop();
  }
}

export interface Filling {
  readonly engine: Engine;
  /** For the files of what is generated. */
  readonly folder: string;
  readonly seed: number;
  readonly scale: number;
  /** Day number on which the use begins; null: in 2019. */
  readonly firstDay: number | null;
  readonly progress: (progress: { step: string; done: number; total: number }) => void;
}

/** Gives an engine the real records and generated use up to yesterday, and counts them. */
export async function fill(
  { config, signal, now, owner }: CommandContext,
  { engine, folder, progress, ...use }: Filling,
): Promise<{ readonly ingested: IngestReport; readonly report: AggregationReport }> {
  const lastDay = dayNumberOf(now() as Instant) - 1;
  const written = await writeDemonstration({ ...use, dataDir: folder, lastDay, progress });
  const ingested = await ingestFiles({
    files: [...CORPORA, ...written],
    facts: engine.facts,
    rejectsDir: `${folder}/rejects`,
    signal,
    now,
    progress: ({ file, bytesRead, bytesTotal }) =>
      progress({ step: `reading ${file.replace(/^.*\//, "")}`, done: bytesRead, total: bytesTotal }),
  });
  const { breakdowns, workers, dataDir } = config;
  const report = await aggregate(engine, { breakdowns, workers, dataDir, owner, now, signal, progress });
  return { ingested, report };
}

function numberOption(name: string, value: unknown): number {
  const number = Number(value);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new UsageError(`--${name} ${JSON.stringify(value)} is not a number.`, "Give a number of 0 or more.");
}

import { dayNumberOf, type Instant } from "@community-stats/contract/days.ts";
import { UsageError } from "@community-stats/contract/problems.ts";
import { aggregate } from "../aggregate/runner.ts";
import { CORPORA, writeDemonstration } from "../demo/files.ts";
import { ingestFiles } from "../ingest/ingest.ts";
import { describeRun, exitOf } from "./aggregate.ts";
import { type Command, type CommandContext, type CommandInput, type ExitCode } from "./command.ts";
import { progressBar } from "./progress.ts";

export const demoCommand: Command = {
  name: "demo",
  summary: "Fill the data folder with real records and generated use, and count it.",
  gated: false,
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
    { flags: "--add", description: "go on although the data folder holds facts already" },
    { flags: "--json", description: "print a summary as JSON" },
  ],
  run,
};

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const seed = numberOption("seed", options["seed"]);
  const scale = numberOption("scale", options["scale"]);
  const { facts } = await context.engine();
  const before = await facts.summary();
  if (before.records + before.events > 0 && !before.generated && options["add"] !== true) {
    throw new UsageError(
      `${context.config.dataDir} holds facts that are not a demonstration.`,
      "Name another folder in COMMUNITY_STATS_DATA_DIR, or add --add to mix them.",
    );
  }
  const bar = progressBar(context);
  try {
    const today = dayNumberOf(context.now() as Instant);
    const written = await writeDemonstration({
      dataDir: context.config.dataDir,
      seed,
      scale,
      lastDay: today - 1,
      progress: bar.update,
    });
    const files = [...CORPORA, ...written];
    const { signal, now } = context;
    const ingested = await ingestFiles({
      files,
      facts,
      rejectsDir: `${context.config.dataDir}/rejects`,
      signal,
      now,
      progress: ({ file, bytesRead, bytesTotal }) =>
        bar.update({ step: `reading ${file.replace(/^.*\//, "")}`, done: bytesRead, total: bytesTotal }),
    });
    const report = await aggregate(await context.engine(), {
      breakdowns: context.config.breakdowns,
      workers: context.config.workers,
      dataDir: context.config.dataDir,
      owner: context.owner,
      now,
      signal,
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

function numberOption(name: string, value: unknown): number {
  const number = Number(value);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new UsageError(`--${name} ${JSON.stringify(value)} is not a number.`, "Give a number of 0 or more.");
}

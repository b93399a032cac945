import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { startOf } from "@community-stats/contract/days.ts";
import { UsageError } from "@community-stats/contract/problems.ts";
import { syntheticUse, type SyntheticRecord } from "../demo/synthetic.ts";
import { ingestFiles } from "../ingest/ingest.ts";
import { inBackground } from "./background.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { confirm } from "./confirm.ts";
import { livingRecords } from "./living-records.ts";
import { dayOption, wholeOption } from "./options.ts";
import { progressBar } from "./progress.ts";

const JSON_FLAG = { flags: "--json", description: "print JSON" };

export const usageEventsGenerateCommand: Command = {
  name: "usage-events generate",
  summary: "Invent views and downloads of the records that there are, for trials; refused in production.",
  gated: true,
  options: [
    { flags: "--start-date <day>", description: "only of records created on this day or later, YYYY-MM-DD" },
    { flags: "--end-date <day>", description: "only of records created on this day or before" },
    { flags: "--event-start-date <day>", description: "first day of the use; default: the record's creation" },
    { flags: "--event-end-date <day>", description: "last day of the use; default: now" },
    { flags: "--events-per-record <number>", description: "views of each record, each with a download", default: "5" },
    { flags: "--max-records <number>", description: "only so many records; 0: all", default: "0" },
    { flags: "--seed <number>", description: "start of the random numbers; the same gives the same use", default: "1" },
    { flags: "--enrich-events", description: "let the events carry the communities that the record has now" },
    { flags: "--use-migrated-indices", description: "accepted for compatibility: there is one place for events" },
    { flags: "--dry-run", description: "only say what would be invented" },
    { flags: "--yes-i-know", description: "do not ask" },
    JSON_FLAG,
  ],
  examples: [
    "usage-events generate --dry-run",
    "usage-events generate --events-per-record 20 --max-records 100 --yes-i-know",
  ],
  refuses,
  run: generate,
};

export const usageEventsBackgroundCommand = inBackground(usageEventsGenerateCommand, {
  name: "usage-events generate-background",
  summary: "Invent views and downloads, in a process of its own.",
  process: "usage-event-generation",
  without: ["--json", "--dry-run", "--yes-i-know", "--use-migrated-indices"],
  always: ["--yes-i-know"],
  examples: ["usage-events generate-background --events-per-record 20"],
});

async function refuses({ config, stderr }: CommandContext): Promise<ExitCode | null> {
  if (config.environment !== "production") return null;
  stderr.write(
    "Error: invented use is refused in production, where it would be taken for real.\nSet COMMUNITY_STATS_ENVIRONMENT to development, in an installation for trials.\n",
  );
  return EXIT.failed;
}

interface Wanted {
  readonly perRecord: number;
  readonly most: number;
  readonly seed: number;
  readonly from: number | null;
  readonly to: number;
}

function wantedOf({ options }: CommandInput, now: number): Wanted {
  const whole = (name: string, least: number) => wholeOption(options, name, { least, most: 1_000_000 }) ?? least;
  const [first, last] = [dayOption(options, "eventStartDate"), dayOption(options, "eventEndDate")];
  if (first !== null && last !== null && first > last) {
    throw new UsageError(
      `--event-start-date ${first} is after --event-end-date ${last}.`,
      "Give the earlier day first.",
    );
  }
  const most = whole("maxRecords", 0);
  return {
    perRecord: whole("eventsPerRecord", 1),
    most: most === 0 ? Infinity : most,
    seed: whole("seed", 0),
    from: first === null ? null : startOf(first),
    to: Math.min(now, last === null ? now : startOf(last) + 86_399_000),
  };
}

async function generate(context: CommandContext, input: CommandInput): Promise<ExitCode> {
  const { options } = input;
  const refused = await refuses(context);
  if (refused !== null) return refused;
  const wanted = wantedOf(input, context.now());
  const records = await chosenRecords(context, input, wanted);
  const lines = () => syntheticUse(records, wanted);
  let events = 0;
  for (const some of lines()) events += some.length;
  const isDry = options["dryRun"] === true;
  const isMeant =
    isDry ||
    events === 0 ||
    options["yesIKnow"] === true ||
    (await confirm(context, { text: `Invent ${events} events of ${records.length} records`, flags: "--yes-i-know" }));
  if (!isMeant) {
    context.stderr.write("Nothing was invented.\n");
    return EXIT.failed;
  }
  const accepted = isDry || events === 0 ? 0 : await take(context, lines(), wanted.seed);
  const report = { records: records.length, events, accepted, dryRun: isDry };
  if (options["json"] === true) context.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else {
    const verb = isDry ? `Would invent ${events} events` : `Invented ${events} events, ${accepted} of them new,`;
    context.stdout.write(`${verb} of ${records.length} records. Every page says that they are generated.\n`);
  }
  return context.signal.aborted ? EXIT.partial : EXIT.done;
}

async function chosenRecords(
  context: CommandContext,
  { options }: CommandInput,
  { most }: Wanted,
): Promise<readonly SyntheticRecord[]> {
  const { facts } = await context.engine();
  const filters = {
    startDay: dayOption(options, "startDate"),
    endDay: dayOption(options, "endDate"),
    records: new Set<string>(),
  };
  const isEnriched = options["enrichEvents"] === true;
  const lines = (await livingRecords(facts, filters)).toSorted((a, b) => (a.record < b.record ? -1 : 1));
  return lines.slice(0, most).map(({ record, parent, created, files, filesEnabled, communities }) => ({
    id: record,
    parent,
    created,
    files: filesEnabled ? files : [],
    communities: isEnriched ? communities : null,
  }));
}

/** Through a file, as any other events: so they are told apart, deduplicated, and can be fed in again. */
async function take(context: CommandContext, lines: Iterable<readonly string[]>, seed: number): Promise<number> {
  const { config, signal, now } = context;
  const folder = join(config.dataDir, "generated");
  await mkdir(folder, { recursive: true });
  const path = join(folder, `usage-${seed}.ndjson`);
  const bar = await progressBar(context);
  try {
    bar.update({ step: "inventing events", done: 0, total: 0 });
    await pipeline(Readable.from(textOf(lines)), createWriteStream(path), { signal });
    const { facts } = await context.engine();
    const progress = ({ bytesRead, bytesTotal }: { bytesRead: number; bytesTotal: number }) =>
      bar.update({ step: "storing events", done: bytesRead, total: bytesTotal });
    const rejectsDir = join(config.dataDir, "rejects");
    const { totals } = await ingestFiles({ files: [path], facts, as: "events", rejectsDir, signal, now, progress });
    return totals.accepted;
  } catch (error) {
    // Nothing is stored before all is invented.
    if (signal.aborted) return 0;
    throw error;
  } finally {
    bar.stop();
    await rm(path, { force: true });
  }
}

function* textOf(lines: Iterable<readonly string[]>): Generator<string> {
  for (const some of lines) if (some.length > 0) yield `${some.join("\n")}\n`;
}

import { join } from "node:path";
import { addAbortSignal } from "node:stream";
import { UsageError } from "@community-stats/contract/problems.ts";
import type { InstanceSource } from "../engine/instance-source.ts";
import { harvest } from "../ingest/harvest.ts";
import { ingestFiles } from "../ingest/ingest.ts";
import { INGEST_KINDS, isIngestKind, type IngestKind } from "../ingest/kinds.ts";
import { type FileReport, type IngestProgress, type IngestReport, type Tally, tallied } from "../ingest/report.ts";
import { STDIN } from "../ingest/source.ts";
import { forgetClosedAnswers } from "./cache-access.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { textOption } from "./options.ts";
import { type ProgressBar, progressBar } from "./progress.ts";
import { table } from "./text-table.ts";

export const ingestCommand: Command = {
  name: "ingest",
  summary: "Read records, communities, memberships and usage events from files, or from the repository's own indices.",
  arguments: [{ name: "[file...]", description: 'NDJSON, plain or packed with gzip; "-" is standard input' }],
  gated: true,
  options: [
    {
      flags: "--as <kind>",
      description: "what the lines are, where their content shall not decide",
      choices: INGEST_KINDS,
    },
    {
      flags: "--instance",
      description: "read what the repository has written to its own indices since the last time (engine opensearch)",
    },
    { flags: "--dry-run", description: "say what would be taken, change nothing" },
    {
      flags: "--rejects <dir>",
      description: "folder for lines that cannot be used; default: rejects in the data folder",
    },
    { flags: "--json", description: "print the report as JSON" },
  ],
  examples: [
    "ingest communities.ndjson.gz records.ndjson.gz events/*.ndjson.gz",
    "ingest --as memberships members.ndjson --dry-run",
    "ingest - --as events --json",
  ],
  run: runIngest,
};

async function runIngest(context: CommandContext, { options, arguments: files }: CommandInput): Promise<ExitCode> {
  if (files.filter((file) => file === STDIN).length > 1) {
    throw new UsageError("Standard input (-) is named twice.", "It can be read once.");
  }
  if (files.length === 0 && options["instance"] !== true) {
    throw new UsageError("ingest needs to know what to read.", "Name files, or give --instance.");
  }
  const bar = await progressBar(context);
  const report = await take(context, { options, arguments: files }, bar).finally(() => bar.stop());
  // Whoever was let in yesterday may not be today; of a community that is closed, nothing is kept.
  if (!report.dryRun) await forgetClosedAnswers(context);
  context.stdout.write(options["json"] === true ? `${JSON.stringify(report, null, 2)}\n` : describeIngest(report));
  for (const { file, error, truncated } of report.files) {
    if (error !== null) context.stderr.write(`Error: ${error.message}\n${error.hint}\n`);
    if (truncated) context.stderr.write(truncation(file));
  }
  return exitOf(report);
}

async function take(context: CommandContext, input: CommandInput, bar: ProgressBar): Promise<IngestReport> {
  const { facts, instance } = await context.engine();
  const { options } = input;
  const common = {
    facts,
    dryRun: options["dryRun"] === true,
    rejectsDir: textOption(options, "rejects") ?? join(context.config.dataDir, "rejects"),
    signal: context.signal,
    now: context.now,
    progress: ({ file, bytesRead, bytesTotal }: IngestProgress) =>
      bar.update({ step: file.replace(/^.*\//, ""), done: bytesRead, total: bytesTotal }),
  };
  if (options["instance"] === true) return await harvest({ ...common, instance: instanceOf(input, instance) });
  const stdin = bytesOf(context);
  return await ingestFiles({ ...common, files: input.arguments, as: kindOption(options["as"]), stdin });
}

function instanceOf({ arguments: files }: CommandInput, instance: InstanceSource | undefined): InstanceSource {
  if (files.length > 0)
    throw new UsageError("--instance reads no files.", "Run ingest twice: with files, and with --instance.");
  if (instance !== undefined) return instance;
  throw new UsageError(
    "This engine does not see the repository's indices.",
    "Set COMMUNITY_STATS_ENGINE=opensearch, OPENSEARCH_URL and SEARCH_INDEX_PREFIX to those of the repository.",
  );
}

function kindOption(value: unknown): IngestKind | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && isIngestKind(value)) return value;
  throw new UsageError(`--as ${JSON.stringify(value)} is no kind.`, `Choose one of ${INGEST_KINDS.join(", ")}.`);
}

/** Ends when the command is asked to: nobody knows when the next bytes come. */
async function* bytesOf({ stdin, signal }: CommandContext): AsyncGenerator<Uint8Array | string> {
  try {
    for await (const chunk of addAbortSignal(signal, stdin)) yield chunk;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function truncation(file: string): string {
  return `Error: the compressed data of ${file} end early or are damaged; what could be read was taken.\nGet the file again: lines that are there already are not counted twice.\n`;
}

export function exitOf({ state }: IngestReport): ExitCode {
  switch (state) {
    case "done":
      return EXIT.done;
    case "partial":
      return EXIT.partial;
    case "failed":
      return EXIT.failed;
    default:
      return state satisfies never;
  }
}

const COLUMNS = ["file", "kind", "read", "accepted", "known", "superseded", "skipped", "rejected"] as const;

/** The report as a table, with the reasons below it. */
function describeIngest(report: IngestReport): string {
  const rows = report.files.map((file) => rowOf(file.file.replace(/^.*\//, ""), file.kind ?? "–", countsOf(file)));
  const total = report.files.length > 1 ? [rowOf("total", "", report.totals)] : [];
  const lines = [
    ...table([[...COLUMNS], ...rows, ...total], { left: 2 }),
    ...report.files.flatMap((file) => noteLines(file)),
    ...(report.dryRun ? ["Nothing was changed (--dry-run)."] : []),
    ...(report.interrupted ? ["Interrupted: what was accepted so far is stored; run it again for the rest."] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function countsOf(file: FileReport): IngestReport["totals"] {
  return { ...file, skipped: tallied(file.skipped), rejected: tallied(file.rejected) };
}

function rowOf(name: string, kind: string, counts: IngestReport["totals"]): readonly string[] {
  const { read, accepted, known, superseded, skipped, rejected } = counts;
  return [name, kind, ...[read, accepted, known, superseded, skipped, rejected].map(String)];
}

function noteLines(file: FileReport): readonly string[] {
  const notes = [
    ...file.skipped.map((tally) => `  skipped ${reasonLine(tally)}`),
    ...file.rejected.map((tally) => `  rejected ${reasonLine(tally)}`),
    ...file.warnings.map((tally) => `  note ${reasonLine(tally)}`),
    ...(file.rejects === null ? [] : [`  rejected lines are in ${file.rejects}`]),
    ...(file.error === null ? [] : [`  not read: ${file.error.message}`]),
    ...(file.truncated ? ["  the compressed data end early or are damaged"] : []),
  ];
  return notes.length === 0 ? [] : ["", file.file, ...notes];
}

function reasonLine({ reason, count, lines }: Tally): string {
  const more = count > lines.length ? ", …" : "";
  return `${count}: ${reason} (${lines.length === 1 ? "line" : "lines"} ${lines.join(", ")}${more})`;
}

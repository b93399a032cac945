import { addDays, dayOf, type Instant } from "@community-stats/contract/days.ts";
import { UsageError } from "@community-stats/contract/problems.ts";
import { QUERIES } from "@community-stats/contract/queries.ts";
import { Queries } from "../query/queries.ts";
import { type QueryResult } from "../query/run-plan.ts";
import { OPERATOR } from "../query/scopes.ts";
import { resultJson } from "../query/result-json.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { dayOption, textOption } from "./options.ts";
import { describeResult } from "./read-text.ts";

/** All daily documents of a scope: what the original reads where no query is named. */
const EVERYTHING = "community-stats";

export const readCommand: Command = {
  name: "read",
  summary: "Print the numbers of a query.",
  gated: true,
  options: [
    {
      flags: "--query-type <name>",
      description: `one of: ${queryNames()}`,
      default: EVERYTHING,
    },
    { flags: "--community-id <id>", description: "id or slug of a community, or global", default: "global" },
    { flags: "--start-date <day>", description: "first day, YYYY-MM-DD; default yesterday" },
    { flags: "--end-date <day>", description: "last day, YYYY-MM-DD; default today" },
    { flags: "--date-basis <basis>", description: "added, created or published" },
    { flags: "--category <name>", description: "category of a series query" },
    { flags: "--metric <name>", description: "metric of a series query" },
    { flags: "--record-id <id>", description: "record of record-usage" },
    { flags: "--per <unit>", description: "lists of records: parent (all versions of a work together) or record" },
    { flags: "--json", description: "print JSON, exactly as the API answers" },
  ],
  examples: [
    "read",
    "read --query-type community-usage-delta",
    "read --query-type community-record-snapshot-added --community-id my-community --start-date 2025-01-01 --json",
  ],
  run,
};

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const name = textOption(options, "queryType") ?? EVERYTHING;
  if (!QUERIES.some((query) => query.name === name)) {
    throw new UsageError(`There is no query ${JSON.stringify(name)}.`, `The queries are ${queryNames()}.`);
  }
  const { config, now } = context;
  const { breakdowns, topLimit, weekStart } = config;
  const queries = new Queries({ engine: await context.engine(), breakdowns, topLimit, weekStart, now });
  const result = await queries.run(await queries.plan(name, parameters(context, options), OPERATOR));
  if (options["json"] === true) await writeAll(context.stdout, withLineEnd(resultJson(result)));
  else await writeAll(context.stdout, describeResult(result));
  noteDoubts(context, result);
  return EXIT.done;
}

function queryNames(): string {
  return QUERIES.map(({ name }) => name).join(", ");
}

function parameters(context: CommandContext, options: CommandInput["options"]): Record<string, unknown> {
  const today = dayOf(instant(context.now()));
  const end = dayOption(options, "endDate");
  const start = dayOption(options, "startDate") ?? (end !== null && end < today ? end : addDays(today, -1));
  return {
    community_id: textOption(options, "communityId"),
    start_date: start,
    end_date: end ?? (start > today ? start : today),
    date_basis: textOption(options, "dateBasis"),
    category: textOption(options, "category"),
    metric: textOption(options, "metric"),
    record_id: textOption(options, "recordId"),
    per: textOption(options, "per"),
  };
}

function instant(ms: number): Instant {
  return ms as Instant;
}

function* withLineEnd(pieces: Iterable<string>): Generator<string> {
  yield* pieces;
  yield "\n";
}

/** Waits where the reader of our output is slower than we are. */
async function writeAll(stream: NodeJS.WritableStream, pieces: Iterable<string>): Promise<void> {
  for (const piece of pieces) {
    if (!stream.write(piece)) await new Promise((resolve) => stream.once("drain", resolve));
  }
}

function noteDoubts({ stderr }: CommandContext, { freshness }: QueryResult): void {
  const { missingDays, incompleteDays, generated } = freshness;
  if (generated === true) stderr.write("The use is generated demonstration data; the records are real.\n");
  if (missingDays.length > 0) stderr.write(`Not counted: ${listed(missingDays)}.\n`);
  if (incompleteDays.length > 0) stderr.write(`Not complete: ${listed(incompleteDays)}.\n`);
}

function listed(days: readonly string[]): string {
  const shown = days.slice(0, 5).join(", ");
  return days.length > 5 ? `${shown} and ${days.length - 5} more days` : shown;
}

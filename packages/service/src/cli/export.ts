import { UsageError } from "@community-stats/contract/problems.ts";
import { QUERIES } from "@community-stats/contract/queries.ts";
import type { AnswerRequest, PlannedEntry } from "../cache/answering.ts";
import { directAnswering } from "../cache/direct-answering.ts";
import { tableCount } from "../cache/table-count.ts";
import { loadOffers } from "../export/registry.ts";
import type { Serializer } from "../export/serializer.ts";
import { Queries } from "../query/queries.ts";
import { OPERATOR } from "../query/scopes.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { dayOption, listOption, textOption } from "./options.ts";
import { writeFileWhole, writeToStream } from "./whole-file.ts";

type Options = CommandInput["options"];

/** What the dashboard offers for download. */
const DEFAULT_QUERIES = QUERIES.filter(({ form }) => form === "category").map(({ name }) => name);

export const exportCommand: Command = {
  name: "export",
  summary: "Write the numbers of queries to a file: JSON, CSV, XLSX or XML.",
  gated: true,
  options: [
    {
      flags: "--query-type <name>",
      description: `query, may be given several times; by default ${DEFAULT_QUERIES.join(", ")}`,
      repeatable: true,
    },
    { flags: "--community-id <id>", description: "id or slug of a community, or global", default: "global" },
    { flags: "--start-date <day>", description: "first day, YYYY-MM-DD; default the first there is" },
    { flags: "--end-date <day>", description: "last day, YYYY-MM-DD; default the last there is" },
    {
      flags: "--param <name=value>",
      description: "any other parameter of the API, such as shape=columns; may be given several times",
      repeatable: true,
    },
    {
      flags: "--format <name>",
      description: "json, csv, csv.tar.gz, xlsx, xml or one of your own; by default told from the name of the file",
    },
    { flags: "-o, --output <file>", description: "file to write; by default the standard output" },
  ],
  examples: [
    "export --output statistics.xlsx",
    "export --community-id my-community --query-type usage-delta-category --start-date 2025-01-01 --format csv.tar.gz --output use.tar.gz",
  ],
  run,
};

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const { config, now, signal } = context;
  const output = textOption(options, "output");
  const { breakdowns, topLimit, weekStart } = config;
  const queries = new Queries({ engine: await context.engine(), breakdowns, topLimit, weekStart, now });
  const entries: PlannedEntry[] = [];
  for (const query of queryNames(options)) {
    const { scope, plan, parameters, state } = await queries.prepare(query, parametersOf(options), OPERATOR);
    entries.push({ label: query, query, scope, parameters, plan, state });
  }
  const serializer = await serializerOf(context, { options, output, tables: tableCount(entries) });
  const shape = entries.length === 1 ? "bare" : "labelled";
  const request: AnswerRequest = { entries, shape, serializer, encoding: "identity", problemOf: null, signal };
  try {
    const { body } = await directAnswering({ queries, site: config }).answer(request);
    await (output === null ? writeToStream(context.stdout, body) : writeFileWhole(output, body, signal));
  } catch (error) {
    if (signal.aborted) return EXIT.partial;
    throw error;
  }
  if (output !== null) context.stderr.write(`Written: ${output}\n`);
  return EXIT.done;
}

function queryNames(options: Options): readonly string[] {
  const named = [...new Set(listOption(options, "queryType"))];
  return named.length === 0 ? DEFAULT_QUERIES : named;
}

function parametersOf(options: Options): Readonly<Record<string, unknown>> {
  const more = listOption(options, "param").map((text) => {
    const [name = "", ...value] = text.split("=");
    if (name !== "" && value.length > 0) return [name, value.join("=")] as const;
    throw new UsageError(`--param ${JSON.stringify(text)} is no parameter.`, "Write it as --param shape=columns.");
  });
  return {
    ...Object.fromEntries(more),
    community_id: textOption(options, "communityId"),
    start_date: dayOption(options, "startDate"),
    end_date: dayOption(options, "endDate"),
  };
}

interface FormatChoice {
  readonly options: Options;
  readonly output: string | null;
  /** How many tables the answer may have. */
  readonly tables: number;
}

async function serializerOf(
  { config }: CommandContext,
  { options, output, tables }: FormatChoice,
): Promise<Serializer> {
  const offers = await loadOffers(config.answers.serializers, config.file);
  const serializers = [...new Set(offers.map((offer) => offer.serializer))];
  const given = textOption(options, "format");
  const byName = serializers.filter(({ extension }) => output?.toLowerCase().endsWith(extension));
  const found = serializers.find(({ id }) => id === (given ?? byName[0]?.id ?? "json"));
  if (found === undefined) {
    throw new UsageError(
      `There is no format ${JSON.stringify(given)}.`,
      `Use one of: ${serializers.map(({ id }) => id).join(", ")}.`,
    );
  }
  if (found.id === "csv" && tables > 1) {
    throw new UsageError(
      "One CSV file holds one table, and this answer has several.",
      "Use --format csv.tar.gz, or ask for one metric of one category: --query-type usage-delta-series --param metric=views.",
    );
  }
  return found;
}

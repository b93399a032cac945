import type { StatsDocument } from "@community-stats/contract/documents.ts";
import { UsageError } from "@community-stats/contract/problems.ts";
import { QUERIES } from "@community-stats/contract/queries.ts";
import { PUBLISHED_NAMES, type PublishedDocument, type PublishedName } from "../engine/document-publisher.ts";
import type { Engine } from "../engine/engine.ts";
import { Queries } from "../query/queries.ts";
import { OPERATOR } from "../query/scopes.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { dayOption, textOption } from "./options.ts";

const REQUEST_TIMEOUT_MS = 300_000;

export const publishCommand: Command = {
  name: "publish",
  summary:
    "Write the daily documents into the repository's indices, under the names of the original (engine opensearch).",
  gated: true,
  options: [
    { flags: "--community-id <id>", description: "id or slug of a community, or global; by default all" },
    { flags: "--start-date <day>", description: "first day, YYYY-MM-DD; by default the first there is" },
    { flags: "--end-date <day>", description: "last day, YYYY-MM-DD; by default the last that is counted" },
    { flags: "--json", description: "print the report as JSON" },
  ],
  run,
};

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const engine = await context.engine();
  const publisher = engine.publisher?.(context.config.publicationChunks, REQUEST_TIMEOUT_MS);
  if (publisher === undefined) {
    throw new UsageError(
      "This engine has no indices to publish to.",
      "Set COMMUNITY_STATS_ENGINE=opensearch and OPENSEARCH_URL.",
    );
  }
  const { breakdowns, topLimit } = context.config;
  const queries = new Queries({ engine, breakdowns, topLimit, now: context.now });
  const scopes = await scopesOf(engine, textOption(options, "communityId"));
  const range = { start_date: dayOption(options, "startDate"), end_date: dayOption(options, "endDate") };
  const reports = [];
  for (const { query, name } of publications()) {
    if (context.signal.aborted) break;
    reports.push({ name, ...(await publisher.publish(name, documents(queries, query, { scopes, range }))) });
  }
  context.stdout.write(options["json"] === true ? `${JSON.stringify(reports, null, 2)}\n` : reports.map(line).join(""));
  if (context.signal.aborted) return EXIT.partial;
  return reports.some(({ failed }) => failed.length > 0) ? EXIT.partial : EXIT.done;
}

type Report = { readonly name: string } & Awaited<
  ReturnType<NonNullable<ReturnType<NonNullable<Engine["publisher"]>>["publish"]>>
>;

function line({ name, written, failed, replaced }: Report): string {
  const refused = failed.map(({ id, reason }) => `  not written: ${id}: ${reason}\n`).join("");
  const kept = replaced.map((index) => `  replaced, and kept: ${index}\n`).join("");
  return `${name}: ${written} documents\n${refused}${kept}`;
}

/** Each kind of daily document with the name that the original had for it. */
function publications(): readonly { readonly query: string; readonly name: PublishedName }[] {
  const named = QUERIES.filter(({ form }) => form === "documents");
  return named.flatMap(({ name: query }) => {
    const wanted = `stats-${query.replace("community-record-", "community-records-")}`;
    const name = PUBLISHED_NAMES.find((one) => one === wanted);
    return name === undefined ? [] : [{ query, name }];
  });
}

async function scopesOf(engine: Engine, community: string | null): Promise<readonly string[]> {
  if (community !== null) return [community];
  const living = (await engine.facts.communities()).filter(({ deleted }) => !deleted);
  return ["global", ...living.map(({ id }) => id)];
}

interface Wanted {
  readonly scopes: readonly string[];
  readonly range: Readonly<Record<"start_date" | "end_date", string | null>>;
}

async function* documents(
  queries: Queries,
  query: string,
  { scopes, range }: Wanted,
): AsyncGenerator<PublishedDocument> {
  for (const community_id of scopes) {
    const result = await queries.run(await queries.plan(query, { community_id, ...range }, OPERATOR));
    if (result.form !== "documents") throw new Error(`${query} gave ${result.form}`);
    for (const document of result.documents) yield published(document);
  }
}

function published(document: StatsDocument): PublishedDocument {
  const day = ("snapshot_date" in document ? document.snapshot_date : document.period_start).slice(0, 10);
  return { id: `${document.community_id}-${day}`, year: Number(day.slice(0, 4)), source: document };
}

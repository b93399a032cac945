import type { Day } from "@community-stats/contract/days.ts";
import { UsageError } from "@community-stats/contract/problems.ts";
import { type NamedQuery, QUERIES } from "@community-stats/contract/queries.ts";
import { takeLease } from "../aggregate/aggregation-lease.ts";
import { PUBLISHED_NAMES, type PublishedName } from "../engine/document-publisher.ts";
import type { Engine } from "../engine/engine.ts";
import { whileHeld } from "../engine/held-lease.ts";
import { Queries } from "../query/queries.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { LEASE_TTL_MS } from "./lock.ts";
import { dayOption, textOption } from "./options.ts";
import {
  type ChangedFrom,
  changedFrom,
  EVERYTHING,
  presentState,
  type PublicationState,
  publishedState,
} from "./publication-state.ts";
import { PublicationPosition } from "./publication-position.ts";
import { publishedDocuments, type PublishedScope } from "./published-documents.ts";

const REQUEST_TIMEOUT_MS = 300_000;

const LEASE = "community_stats_publication";

export const publishCommand: Command = {
  name: "publish",
  summary: "Write the daily documents into the repository's indices, under the original's names (engine opensearch).",
  gated: true,
  options: [
    { flags: "--community-id <id>", description: "id or slug of a community, or global; by default all" },
    { flags: "--start-date <day>", description: "first day, YYYY-MM-DD; by default the first that changed" },
    { flags: "--end-date <day>", description: "last day, YYYY-MM-DD; by default the last that is counted" },
    { flags: "--all", description: "look at every document, whether its numbers changed since the last time or not" },
    { flags: "--json", description: "print the report as JSON" },
  ],
  examples: ["publish", "publish --all --json", "publish --community-id global --start-date 2025-01-01"],
  run,
};

async function run(context: CommandContext, input: CommandInput): Promise<ExitCode> {
  const { control } = await context.engine();
  const { owner, now, signal } = context;
  const lease = await takeLease(control, { owner, now: now(), ttlMs: LEASE_TTL_MS, name: LEASE });
  if (lease === null) {
    context.stderr.write("Another publication is running; nothing was done.\n");
    return EXIT.held;
  }
  return await whileHeld({ lease, ttlMs: LEASE_TTL_MS, now, signal }, (held) =>
    publish({ ...context, signal: held }, input),
  );
}

async function publish(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
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
  const present = await presentState(engine, { topLimit, breakdowns });
  const given = givenRange(options);
  const wanted = {
    ...given,
    last: present?.last ?? Number.NEGATIVE_INFINITY,
    changed: await changes(engine, given, present),
    scopes: await scopesOf(engine, given.community),
  };
  const source = { queries, rollups: engine.rollups, wanted, signal: context.signal };
  const position = given.isPart ? null : await PublicationPosition.of(engine, present, given.isAll);
  const reports: Report[] = [];
  for (const { query, name } of publications()) {
    if (context.signal.aborted) break;
    if (position?.isDone(name) === true) continue;
    const documents = publishedDocuments(query, source);
    const report = await publisher.publish(name, documents, context.signal);
    reports.push({ name, ...report });
    if (report.complete && report.failed.length === 0) await position?.keep(name);
  }
  const isEnded = context.signal.aborted;
  const isComplete = !isEnded && reports.every(({ failed }) => failed.length === 0);
  if (isComplete && position !== null) await position.end();
  context.stdout.write(options["json"] === true ? `${JSON.stringify(reports, null, 2)}\n` : textOf(reports, isEnded));
  return isComplete ? EXIT.done : EXIT.partial;
}

interface Given {
  readonly community: string | null;
  readonly from: Day | null;
  readonly to: Day | null;
  /** Every document of the range is looked at. */
  readonly isAll: boolean;
  /** Documents are left out that may be others by now. */
  readonly isPart: boolean;
}

function givenRange(options: CommandInput["options"]): Given {
  const community = textOption(options, "communityId");
  const [from, to] = [dayOption(options, "startDate"), dayOption(options, "endDate")];
  const isPart = community !== null || from !== null || to !== null;
  return { community, from, to, isPart, isAll: isPart || options["all"] === true };
}

async function changes(engine: Engine, { isAll }: Given, present: PublicationState | null): Promise<ChangedFrom> {
  if (isAll || present === null) return { use: EVERYTHING, holdings: () => EVERYTHING };
  return changedFrom(await publishedState(engine), present);
}

type Report = { readonly name: string } & Awaited<
  ReturnType<NonNullable<ReturnType<NonNullable<Engine["publisher"]>>["publish"]>>
>;

function textOf(reports: readonly Report[], isEnded: boolean): string {
  const end = isEnded ? "Interrupted: run it again for the rest; what is done is not looked at again.\n" : "";
  return `${reports.map(line).join("")}${end}`;
}

function line({ name, written, unchanged, failed, replaced }: Report): string {
  const refused = failed.map(({ id, reason }) => `  not written: ${id}: ${reason}\n`).join("");
  const kept = replaced.map((index) => `  replaced, and kept: ${index}\n`).join("");
  return `${name}: ${written} documents written, ${unchanged} looked at and unchanged\n${refused}${kept}`;
}

/** Each kind of daily document with the name that the original had for it. */
function publications(): readonly { readonly query: NamedQuery; readonly name: PublishedName }[] {
  const named = QUERIES.filter(({ form }) => form === "documents");
  return named.flatMap((query) => {
    const wanted = `stats-${query.name.replace("community-record-", "community-records-")}`;
    const name = PUBLISHED_NAMES.find((one) => one === wanted);
    return name === undefined ? [] : [{ query, name }];
  });
}

async function scopesOf({ facts, rollups }: Engine, community: string | null): Promise<readonly PublishedScope[]> {
  const living = (await facts.communities()).filter(({ deleted }) => !deleted).map(({ id }) => id);
  const ids = community === null ? ["global", ...living] : [community];
  return await Promise.all(ids.map(async (id) => ({ id, code: await rollups.code("scope", id) })));
}

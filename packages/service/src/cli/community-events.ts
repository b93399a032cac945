import type { Instant } from "@community-stats/contract/days.ts";
import { UnknownScopeError } from "@community-stats/contract/problems.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { MembershipLine } from "../engine/facts.ts";
import { inBackground } from "./background.ts";
import {
  type Command,
  type CommandContext,
  type CommandInput,
  type CommandOption,
  EXIT,
  type ExitCode,
} from "./command.ts";
import { livingRecords } from "./living-records.ts";
import { dayOption, listOption } from "./options.ts";
import { progressBar } from "./progress.ts";

const FILTERS: readonly CommandOption[] = [
  { flags: "--community-id <id>", description: "only memberships of this community: id or slug", repeatable: true },
  { flags: "--record-ids <id>", description: "only of this record", repeatable: true },
  { flags: "--start-date <day>", description: "only of records created on this day or later, YYYY-MM-DD" },
  { flags: "--end-date <day>", description: "only of records created on this day or before" },
];
const JSON_FLAG = { flags: "--json", description: "print JSON" };

export const communityEventsGenerateCommand: Command = {
  name: "community-events generate",
  summary: "Write down since when records belong to their communities, where no event says so.",
  gated: true,
  options: [
    ...FILTERS,
    { flags: "--no-show-progress", description: "draw no progress" },
    { flags: "--dry-run", description: "only say what would be written" },
    JSON_FLAG,
  ],
  examples: ["community-events generate", "community-events generate --community-id my-community --dry-run"],
  run: generate,
};

export const communityEventsStatusCommand: Command = {
  name: "community-events status",
  summary: "Say of how many records no event tells since when they belong to their communities.",
  gated: true,
  options: [...FILTERS, { flags: "--community-details", description: "for each community" }, JSON_FLAG],
  examples: ["community-events status", "community-events status --community-details"],
  run: status,
};

export const communityEventsBackgroundCommand = inBackground(communityEventsGenerateCommand, {
  name: "community-events generate-background",
  summary: "Write down since when records belong to their communities, in a process of its own.",
  process: "community-event-generation",
  without: ["--json", "--dry-run", "--no-show-progress"],
  examples: ["community-events generate-background"],
});

interface Findings {
  readonly records: number;
  /** Memberships that are told already. */
  readonly existing: number;
  readonly missing: readonly MembershipLine[];
}

export async function findMissing(
  { facts }: { readonly facts: FactStore },
  { options }: CommandInput,
): Promise<Findings> {
  const communities = await facts.communities();
  const wanted = new Set(listOption(options, "communityId").map((name) => idOf(communities, name)));
  const filters = {
    startDay: dayOption(options, "startDate"),
    endDay: dayOption(options, "endDate"),
    records: new Set(listOption(options, "recordIds")),
  };
  const told = new Set<string>();
  for await (const { record, community } of facts.membershipLines()) told.add(`${record}\n${community}`);
  const created = new Map(communities.map((line) => [line.id, line.created]));
  const records = await livingRecords(facts, filters);
  const memberships = records.flatMap((line) =>
    line.communities
      .filter((community) => wanted.size === 0 || wanted.has(community))
      .map((community): MembershipLine => {
        // Nothing belongs to a community before there is one.
        const at = Math.max(line.created, created.get(community) ?? -Infinity) as Instant;
        return { record: line.record, community, type: "added", at };
      }),
  );
  const missing = memberships.filter(({ record, community }) => !told.has(`${record}\n${community}`));
  return { records: records.length, existing: memberships.length - missing.length, missing };
}

function idOf(communities: Awaited<ReturnType<FactStore["communities"]>>, name: string): string {
  const line = communities.find(({ id }) => id === name) ?? communities.find(({ slug }) => slug === name);
  if (line === undefined) throw new UnknownScopeError(name);
  return line.id;
}

const BATCH = 5000;

async function generate(context: CommandContext, input: CommandInput): Promise<ExitCode> {
  const { options } = input;
  const { facts } = await context.engine();
  const { records, existing, missing } = await findMissing({ facts }, input);
  const isDry = options["dryRun"] === true;
  const bar = await progressBar(options["showProgress"] === false ? { ...context, interactive: false } : context);
  let written = 0;
  const wanted = isDry ? [] : missing;
  for (let at = 0; at < wanted.length && !context.signal.aborted; at += BATCH) {
    const memberships = wanted.slice(at, at + BATCH);
    written += (await facts.append({ memberships })).memberships.accepted;
    bar.update({ step: "writing memberships", done: at + memberships.length, total: wanted.length });
  }
  bar.stop();
  const report = { records, existing, missing: missing.length, written, dryRun: isDry };
  if (options["json"] === true) context.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else {
    const verb = isDry ? `${missing.length} would be written` : `${written} written`;
    const next = written > 0 ? "Count them with: community-stats aggregate --force\n" : "";
    context.stdout.write(`${records} records; of their memberships ${existing} are told already, ${verb}.\n${next}`);
  }
  return context.signal.aborted ? EXIT.partial : EXIT.done;
}

async function status(context: CommandContext, input: CommandInput): Promise<ExitCode> {
  const { facts } = await context.engine();
  const { records, existing, missing } = await findMissing({ facts }, input);
  const lacking = new Set(missing.map(({ record }) => record)).size;
  const counts = new Map<string, number>();
  for (const { community } of missing) counts.set(community, (counts.get(community) ?? 0) + 1);
  const slugs = new Map((await facts.communities()).map(({ id, slug }) => [id, slug]));
  const details = [...counts]
    .map(([id, count]) => ({ id, slug: slugs.get(id) ?? null, missing: count }))
    .toSorted((a, b) => b.missing - a.missing);
  const report = { records, lacking, existing, missing: missing.length };
  const isDetailed = input.options["communityDetails"] === true;
  if (input.options["json"] === true) {
    context.stdout.write(`${JSON.stringify(isDetailed ? { ...report, communities: details } : report, null, 2)}\n`);
    return EXIT.done;
  }
  const lines = [
    `${records} records; ${lacking} of them have ${missing.length} memberships of which no event tells the beginning.`,
    ...(isDetailed ? details.map(({ id, slug, missing: count }) => `  ${slug ?? id}: ${count}`) : []),
    ...(missing.length > 0 ? ["Write them down with: community-stats community-events generate"] : []),
  ];
  context.stdout.write(`${lines.join("\n")}\n`);
  return EXIT.done;
}

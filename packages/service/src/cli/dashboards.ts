import type { Instant } from "@community-stats/contract/days.ts";
import { UsageError } from "@community-stats/contract/problems.ts";
import type { CommunityLine } from "../engine/facts.ts";
import {
  type Command,
  type CommandContext,
  type CommandInput,
  type CommandOption,
  EXIT,
  type ExitCode,
} from "./command.ts";
import { type ChoiceFilters, communityLives, isChosen } from "./community-choice.ts";
import { dayOption, wholeOption } from "./options.ts";

const OPTIONS: readonly CommandOption[] = [
  {
    flags: "--first-active <day>",
    description: "communities whose first record came on that day or before, YYYY-MM-DD",
  },
  { flags: "--active-since <day>", description: "communities in which a record came or went on that day or later" },
  { flags: "--record-threshold <number>", description: "communities with so many records at least" },
  { flags: "-v, --verbose", description: "name each community" },
  { flags: "--dry-run", description: "only say what would change" },
  { flags: "--json", description: "print JSON" },
];
const IDS = { name: "[community...]", description: "ids or slugs; without them the options choose" };

export const enableDashboardsCommand: Command = {
  name: "enable-dashboards",
  summary: "Switch the dashboards of communities on.",
  gated: true,
  arguments: [IDS],
  options: OPTIONS,
  examples: [
    "enable-dashboards my-community",
    "enable-dashboards --record-threshold 10 --active-since 2025-01-01 --dry-run",
  ],
  run: (context, input) => switchTo(context, input, true),
};

export const disableDashboardsCommand: Command = {
  name: "disable-dashboards",
  summary: "Switch the dashboards of communities off.",
  gated: true,
  arguments: [IDS],
  options: OPTIONS,
  examples: ["disable-dashboards my-community", "disable-dashboards --record-threshold 1 --dry-run"],
  run: (context, input) => switchTo(context, input, false),
};

/** Keeps the choice as the community's newest state, as if it had been fed in: a later change in the repository wins over it. */
async function switchTo(context: CommandContext, input: CommandInput, isOn: boolean): Promise<ExitCode> {
  const { options } = input;
  const { facts } = await context.engine();
  const communities = (await facts.communities()).filter(({ deleted }) => !deleted);
  const { chosen, unknown } =
    input.arguments.length > 0
      ? byName(communities, input.arguments)
      : { chosen: byLife(communities, await communityLives(facts), filtersOf(input)), unknown: [] };
  const changes = chosen.filter(({ dashboardEnabled }) => dashboardEnabled !== isOn);
  const isDry = options["dryRun"] === true;
  const updated = context.now() as Instant;
  if (!isDry && changes.length > 0) {
    await facts.append({ communities: changes.map((line) => ({ ...line, updated, dashboardEnabled: isOn })) });
  }
  const report = {
    changed: changes.map(({ id }) => id),
    unchanged: chosen.filter((line) => !changes.includes(line)).map(({ id }) => id),
    unknown,
    dryRun: isDry,
  };
  if (options["json"] === true) context.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else context.stdout.write(said({ isOn, isDry, changes, report, isVerbose: options["verbose"] === true }));
  for (const name of unknown) context.stderr.write(`Error: There is no community "${name}".\n`);
  if (unknown.length === 0) return EXIT.done;
  return chosen.length === 0 ? EXIT.failed : EXIT.partial;
}

function filtersOf({ options }: CommandInput): ChoiceFilters {
  const filters = {
    firstActive: dayOption(options, "firstActive"),
    activeSince: dayOption(options, "activeSince"),
    recordThreshold: wholeOption(options, "recordThreshold", { least: 0, most: 1_000_000_000 }),
  };
  if (Object.values(filters).every((value) => value === null)) {
    throw new UsageError(
      "No community is named, and nothing chooses any.",
      "Name communities, or give --first-active, --active-since or --record-threshold.",
    );
  }
  return { ...filters, recordThreshold: filters.recordThreshold ?? 0 };
}

function byName(communities: readonly CommunityLine[], names: readonly string[]) {
  const find = (name: string) =>
    communities.find(({ id }) => id === name) ?? communities.find(({ slug }) => slug === name);
  const found = names.map((name) => ({ name, line: find(name) }));
  return {
    chosen: [...new Set(found.flatMap(({ line }) => line ?? []))],
    unknown: found.flatMap(({ name, line }) => (line === undefined ? [name] : [])),
  };
}

function byLife(
  communities: readonly CommunityLine[],
  lives: Awaited<ReturnType<typeof communityLives>>,
  filters: ChoiceFilters,
): readonly CommunityLine[] {
  return communities.filter(({ id }) => isChosen(lives.get(id), filters));
}

interface Said {
  readonly isOn: boolean;
  readonly isDry: boolean;
  readonly isVerbose: boolean;
  readonly changes: readonly CommunityLine[];
  readonly report: { readonly unchanged: readonly string[] };
}

function said({ isOn, isDry, isVerbose, changes, report }: Said): string {
  const state = isOn ? "on" : "off";
  const verb = isDry ? "Would switch" : "Switched";
  const lines = [
    `${verb} ${changes.length} ${changes.length === 1 ? "dashboard" : "dashboards"} ${state}; ${report.unchanged.length} ${report.unchanged.length === 1 ? "was" : "were"} ${state} already.`,
    ...(isVerbose ? changes.map(({ slug, title, id }) => `  ${slug}  ${title}  ${id}`) : []),
  ];
  return `${lines.join("\n")}\n`;
}

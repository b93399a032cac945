import { UnknownScopeError, UsageError } from "@community-stats/contract/problems.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import { requestRecount } from "../aggregate/recount-request.ts";
import { AGGREGATION_TYPES } from "./aggregate.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { confirm } from "./confirm.ts";
import { listOption } from "./options.ts";

export const clearBookmarksCommand: Command = {
  name: "clear-bookmarks",
  summary: "Let the next aggregation count everything again.",
  gated: true,
  options: [
    { flags: "--community-id <id>", description: "of this community (id, slug or global)", repeatable: true },
    {
      flags: "--aggregation-type <type>",
      description: "of this kind of numbers",
      choices: AGGREGATION_TYPES,
      repeatable: true,
    },
    { flags: "--all-communities", description: "of all communities and the repository" },
    { flags: "--all-aggregation-types", description: "of all kinds of numbers" },
    { flags: "--confirm", description: "do not ask" },
    { flags: "--dry-run", description: "only say what would be cleared" },
    { flags: "--json", description: "print JSON" },
  ],
  examples: [
    "clear-bookmarks --all-communities --all-aggregation-types",
    "clear-bookmarks --community-id global --confirm",
  ],
  run,
};

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const names = listOption(options, "communityId");
  const types = listOption(options, "aggregationType");
  const isAll = options["allCommunities"] === true || options["allAggregationTypes"] === true;
  if (names.length === 0 && types.length === 0 && !isAll) {
    throw new UsageError(
      "clear-bookmarks needs to know whose.",
      "Give --community-id, --aggregation-type, --all-communities or --all-aggregation-types.",
    );
  }
  const { facts, rollups, control } = await context.engine();
  const communities = await facts.communities();
  const known = new Set([GLOBAL_KEY, ...communities.flatMap(({ id, slug }) => [id, slug])]);
  for (const name of names) if (!known.has(name)) throw new UnknownScopeError(name);
  const live = (await rollups.generations()).find((generation) => generation.live);
  const days = live === undefined ? 0 : (await rollups.countedDays(live.id)).length;
  const isDry = options["dryRun"] === true;
  const isMeant =
    isDry ||
    days === 0 ||
    options["confirm"] === true ||
    (await confirm(context, { text: `Count ${days} days again, of all communities at once`, flags: "--confirm" }));
  if (isMeant && !isDry && days > 0) await requestRecount(control);
  const cleared = isMeant && !isDry ? days : 0;
  if (options["json"] === true) context.stdout.write(`${JSON.stringify({ days, cleared, dryRun: isDry }, null, 2)}\n`);
  else context.stdout.write(`${said(days, { isDry, isMeant })}\n`);
  return isMeant ? EXIT.done : EXIT.failed;
}

function said(days: number, { isDry, isMeant }: { readonly isDry: boolean; readonly isMeant: boolean }): string {
  if (days === 0) return "Nothing is counted yet; there are no bookmarks.";
  if (isDry) return `Would let the next aggregation count ${days} days again, of all communities at once.`;
  if (!isMeant) return "Nothing was cleared.";
  return `The next aggregation counts ${days} days again, of all communities at once. Until then the numbers stay as they are.`;
}

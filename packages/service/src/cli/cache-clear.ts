import { UsageError } from "@community-stats/contract/problems.ts";
import { QUERIES } from "@community-stats/contract/queries.ts";
import type { EntryFilter, KeptAnswers } from "../cache/kept-answers.ts";
import { scopeNamed, withKeptAnswers } from "./cache-access.ts";
import { entriesText } from "./cache-text.ts";
import { confirm, type Question } from "./confirm.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { textOption } from "./options.ts";

const DRY_RUN = { flags: "--dry-run", description: "only say what would be removed" };
const JSON_FLAG = { flags: "--json", description: "print JSON" };

export const cacheClearAllCommand: Command = {
  name: "cache clear-all",
  summary: "Empty the cache.",
  gated: true,
  options: [
    { flags: "--force", description: "together with --yes-i-know: do not ask" },
    { flags: "--yes-i-know", description: "together with --force: do not ask" },
    DRY_RUN,
    JSON_FLAG,
  ],
  examples: ["cache clear-all", "cache clear-all --force --yes-i-know", "cache clear-all --dry-run"],
  run: (context, { options }) => {
    const isSure = options["force"] === true && options["yesIKnow"] === true;
    return clear(context, options, { filterOf: async () => ({}), sure: isSure ? null : "--force --yes-i-know" });
  },
};

export const cacheClearPatternCommand: Command = {
  name: "cache clear-pattern",
  summary: "Remove the entries whose keys fit a pattern.",
  gated: true,
  arguments: [
    { name: "<pattern>", description: 'shell pattern over the whole key, with "*" and "?"; `cache list` shows keys' },
  ],
  options: [{ flags: "--force", description: "do not ask" }, DRY_RUN, JSON_FLAG],
  examples: ["cache clear-pattern 'global/*'", "cache clear-pattern '*2023*' --dry-run"],
  run: (context, { options, arguments: [pattern = ""] }) =>
    clear(context, options, {
      filterOf: async () => ({ pattern }),
      sure: options["force"] === true ? null : "--force",
    }),
};

export const cacheClearItemCommand: Command = {
  name: "cache clear-item",
  summary: "Remove the answers to one query about one community.",
  gated: true,
  arguments: [
    { name: "<community>", description: "id, slug, or global" },
    { name: "<stat>", description: "name of the query" },
  ],
  options: [
    { flags: "--start-date <day>", description: "only answers asked from this day, YYYY-MM-DD" },
    { flags: "--end-date <day>", description: "only answers asked up to this day, YYYY-MM-DD" },
    { flags: "--date-basis <basis>", description: "only of this basis", choices: ["added", "created", "published"] },
    {
      flags: "--content-type <format>",
      description: "only in this format, as `cache list` names it: json, csv, xlsx, xml",
    },
    DRY_RUN,
    JSON_FLAG,
  ],
  examples: [
    "cache clear-item global usage-delta-category",
    "cache clear-item my-community record-snapshot-category --start-date 2024-01-01 --end-date 2024-12-31",
  ],
  run: (context, input) =>
    clear(context, input.options, { filterOf: (kept) => itemFilter(context, kept, input), sure: null }),
};

interface Clearing {
  readonly filterOf: (kept: KeptAnswers) => Promise<EntryFilter>;
  /** Options that say yes beforehand; null: nobody is asked. */
  readonly sure: Question["flags"] | null;
}

const SHOWN = 10;

async function clear(
  context: CommandContext,
  options: CommandInput["options"],
  { filterOf, sure }: Clearing,
): Promise<ExitCode> {
  const { stdout, stderr } = context;
  const isDry = options["dryRun"] === true;
  const result = await withKeptAnswers(context, async (kept) => {
    const filter = await filterOf(kept);
    const matched = await kept.count(filter);
    if (isDry || matched === 0) return { matched, removed: 0, declined: false, keys: await preview(kept, filter) };
    if (sure !== null) {
      stderr.write((await preview(kept, filter)).map((key) => `  ${key}\n`).join(""));
      if (matched > SHOWN) stderr.write(`  and ${matched - SHOWN} more\n`);
      const isMeant = await confirm(context, { text: `Remove ${entriesText(matched)}`, flags: sure });
      if (!isMeant) return { matched, removed: 0, declined: true, keys: [] };
    }
    const removed = await kept.removeEntries(filter);
    return { matched, removed, declined: false, keys: [] };
  });
  const { matched, removed, declined, keys } = result;
  if (options["json"] === true) stdout.write(`${JSON.stringify({ matched, removed, dryRun: isDry }, null, 2)}\n`);
  else if (declined) stderr.write("Nothing was removed.\n");
  else stdout.write(clearedText({ matched, removed, isDry, keys }));
  return declined ? EXIT.failed : EXIT.done;
}

async function preview(kept: KeptAnswers, filter: EntryFilter): Promise<readonly string[]> {
  return (await kept.list(filter, SHOWN)).map(({ key }) => key);
}

interface Cleared {
  readonly matched: number;
  readonly removed: number;
  readonly isDry: boolean;
  readonly keys: readonly string[];
}

function clearedText({ matched, removed, isDry, keys }: Cleared): string {
  if (matched === 0) return "No entry matches; nothing was removed.\n";
  if (!isDry) return `Removed ${entriesText(removed)}.\n`;
  const more = matched > keys.length ? [`  and ${matched - keys.length} more`] : [];
  return `${[`Would remove ${entriesText(matched)}:`, ...keys.map((key) => `  ${key}`), ...more].join("\n")}\n`;
}

async function itemFilter(context: CommandContext, kept: KeptAnswers, input: CommandInput): Promise<EntryFilter> {
  const [community = "", query = ""] = input.arguments;
  if (!QUERIES.some(({ name }) => name === query)) {
    throw new UsageError(
      `There is no query ${JSON.stringify(query)}.`,
      `The queries are ${QUERIES.map(({ name }) => name).join(", ")}.`,
    );
  }
  const given = {
    from: textOption(input.options, "startDate"),
    to: textOption(input.options, "endDate"),
    basis: textOption(input.options, "dateBasis"),
    format: formatOf(textOption(input.options, "contentType")),
  };
  const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  return { ...filter, scope: await scopeNamed(context, kept, community), query };
}

/** "application/json" is accepted for "json", as the original took media types. */
function formatOf(text: string | null): string | null {
  return text === null ? null : (/^application\/([a-z]+)$/.exec(text)?.[1] ?? text);
}

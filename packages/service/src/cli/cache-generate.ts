import { UsageError } from "@community-stats/contract/problems.ts";
import type { OpenedCache } from "../cache/open-cache.ts";
import { survey, warm, type WarmReport } from "../cache/warming.ts";
import { warmItems, warmScopes, type WarmChoice, type WarmItem, type WarmScope } from "../cache/warm-plan.ts";
import type { Queries } from "../query/queries.ts";
import { inBackground } from "./background.ts";
import { withCache } from "./cache-access.ts";
import { holdingLease } from "./cache-lease.ts";
import { counted } from "./cache-text.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { listOption } from "./options.ts";
import { progressBar } from "./progress.ts";
import { toldCaching } from "./told-run.ts";

export const cacheGenerateCommand: Command = {
  name: "cache generate",
  summary: "Make the answers that the dashboards and yearly queries need, before anybody asks.",
  gated: true,
  options: [
    { flags: "--community-id <id>", description: "only this community: id, slug, or global", repeatable: true },
    { flags: "--community-slug <slug>", description: "only this community", repeatable: true },
    {
      flags: "--year <year>",
      description: "only the queries of this year, or of these: 2023, or 2020-2023",
      repeatable: true,
    },
    { flags: "--first-view", description: "only what the dashboards show at first, as the hourly job does" },
    { flags: "--async", description: "accepted for compatibility: work is always done here" },
    { flags: "--force", description: "work although COMMUNITY_STATS_SCHEDULED_CACHE_TASKS_ENABLED is off" },
    { flags: "--overwrite", description: "make again what is there" },
    { flags: "--dry-run", description: "only say what would be made" },
    { flags: "--json", description: "print the report as JSON" },
  ],
  examples: [
    "cache generate --force",
    "cache generate --force --community-slug my-community --year 2020-2023",
    "cache generate --force --first-view",
    "cache generate --force --dry-run",
  ],
  refuses,
  run,
};

export const cacheGenerateBackgroundCommand = inBackground(cacheGenerateCommand, {
  name: "cache generate-background",
  summary: "Make answers before anybody asks, in a process of its own.",
  process: "cache-generation",
  without: ["--json", "--async", "--dry-run"],
  examples: ["cache generate-background", "cache generate-background --force --year 2020-2023"],
});

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const { config } = context;
  const years = yearsOf(listOption(options, "year"));
  const refused = await refuses(context, { options, arguments: [] });
  if (refused !== null) return refused;
  const names = [...listOption(options, "communityId"), ...listOption(options, "communitySlug")];
  const choice: WarmChoice = { years, views: years === null, blocks: options["firstView"] !== true };
  return await withCache(context, async (cache, queries) => {
    const scopes = await warmScopes({ queries, config, names, now: context.now() });
    const items = warmItems(scopes, choice);
    const work: Work = { cache, queries, scopes, items, overwrite: options["overwrite"] === true };
    const isJson = options["json"] === true;
    if (options["dryRun"] === true) return await dryRun(context, work, isJson);
    const told = { scopes, isDone: (code: ExitCode) => code === EXIT.done };
    return await holdingLease(context, (signal) =>
      toldCaching(context, told, () => generate(context, { ...work, signal }, isJson)),
    );
  });
}

async function refuses({ config, stderr }: CommandContext, { options }: CommandInput): Promise<ExitCode | null> {
  yearsOf(listOption(options, "year"));
  if (config.scheduledCaching || options["force"] === true) return null;
  stderr.write(
    "Error: warming of the cache is switched off (COMMUNITY_STATS_SCHEDULED_CACHE_TASKS_ENABLED).\nSet it to true, or add --force.\n",
  );
  return EXIT.failed;
}

/** @throws UsageError for anything but years and spans of years. */
function yearsOf(texts: readonly string[]): ReadonlySet<number> | null {
  if (texts.length === 0) return null;
  return new Set(texts.flatMap(yearSpan));
}

function yearSpan(text: string): readonly number[] {
  const [, first, last = first] = /^(\d{4})(?:-(\d{4}))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === undefined || from > to) {
    throw new UsageError(
      `--year ${JSON.stringify(text)} is no year.`,
      "Write 2023, or 2020-2023 with the earlier year first.",
    );
  }
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

interface Work {
  readonly cache: OpenedCache;
  readonly queries: Queries;
  readonly scopes: readonly WarmScope[];
  readonly items: readonly WarmItem[];
  readonly overwrite: boolean;
}

async function generate(
  context: CommandContext,
  { cache, queries, items, overwrite, signal }: Work & { readonly signal: AbortSignal },
  isJson: boolean,
): Promise<ExitCode> {
  const bar = await progressBar(context);
  const total = items.length;
  const { answering } = cache;
  const progress = (done: number) => bar.update({ step: "making answers", done, total });
  const report = await warm({ queries, answering, items, overwrite, signal, progress }).finally(bar.stop);
  if (isJson) context.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else context.stdout.write(reportText(report));
  return exitOf(report);
}

function exitOf({ state, success, skipped, failed }: WarmReport): ExitCode {
  if (state === "interrupted") return EXIT.partial;
  if (failed === 0) return EXIT.done;
  return success + skipped === 0 ? EXIT.failed : EXIT.partial;
}

function reportText(report: WarmReport): string {
  const { state, done, total, success, skipped, notKept, failed, errors } = report;
  const head = state === "interrupted" ? `Interrupted after ${done} of ${total} steps: ` : "";
  const notes = notKept === 0 ? "" : `, ${notKept} made but not kept (too long, not public, or nothing is counted yet)`;
  const lines = [
    `${head}${counted(success, "answer", "answers")} made, ${skipped} there already${notes}, ${failed} failed.`,
    ...errors.map(
      ({ community_id, year, category, error }) => `  failed: ${community_id} ${category} ${year ?? ""}: ${error}`,
    ),
  ];
  const more = failed > SHOWN ? [`  and ${failed - SHOWN} more; --json lists up to a hundred`] : [];
  return `${[...lines, ...more].join("\n")}\n`;
}

/** Lines of a list that nobody would read to its end. */
const SHOWN = 20;

async function dryRun({ stdout }: CommandContext, work: Work, isJson: boolean): Promise<ExitCode> {
  const { queries, cache, items, overwrite, scopes } = work;
  const { existing, missing } = await survey({ queries, answering: cache.answering, items });
  const toMake = overwrite ? existing + missing : missing;
  const communities = scopes.map(({ key, name, years }) => ({ id: key, name, years }));
  if (isJson) stdout.write(`${JSON.stringify({ dryRun: true, communities, existing, missing, toMake }, null, 2)}\n`);
  else {
    const shown = communities.slice(0, SHOWN).map(({ name, years }) => `  ${name}: ${yearsText(years)}`);
    const more = communities.length > SHOWN ? [`  and ${communities.length - SHOWN} more; --json lists all`] : [];
    const lines = [...shown, ...more];
    stdout.write(
      `${[counted(communities.length, "dashboard", "dashboards"), ...lines].join("\n")}\n` +
        `${counted(existing, "answer is", "answers are")} there, ${missing} missing; ${toMake} would be made` +
        ` (and what comparisons with the year before need).\n`,
    );
  }
  return EXIT.done;
}

function yearsText(years: readonly number[]): string {
  const [first, last] = [years[0], years.at(-1)];
  if (first === undefined || last === undefined) return "nothing is counted";
  return first === last ? `${first}` : `${first}-${last}`;
}

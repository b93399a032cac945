import type { CacheSummary, EntryInfo } from "../cache/kept-answers.ts";
import { presentState, scopeNamed, scopeNames, withKeptAnswers } from "./cache-access.ts";
import { ageText, entriesText, sizeText } from "./cache-text.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { textOption, wholeOption } from "./options.ts";
import { table } from "./text-table.ts";

const JSON_FLAG = { flags: "--json", description: "print JSON" };

export const cacheInfoCommand: Command = {
  name: "cache info",
  summary: "Show how much the cache holds.",
  gated: true,
  options: [{ flags: "--detailed", description: "also by format, limits and place" }, JSON_FLAG],
  examples: ["cache info", "cache info --detailed --json"],
  run: info,
};

export const cacheListCommand: Command = {
  name: "cache list",
  summary: "List what the cache holds.",
  gated: true,
  options: [
    { flags: "--limit <n>", description: "most entries shown", default: "50" },
    { flags: "--pattern <glob>", description: 'only keys that fit, with "*" and "?": "*usage-delta*2024*"' },
    { flags: "--human-readable", description: "a table of community, query, days and parameters instead of keys" },
    { flags: "--community-id <id>", description: "only this community: id, slug, or global" },
    { flags: "--include-sizes", description: "add the size of each" },
    { flags: "--include-ages", description: "add the age of each" },
    JSON_FLAG,
  ],
  examples: [
    "cache list --human-readable --include-sizes",
    "cache list --community-id my-community --pattern '*2024*'",
  ],
  run: list,
};

async function info(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const { config, now, stdout } = context;
  const state = await presentState(context);
  const { summary, path } = await withKeptAnswers(context, async (kept) => ({
    summary: await kept.summary(state),
    path: kept.place,
  }));
  const settings = {
    path,
    maxBytes: config.cache.diskBytes,
    memoryBytes: config.cache.memoryBytes,
  };
  const timestamp = new Date(now()).toISOString();
  if (options["json"] === true)
    stdout.write(`${JSON.stringify({ ...summary, ...settings, state, timestamp }, null, 2)}\n`);
  else
    stdout.write(
      `${infoLines(summary, { ...settings, state, now: now() }, options["detailed"] === true).join("\n")}\n`,
    );
  return EXIT.done;
}

interface Setting {
  readonly path: string;
  readonly maxBytes: number;
  readonly memoryBytes: number;
  readonly state: string | null;
  readonly now: number;
}

function infoLines(
  summary: CacheSummary,
  { path, maxBytes, memoryBytes, state, now }: Setting,
  detailed: boolean,
): readonly string[] {
  const { entries, bytes, contentBytes, scopes, reachable, oldest, newest, fileBytes, byFormat } = summary;
  const age = (at: number | null) => (at === null ? "none" : ageText(now - at));
  const brief = [
    `${entriesText(entries)} about ${scopes} ${scopes === 1 ? "scope" : "scopes"}, ${sizeText(bytes)} of at most ${sizeText(maxBytes)}`,
    `${entriesText(reachable)} of the present numbers, ${entriesText(entries - reachable)} of earlier ones (they go first)`,
  ];
  if (!detailed) return brief;
  return [
    ...brief,
    `Before compression: ${sizeText(contentBytes)}`,
    `By format: ${
      Object.entries(byFormat)
        .map(([format, count]) => `${format} ${count}`)
        .join(", ") || "none"
    }`,
    `Oldest: ${age(oldest)}, newest: ${age(newest)}`,
    `Kept in: ${path}, ${sizeText(fileBytes)}`,
    `In memory of each process: at most ${sizeText(memoryBytes)}`,
    `Numbers: ${state ?? "nothing is counted yet"}`,
  ];
}

async function list(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const community = textOption(options, "communityId");
  const pattern = textOption(options, "pattern");
  const limit = wholeOption(options, "limit", { least: 1, most: 1_000_000 }) ?? 50;
  const entries = await withKeptAnswers(context, async (kept) => {
    const scope = community === null ? {} : { scope: await scopeNamed(context, kept, community) };
    return await kept.list({ ...scope, ...(pattern === null ? {} : { pattern }) }, limit + 1);
  });
  const shown = entries.slice(0, limit);
  if (options["json"] === true) {
    context.stdout.write(`${JSON.stringify({ entries: shown, more: entries.length > limit }, null, 2)}\n`);
    return EXIT.done;
  }
  const lines = await describe(context, shown, options);
  context.stdout.write(lines.map((line) => `${line}\n`).join(""));
  if (shown.length === 0) context.stderr.write("The cache holds no such entry.\n");
  if (entries.length > limit) context.stderr.write(`There are more; raise --limit (now ${limit}).\n`);
  return EXIT.done;
}

async function describe(
  context: CommandContext,
  entries: readonly EntryInfo[],
  options: CommandInput["options"],
): Promise<readonly string[]> {
  const extras = (entry: EntryInfo) => [
    ...(options["includeSizes"] === true ? [sizeText(entry.bytes)] : []),
    ...(options["includeAges"] === true ? [ageText(context.now() - entry.createdAt)] : []),
  ];
  if (entries.length === 0) return [];
  if (options["humanReadable"] !== true) {
    return table(
      entries.map((entry, at) => [`${at + 1}`, entry.key, ...extras(entry)]),
      { left: 2 },
    );
  }
  const names = await scopeNames(context);
  const heads = ["#", "community", "query", "days", "format", "parameters"];
  const more = [
    ...(options["includeSizes"] === true ? ["size"] : []),
    ...(options["includeAges"] === true ? ["age"] : []),
  ];
  const rows = entries.map((entry, at) => [
    `${at + 1}`,
    names.get(entry.scope) ?? entry.scope,
    entry.query,
    daysText(entry),
    entry.format,
    entry.parameters,
    ...extras(entry),
  ]);
  return table([[...heads, ...more], ...rows], { left: heads.length });
}

/** A whole year by its number. */
function daysText({ from, to }: EntryInfo): string {
  const year = from.slice(0, 4);
  if (from === `${year}-01-01` && to === `${year}-12-31`) return year;
  return from === "" && to === "" ? "all" : `${from}..${to}`;
}

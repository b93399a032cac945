import { join } from "node:path";
import { UsageError } from "@community-stats/contract/problems.ts";
import { ingestFiles } from "../ingest/ingest.ts";
import { harvest, type HarvestKind, type HarvestPage } from "../invenio/harvest.ts";
import { STDIN } from "../ingest/source.ts";
import { forgetClosedAnswers } from "./cache-access.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { progressBar } from "./progress.ts";

export const harvestCommand: Command = {
  name: "harvest",
  summary: "Fetch communities and records from the repository's own API, those that changed since the last time.",
  gated: true,
  options: [
    { flags: "--full", description: "fetch all again" },
    { flags: "--json", description: "print JSON" },
  ],
  examples: ["harvest", "harvest --full --json"],
  run,
};

/** As many as a guest of large repositories is given at most. */
const GUEST_PAGE = 25;
const TOKEN_PAGE = 100;
/** Entries of one step: after it, the place is remembered. */
const STEP = 1000;

export interface Harvested {
  readonly kind: HarvestKind;
  readonly fetched: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Files of the entries that are not usable. */
  readonly rejects: readonly string[];
}

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const rows: Harvested[] = [];
  for (const kind of ["communities", "records"] as const) {
    if (!context.signal.aborted) rows.push(await harvestKind(context, kind, options["full"] === true));
  }
  await forgetClosedAnswers(context);
  const interrupted = context.signal.aborted;
  if (options["json"] === true) context.stdout.write(`${JSON.stringify({ interrupted, harvested: rows }, null, 2)}\n`);
  else {
    for (const { kind, fetched, accepted, rejected, rejects } of rows) {
      context.stdout.write(`${kind}: ${fetched} fetched, ${accepted} new or changed, ${rejected} not usable.\n`);
      for (const file of rejects) context.stdout.write(`  those are in ${file}\n`);
    }
  }
  return interrupted || rows.some(({ rejected }) => rejected > 0) ? EXIT.partial : EXIT.done;
}

async function harvestKind(context: CommandContext, kind: HarvestKind, isFull: boolean): Promise<Harvested> {
  const { config, signal } = context;
  const { repositoryUrl } = config.access;
  if (repositoryUrl === null) {
    throw new UsageError("No repository is named.", "Set COMMUNITY_STATS_INVENIO_URL to its address.");
  }
  const { control } = await context.engine();
  const setting = `harvest:${kind}:${repositoryUrl}`;
  const since = isFull ? null : ((await control.setting(setting)) ?? null);
  const token = config.harvestToken === null ? null : config.harvestToken.reveal();
  const pageSize = token === null ? GUEST_PAGE : TOKEN_PAGE;
  const bar = await progressBar(context);
  let totals: Omit<Harvested, "kind"> = { fetched: 0, accepted: 0, rejected: 0, rejects: [] };
  try {
    const pages = harvest(kind, since === "" ? null : since, { url: repositoryUrl, token, fetch, signal, pageSize });
    for await (const step of steps(pages)) {
      const taken = await take(context, kind, step);
      totals = {
        fetched: totals.fetched + step.entries.length,
        accepted: totals.accepted + taken.accepted,
        rejected: totals.rejected + taken.rejected,
        rejects: [...totals.rejects, ...taken.rejects],
      };
      await control.setSetting(setting, step.position);
      bar.update({ step: `fetching ${kind}`, done: totals.fetched, total: Math.max(step.total, totals.fetched) });
    }
  } catch (error) {
    // What was fetched before is kept, and the next time goes on there.
    if (!signal.aborted) throw error;
  } finally {
    bar.stop();
  }
  return { kind, ...totals };
}

async function* steps(pages: AsyncIterable<HarvestPage>): AsyncGenerator<HarvestPage> {
  let gathered: unknown[] = [];
  let newest: HarvestPage | undefined;
  for await (const page of pages) {
    gathered.push(...page.entries);
    newest = page;
    if (gathered.length < STEP) continue;
    yield { ...page, entries: gathered };
    gathered = [];
  }
  if (newest !== undefined && gathered.length > 0) yield { ...newest, entries: gathered };
}

async function take({ config, engine, now }: CommandContext, kind: HarvestKind, { entries, position }: HarvestPage) {
  const { facts } = await engine();
  const { totals, files } = await ingestFiles({
    files: [STDIN],
    facts,
    as: kind,
    rejectsDir: join(config.dataDir, "rejects"),
    stdin: linesOf(entries),
    // Each step has its own: the rejects of one must not take the place of another's.
    stdinName: `harvest-${kind}-${position}`,
    now,
    threads: 0,
  });
  const rejects = files.flatMap((file) => file.rejects ?? []);
  return { accepted: totals.accepted, rejected: totals.rejected, rejects };
}

async function* linesOf(entries: readonly unknown[]): AsyncGenerator<string> {
  for (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

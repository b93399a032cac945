import { UsageError } from "@community-stats/contract/problems.ts";
import { dayFromNumber } from "@community-stats/contract/days.ts";
import { takeLease } from "../aggregate/aggregation-lease.ts";
import { engineSpec, openEngine } from "../app.ts";
import type { Engine } from "../engine/engine.ts";
import { whileHeld } from "../engine/held-lease.ts";
import { differences } from "../transfer/compare-facts.ts";
import { copyFacts, type CopyReport } from "../transfer/copy-facts.ts";
import { Position } from "../transfer/position.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { textOption } from "./options.ts";
import { progressBar } from "./progress.ts";

const ENGINES = ["embedded", "opensearch"] as const;
type EngineName = (typeof ENGINES)[number];
/** Between two looks at the clock a day of many events is put together and compared. */
const LEASE_TTL_MS = 300_000;
const LEASE = "community_stats_copy";

export const copyCommand: Command = {
  name: "copy",
  summary: "Copy all facts from one engine to the other, and compare them; run it again to go on.",
  gated: true,
  options: [
    { flags: "--from <engine>", description: "where the facts are", choices: ENGINES },
    { flags: "--to <engine>", description: "where they shall be", choices: ENGINES },
    { flags: "--dry-run", description: "only say what would be copied" },
    { flags: "--json", description: "print the report as JSON" },
  ],
  examples: ["copy --from embedded --to opensearch --dry-run", "copy --from embedded --to opensearch"],
  run,
};

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const { config } = context;
  const [from, to] = [engineOption(options, "from"), engineOption(options, "to")];
  if (from === to) throw new UsageError(`--from and --to are both ${from}.`, "Name the other engine for one of them.");
  const source = await openEngine(engineSpec({ ...config, engine: from }));
  try {
    const target = await openEngine(engineSpec({ ...config, engine: to }));
    try {
      return await copy(context, { source, target, options });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

function engineOption(options: CommandInput["options"], name: "from" | "to"): EngineName {
  const given = textOption(options, name);
  const engine = ENGINES.find((one) => one === given);
  if (engine !== undefined) return engine;
  throw new UsageError(`--${name} is missing.`, `Name an engine: --${name} ${ENGINES.join(" or ")}.`);
}

interface Copying {
  readonly source: Engine;
  readonly target: Engine;
  readonly options: CommandInput["options"];
}

async function copy(context: CommandContext, { source, target, options }: Copying): Promise<ExitCode> {
  const { owner, now, stderr } = context;
  const position = await Position.open(target.facts, `copy from ${source.name}`);
  await refuseForeign(target, position);
  if (options["dryRun"] === true) return await dryRun(context, { source, target, options });
  const lease = await takeLease(target.control, { owner, now: now(), ttlMs: LEASE_TTL_MS, name: LEASE });
  if (lease === null) {
    stderr.write("Error: another copy into this engine is running.\nWait for it to end.\n");
    return EXIT.held;
  }
  return await whileHeld({ lease, ttlMs: LEASE_TTL_MS, now, signal: context.signal }, (signal) =>
    copyAll({ ...context, signal }, { source, target, options, position }),
  );
}

async function copyAll(
  context: CommandContext,
  { source, target, options, position }: Copying & { readonly position: Position },
): Promise<ExitCode> {
  const bar = await progressBar(context);
  const { signal } = context;
  const [from, to] = [source.facts, target.facts];
  try {
    const report = await copyFacts({ from, to, position, progress: bar.update, signal });
    const differing = report.isWhole ? await differences(from, to) : [];
    const all = [...differing, ...report.differing.map((day) => `events of ${dayFromNumber(day)} differ`)];
    bar.stop();
    context.stdout.write(
      options["json"] === true ? `${JSON.stringify({ ...report, differences: all }, null, 2)}\n` : text(report, all),
    );
    return report.isWhole && all.length === 0 ? EXIT.done : EXIT.partial;
  } finally {
    bar.stop();
  }
}

/** A target that has facts of elsewhere would not hold the same afterwards. */
async function refuseForeign({ facts, name }: Engine, position: Position): Promise<void> {
  if (position.isKnown) return;
  const { events, recordLines, memberships, communities } = await facts.summary();
  if (events + recordLines + memberships + communities === 0) return;
  throw new UsageError(
    `The engine ${name} holds ${events} events and ${recordLines} lines of records already, which no copy brought.`,
    "Copy into an empty one: another COMMUNITY_STATS_DATA_DIR or SEARCH_INDEX_PREFIX.",
  );
}

async function dryRun({ stdout }: CommandContext, { source, target, options }: Copying): Promise<ExitCode> {
  const [from, to] = [await source.facts.summary(), await target.facts.summary()];
  if (options["json"] === true) stdout.write(`${JSON.stringify({ dryRun: true, from, to }, null, 2)}\n`);
  else {
    stdout.write(
      `Would copy ${from.events} events, ${from.recordLines} lines of ${from.records} records, ${from.memberships} memberships and ${from.communities} communities; the target has ${to.events} events by now.\n`,
    );
  }
  return EXIT.done;
}

function text(report: CopyReport, differing: readonly string[]): string {
  const { records, memberships, communities, events, days, isWhole } = report;
  const copied = `Copied ${events} events of ${days} days, ${records} lines of records, ${memberships} memberships, ${communities} communities.\n`;
  if (!isWhole) return `${copied}It was interrupted; run it again to go on.\n`;
  if (differing.length > 0) return `${copied}${differing.map((line) => `  ${line}\n`).join("")}`;
  return `${copied}Everything was read back and is the same. Count it there: community-stats aggregate --force\n`;
}

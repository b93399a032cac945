import type { EventIndices } from "../engine/event-indices.ts";
import { enrichmentOf } from "../migration/event-fields.ts";
import { monthOf } from "../migration/migration.ts";
import { keyText } from "../migration/month-plan.ts";
import { type MonthOverview, overview, type OverviewOptions } from "../migration/overview.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { confirm } from "./confirm.ts";
import { chosenMonths, engineWithEvents, EVENT_TYPES_OPTION, monthRanges, MONTHS_OPTION } from "./event-months.ts";
import { describeReports, exitOf, migrateMonths } from "./migration-run.ts";
import { listOption } from "./options.ts";

export const usageEventsCleanupCommand: Command = {
  name: "usage-events cleanup-old-indices",
  summary: "Remove the old indices of months that are over and whose every event is verified in the new one.",
  gated: true,
  options: [
    EVENT_TYPES_OPTION,
    MONTHS_OPTION,
    { flags: "--dry-run", description: "only say what would be removed" },
    { flags: "--yes-i-know", description: "do not ask" },
    { flags: "--json", description: "print JSON" },
  ],
  examples: ["usage-events cleanup-old-indices --dry-run", "usage-events cleanup-old-indices --yes-i-know"],
  run,
};

interface Verdict {
  readonly month: MonthOverview;
  /** Why its old indices stay; null where they may go. */
  readonly stays: string | null;
}

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const { config, stdout, stderr } = context;
  const engine = await engineWithEvents(context);
  const verdicts = await judged(context, engine, options);
  const chosen = verdicts.filter(({ stays }) => stays === null).map(({ month }) => month);
  const isJson = options["json"] === true;
  if (!isJson) stdout.write(verdicts.map(verdictText).join("") || "There are no old indices.\n");
  if (options["dryRun"] === true || chosen.length === 0) {
    const told = verdicts.map(({ month: { type, month, sources, target }, stays }) => ({
      type,
      month,
      sources,
      target,
      stays,
    }));
    if (isJson) stdout.write(`${JSON.stringify({ dryRun: options["dryRun"] === true, months: told }, null, 2)}\n`);
    return verdicts.length > 0 && chosen.length === 0 && options["dryRun"] !== true ? EXIT.partial : EXIT.done;
  }
  const count = chosen.reduce((sum, { sources }) => sum + sources.length, 0);
  const text = `Remove ${count} old indices, which nothing brings back`;
  if (options["yesIKnow"] !== true && !(await confirm(context, { text, flags: "--yes-i-know" }))) {
    stderr.write("Nothing was removed.\n");
    return EXIT.failed;
  }
  const run = { engine, limits: config.reindexing, keys: chosen, retires: true, isFresh: false };
  const reports = await migrateMonths(context, run);
  stdout.write(isJson ? `${JSON.stringify({ dryRun: false, months: reports }, null, 2)}\n` : describeReports(reports));
  const isRetired = reports.every(({ phase }) => phase === "retired");
  return isRetired ? exitOf(reports, context.signal.aborted) : EXIT.partial;
}

async function judged(
  { config, now }: CommandContext,
  { eventIndices: indices, control }: Pick<OverviewOptions, "control"> & { readonly eventIndices: EventIndices },
  options: CommandInput["options"],
): Promise<readonly Verdict[]> {
  const ranges = monthRanges(listOption(options, "months"));
  const chosen = await chosenMonths(indices, { types: listOption(options, "eventTypes"), ranges });
  const wanted = new Set(chosen.map(keyText));
  const rows = await overview({ indices, control, enrichment: enrichmentOf(config.breakdowns), now: now() });
  return rows
    .filter((row) => row.sources.length > 0 && wanted.has(keyText(row)))
    .map((month) => ({ month, stays: whyItStays(month, monthOf(now())) }));
}

function whyItStays({ phase, shown, month, reason }: MonthOverview, present: string): string | null {
  if (phase !== "verified") return `the month is ${phase}${reason === null ? "" : ` (${reason})`}, not verified`;
  if (!shown) return "readers do not see the new index";
  return month >= present ? "the month is not over: the repository writes to it" : null;
}

function verdictText({ month: { type, month, sources, target, migrated }, stays }: Verdict): string {
  const lines = sources.map(({ index, events }) => `  ${index} (${events} events)\n`).join("");
  const verdict = stays === null ? "can go" : `stay: ${stays}`;
  return `${type} ${month}: old indices ${verdict}; ${target} has ${migrated} events\n${lines}`;
}

import { dayFromNumber } from "@community-stats/contract/days.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { GeneratedDay } from "../engine/facts.ts";
import { counted } from "./cache-text.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { confirm } from "./confirm.ts";
import { progressBar } from "./progress.ts";

export const usageEventsPurgeCommand: Command = {
  name: "usage-events purge",
  summary: "Remove all invented views and downloads; what was observed stays.",
  gated: true,
  options: [
    { flags: "--dry-run", description: "only say how many there are" },
    { flags: "--yes-i-know", description: "do not ask" },
    { flags: "--json", description: "print JSON" },
  ],
  examples: ["usage-events purge --dry-run", "usage-events purge --yes-i-know"],
  run: purge,
};

/** Days that are written anew at once: whoever is interrupted has lost no more than their work. */
const DAYS_AT_ONCE = 16;

async function purge(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const { facts } = await context.engine();
  const days = await facts.generatedDays();
  const events = days.reduce((sum, { count }) => sum + count, 0);
  const isDry = options["dryRun"] === true;
  const isMeant = isDry || events === 0 || options["yesIKnow"] === true || (await isConfirmed(context, days, events));
  const removed = isDry || !isMeant ? 0 : await remove(context, facts, days);
  const report = { events, days: days.length, removed, dryRun: isDry };
  if (options["json"] === true) context.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else context.stdout.write(`${said(report, isMeant)}\n`);
  if (!isMeant) return EXIT.failed;
  return context.signal.aborted ? EXIT.partial : EXIT.done;
}

async function isConfirmed(context: CommandContext, days: readonly GeneratedDay[], events: number): Promise<boolean> {
  const [first, last] = [days[0], days.at(-1)];
  const range =
    first === undefined || last === undefined ? "" : `, ${dayFromNumber(first.day)} to ${dayFromNumber(last.day)}`;
  const text = `Remove ${counted(events, "invented event", "invented events")} of ${counted(days.length, "day", "days")}${range}, for good`;
  return await confirm(context, { text, flags: "--yes-i-know" });
}

async function remove(context: CommandContext, facts: FactStore, days: readonly GeneratedDay[]): Promise<number> {
  const bar = await progressBar(context);
  let removed = 0;
  try {
    for (let at = 0; at < days.length && !context.signal.aborted; at += DAYS_AT_ONCE) {
      const some = days.slice(at, at + DAYS_AT_ONCE).map(({ day }) => day);
      removed += await facts.removeGenerated(some);
      bar.update({ step: "removing invented events", done: at + some.length, total: days.length });
    }
  } finally {
    bar.stop();
  }
  return removed;
}

interface Purged {
  readonly events: number;
  readonly days: number;
  readonly removed: number;
  readonly dryRun: boolean;
}

function said({ events, days, removed, dryRun }: Purged, isMeant: boolean): string {
  const all = `${counted(events, "invented event", "invented events")} of ${counted(days, "day", "days")}`;
  if (events === 0) return "There are no invented events.";
  if (dryRun) return `Would remove ${all}.`;
  if (!isMeant) return "Nothing was removed.";
  if (removed < events) return `Removed ${removed} of ${all}. Run it again for the rest.`;
  return `Removed ${all}. Their days are counted again by the next aggregation: community-stats aggregate --force`;
}

import { UsageError } from "@community-stats/contract/problems.ts";
import { EVENT_TYPES } from "../engine/event-indices.ts";
import { aloneOn } from "../migration/month-lease.ts";
import { type MonthKey, monthsOf } from "../migration/month-plan.ts";
import { StateStore } from "../migration/state-store.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { confirm } from "./confirm.ts";
import { engineWithEvents, monthRanges } from "./event-months.ts";
import { textOption } from "./options.ts";

export const usageEventsClearCommand: Command = {
  name: "usage-events clear-bookmarks",
  summary: "Let the next migration of events copy and compare from the start; what is copied stays.",
  gated: true,
  options: [
    { flags: "-e, --event-type <type>", description: "only of these events", choices: EVENT_TYPES },
    { flags: "-m, --month <month>", description: "only of this month, YYYY-MM" },
    { flags: "--confirm", description: "do not ask" },
    { flags: "--json", description: "print JSON" },
  ],
  examples: ["usage-events clear-bookmarks --event-type view --month 2025-03 --confirm"],
  run,
};

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const { stdout, stderr } = context;
  const [type, month] = [textOption(options, "eventType"), textOption(options, "month")];
  if (month !== null && monthRanges([month])[0]?.text.length !== 7) {
    throw new UsageError(`--month ${JSON.stringify(month)} is no single month.`, "Write it as YYYY-MM.");
  }
  const { control, eventIndices } = await engineWithEvents(context);
  const states = new StateStore(control);
  const kept: MonthKey[] = [];
  for (const key of monthsOf(await eventIndices.list())) {
    if ((type ?? key.type) !== key.type || (month ?? key.month) !== key.month) continue;
    if ((await states.read(key)) !== null) kept.push(key);
  }
  const names = kept.map((key) => `${key.type} ${key.month}`);
  if (kept.length === 0) stderr.write("There is no bookmark to clear.\n");
  else if (options["confirm"] !== true && !(await isMeant(context, names))) {
    stderr.write("Nothing was cleared.\n");
    return EXIT.failed;
  }
  const held: string[] = [];
  for (const key of kept) {
    const done = await aloneOn({ ...context, control }, key, async () => {
      await states.clear(key);
      return true;
    });
    if (done === null) held.push(`${key.type} ${key.month}`);
  }
  const cleared = names.filter((name) => !held.includes(name));
  if (options["json"] === true) stdout.write(`${JSON.stringify({ cleared, held }, null, 2)}\n`);
  else if (cleared.length > 0) stdout.write(`Cleared: ${cleared.join(", ")}\n`);
  if (held.length === 0) return EXIT.done;
  stderr.write(`Being worked on, and not cleared: ${held.join(", ")}\n`);
  return EXIT.held;
}

async function isMeant(context: CommandContext, names: readonly string[]): Promise<boolean> {
  return await confirm(context, { text: `Clear the bookmarks of ${names.join(", ")}`, flags: "--confirm" });
}

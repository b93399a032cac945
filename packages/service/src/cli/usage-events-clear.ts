import { UsageError } from "@community-stats/contract/problems.ts";
import { EVENT_TYPES, type EventIndices } from "../engine/event-indices.ts";
import { aloneOn } from "../migration/month-lease.ts";
import type { MonthKey } from "../migration/month-plan.ts";
import { letWritesIn } from "../migration/retirement.ts";
import { StateStore } from "../migration/state-store.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { confirm } from "./confirm.ts";
import { chosenMonths, engineWithEvents, monthRanges } from "./event-months.ts";
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
  const ranges = monthRanges(month === null ? [] : [month]);
  if (ranges.some(({ text }) => text !== ranges[0]?.from)) {
    throw new UsageError(`--month ${JSON.stringify(month)} is no single month.`, "Write it as YYYY-MM.");
  }
  const { control, eventIndices } = await engineWithEvents(context);
  const states = new StateStore(control);
  const kept: MonthKey[] = [];
  for (const key of await chosenMonths(eventIndices, { types: type === null ? [] : [type], ranges })) {
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
      await forget(key, { indices: eventIndices, states });
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

/** What a run that died has left blocked is told by the bookmark alone, so writes are let in before it goes. */
async function forget(
  key: MonthKey,
  { indices, states }: { readonly indices: EventIndices; readonly states: StateStore },
): Promise<void> {
  const { blocked = [] } = (await states.read(key)) ?? {};
  if (blocked.length > 0) await letWritesIn(indices, blocked, await indices.list());
  await states.clear(key);
}

async function isMeant(context: CommandContext, names: readonly string[]): Promise<boolean> {
  return await confirm(context, { text: `Clear the bookmarks of ${names.join(", ")}`, flags: "--confirm" });
}

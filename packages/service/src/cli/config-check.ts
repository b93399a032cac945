import type { Loaded, Mistake } from "../config/load.ts";
import { StatsError } from "@community-stats/contract/problems.ts";
import { breakdownChanges, type BreakdownChanges, changeLines } from "./breakdown-changes.ts";
import { counted } from "./cache-text.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";

export const configCheckCommand: Command = {
  name: "config check",
  summary: "Tell all mistakes of the configuration, each with what to do.",
  gated: false,
  despiteMistakes: true,
  options: [{ flags: "--json", description: "print JSON" }],
  examples: ["config check", "config check --config community-stats.config.yaml --json"],
  run: check,
};

/** Code 1 for mistakes, and for names that no variable has: somebody meant something by them. */
async function check(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const { config, stdout } = context;
  const { mistakes, notes } = config.loaded;
  const isGood = mistakes.length === 0 && unknownNames(notes) === 0;
  const seen: Seen = mistakes.length > 0 ? { changes: null, unseen: null } : await look(context);
  if (options["json"] === true) {
    const report = { ok: isGood, file: config.file, mistakes, notes, breakdowns: seen.changes, unseen: seen.unseen };
    stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    const lines = [...reportLines(config.loaded, config.file), ...seenLines(seen)];
    stdout.write(`${lines.join("\n")}\n`);
  }
  return isGood ? EXIT.done : EXIT.failed;
}

function unknownNames(notes: Loaded["notes"]): number {
  return notes.filter(({ kind }) => kind === "unknown").length;
}

/** What the configuration would change of the stored numbers, or why these cannot be looked at. */
interface Seen {
  readonly changes: BreakdownChanges | null;
  readonly unseen: string | null;
}

async function look(context: CommandContext): Promise<Seen> {
  try {
    return { changes: await breakdownChanges(context), unseen: null };
  } catch (error) {
    if (error instanceof StatsError) return { changes: null, unseen: error.message };
    throw error;
  }
}

function seenLines({ changes, unseen }: Seen): readonly string[] {
  if (unseen !== null) return [`The stored numbers could not be looked at. ${unseen}`];
  return changes === null ? [] : changeLines(changes);
}

function reportLines({ mistakes, notes }: Loaded, file: string | null): readonly string[] {
  return [
    file === null ? "No configuration file; the environment alone." : `Configuration file: ${file}`,
    ...mistakeLines(mistakes),
    ...notes.map(({ kind, text }) => `  ${kind}: ${text}`),
    `${counted(mistakes.length, "mistake", "mistakes")}, ${counted(notes.length, "note", "notes")}${unknownText(notes)}.`,
  ];
}

/** Without it nobody would know why a check without mistakes fails. */
function unknownText(notes: Loaded["notes"]): string {
  const unknown = unknownNames(notes);
  return unknown === 0 ? "" : `, of which ${counted(unknown, "is an unknown name", "are unknown names")}`;
}

/** A mistake and, below it, what to do. */
export function mistakeLines(mistakes: readonly Mistake[]): readonly string[] {
  return mistakes.flatMap(({ text, remedy }) => [`  mistake: ${text}`, `    ${remedy}`]);
}

import type { Loaded, Mistake } from "../config/load.ts";
import { breakdownChanges, changeLines } from "./breakdown-changes.ts";
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
  const isGood = mistakes.length === 0 && notes.every(({ kind }) => kind !== "unknown");
  const changes = mistakes.length > 0 ? null : await breakdownChanges(context);
  if (options["json"] === true) {
    const report = { ok: isGood, file: config.file, mistakes, notes, breakdowns: changes };
    stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    const lines = [...reportLines(config.loaded, config.file), ...(changes === null ? [] : changeLines(changes))];
    stdout.write(`${lines.join("\n")}\n`);
  }
  return isGood ? EXIT.done : EXIT.failed;
}

function reportLines({ mistakes, notes }: Loaded, file: string | null): readonly string[] {
  return [
    file === null ? "No configuration file; the environment alone." : `Configuration file: ${file}`,
    ...mistakeLines(mistakes),
    ...notes.map(({ kind, text }) => `  ${kind}: ${text}`),
    `${counted(mistakes.length, "mistake", "mistakes")}, ${counted(notes.length, "note", "notes")}.`,
  ];
}

/** A mistake and, below it, what to do. */
export function mistakeLines(mistakes: readonly Mistake[]): readonly string[] {
  return mistakes.flatMap(({ text, remedy }) => [`  mistake: ${text}`, `    ${remedy}`]);
}

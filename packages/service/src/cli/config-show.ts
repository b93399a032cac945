import { Secret } from "../config/secret.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { mistakeLines } from "./config-check.ts";
import { table } from "./text-table.ts";

export const configShowCommand: Command = {
  name: "config show",
  summary: "Show every variable with the value that is used.",
  gated: false,
  despiteMistakes: true,
  options: [
    { flags: "--origin", description: "add where each value comes from" },
    { flags: "--changed", description: "only what is not the default" },
    { flags: "--json", description: "print JSON, with whole maps" },
  ],
  examples: ["config show --changed --origin", "config show --json --config community-stats.config.yaml"],
  run: show,
};

interface Shown {
  readonly name: string;
  readonly value: unknown;
  readonly origin: string;
  readonly place: string | null;
}

async function show({ config, stdout, stderr }: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const { values, origins, places, mistakes } = config.loaded;
  const rows = Object.entries(values)
    .map(([name, value]): Shown => ({ name, value, origin: origins[name] ?? "default", place: places[name] ?? null }))
    .filter(({ origin }) => options["changed"] !== true || origin !== "default");
  const isOrigin = options["origin"] === true;
  stdout.write(options["json"] === true ? jsonText(rows, isOrigin) : plainText(rows, isOrigin));
  if (mistakes.length === 0) return EXIT.done;
  stderr.write(`Not used, because of mistakes:\n${mistakeLines(mistakes).join("\n")}\n`);
  return EXIT.failed;
}

function jsonText(rows: readonly Shown[], isOrigin: boolean): string {
  const entries = rows.map(({ name, ...row }) => [name, isOrigin ? row : row.value]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

function plainText(rows: readonly Shown[], isOrigin: boolean): string {
  const cells = rows.map(({ name, value, origin, place }) => [
    name,
    shortValue(value),
    ...(isOrigin ? [place ?? origin] : []),
  ]);
  return table(cells, { left: 3 })
    .map((line) => `${line}\n`)
    .join("");
}

const WIDEST = 60;

/** A value on one line; a secret is masked, an empty one told apart. */
export function shortValue(value: unknown): string {
  if (value instanceof Secret && value.reveal() === "") return "(not set)";
  const text = value instanceof Secret ? String(value) : JSON.stringify(value);
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
}

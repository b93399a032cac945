import { resolve } from "node:path";
import { UsageError } from "@community-stats/contract/problems.ts";
import { stringify } from "yaml";
import { readConfigFile } from "../config/config-file.ts";
import { examine } from "../config/load.ts";
import { isKnown } from "../config/names.ts";
import { WITHOUT_EFFECT } from "../config/without-effect.ts";
import { mistakeLines } from "./config-check.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";

export const configImportCommand: Command = {
  name: "config import",
  summary: "Print the variables of an invenio.cfg that have a meaning here, as YAML or JSON.",
  gated: false,
  despiteMistakes: true,
  arguments: [{ name: "<file>", description: "an invenio.cfg; it is read, never executed" }],
  options: [{ flags: "--json", description: "print JSON" }],
  examples: ["config import invenio.cfg > community-stats.config.yaml", "config import invenio.cfg --json"],
  run: importFile,
};

/** Code 3 where lines were skipped: what is printed is not all that the file says. */
async function importFile(
  { stdout, stderr }: CommandContext,
  { options, arguments: [file = ""] }: CommandInput,
): Promise<ExitCode> {
  const path = resolve(file);
  if (!path.endsWith(".cfg")) {
    throw new UsageError(`${path} is no .cfg file.`, "Give the invenio.cfg of the repository.");
  }
  const source = await readConfigFile(path);
  const { mistakes, notes } = examine([source]);
  const kept = Object.entries(source.values).filter(([name]) => isKnown(name) && !Object.hasOwn(WITHOUT_EFFECT, name));
  const values = Object.fromEntries(kept);
  for (const { text } of notes) stderr.write(`${text}\n`);
  for (const line of mistakeLines(mistakes)) stderr.write(`${line}\n`);
  if ((source.mistakes ?? []).length > 0) return EXIT.failed;
  stdout.write(options["json"] === true ? `${JSON.stringify(values, null, 2)}\n` : stringify(values));
  if (mistakes.length > 0) return EXIT.failed;
  return notes.some(({ kind }) => kind === "skipped") ? EXIT.partial : EXIT.done;
}

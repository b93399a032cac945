import { UsageError } from "@community-stats/contract/problems.ts";
import { expectedText } from "../config/expected.ts";
import { nearestName } from "../config/names.ts";
import { VARIABLES, type Variable } from "../config/variables.ts";
import { WITHOUT_EFFECT } from "../config/without-effect.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { shortValue } from "./config-show.ts";

export const configExplainCommand: Command = {
  name: "config explain",
  summary: "Say what a variable means, takes, and is.",
  gated: false,
  despiteMistakes: true,
  arguments: [{ name: "<name>", description: "name of a variable, with or without INVENIO_" }],
  options: [{ flags: "--json", description: "print JSON, with whole maps" }],
  examples: ["config explain COMMUNITY_STATS_SUBCOUNTS --json", "config explain PORT"],
  run: explain,
};

async function explain(context: CommandContext, { options, arguments: [given = ""] }: CommandInput): Promise<ExitCode> {
  const name = given.toUpperCase().replace(/^INVENIO_/, "");
  const facts = factsOf(context, name);
  if (facts === null) throw unknown(name);
  if (options["json"] === true) context.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
  else context.stdout.write(plainText(facts));
  return EXIT.done;
}

function unknown(name: string): UsageError {
  const near = nearestName(name);
  return new UsageError(
    `There is no variable ${name}.`,
    near === null ? "`community-stats config show` lists all names." : `Did you mean ${near}?`,
  );
}

function factsOf({ config }: CommandContext, name: string): Readonly<Record<string, unknown>> | null {
  const variable = VARIABLES.find((row) => row.name === name);
  if (variable !== undefined) return variableFacts(variable, config.loaded);
  if (!Object.hasOwn(WITHOUT_EFFECT, name)) return null;
  return { name, meaning: `Accepted from an existing configuration; without effect: ${WITHOUT_EFFECT[name]}.` };
}

function variableFacts(variable: Variable, { values, origins, places }: CommandContext["config"]["loaded"]) {
  const { name, meaning, merge } = variable;
  return {
    name,
    meaning,
    takes: expectedText(variable),
    ...(merge === undefined ? {} : { merging: "its keys are merged with those of the default" }),
    default: variable.default,
    value: values[name],
    origin: places[name] ?? origins[name],
    environment: `${name} or INVENIO_${name}`,
  };
}

function plainText(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .map(([key, value]) => `${key}: ${isRaw(key) ? shortValue(value) : String(value)}\n`)
    .join("");
}

function isRaw(key: string): boolean {
  return key === "default" || key === "value";
}

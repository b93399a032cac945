import { BadRequestError, StatsError, UsageError } from "@community-stats/contract/problems.ts";
import { Command as Program, CommanderError, InvalidArgumentError, Option } from "commander";
import packageInfo from "../../package.json" with { type: "json" };
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";

/** A command by name; its code is loaded when it is chosen or its own help is asked for. */
export interface CommandEntry {
  /** One word, or a group and a command in it: "cache info". */
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** What is needed to make a command's context. */
export interface Circumstances {
  /** File of `--config`. */
  readonly configFile: string | null;
  /** The command tells of mistakes in the configuration, and is run in spite of them. */
  readonly despiteMistakes: boolean;
  /** It works until it is told to stop. */
  readonly service: boolean;
}

/**
 * Runs the command line. Usage mistakes are told on stderr with exit code 2, errors that a person can meet as message and hint;
 * anything else is a bug of ours and shows its stack.
 */
export async function runProgram(
  entries: readonly CommandEntry[],
  argv: readonly string[],
  context: (circumstances: Circumstances) => CommandContext | Promise<CommandContext>,
): Promise<ExitCode> {
  let exit: ExitCode = EXIT.done;
  const chosen = chosenEntry(entries, argv);
  const commands = chosen === undefined ? [] : [await chosen.load()];
  let made: CommandContext | undefined;
  const program = describe(entries, commands, async (command, input) => {
    const file: unknown = program.opts()["config"];
    made = await context({
      configFile: typeof file === "string" ? file : null,
      despiteMistakes: command.despiteMistakes === true,
      service: command.service === true,
    });
    exit = await gated(command, made, input);
  });
  program.configureOutput({
    writeErr: (text) => process.stderr.write(text),
    writeOut: (text) => process.stdout.write(text),
  });
  try {
    await program.parseAsync(spelledOut(argv), { from: "user" });
    return exit;
  } catch (error) {
    return explain(error, made?.stderr ?? process.stderr);
  }
}

/** "help cache info" is "cache info --help": commander's own knows one word only. */
function spelledOut([first, ...rest]: readonly string[]): string[] {
  if (first === undefined) return [];
  return first === "help" ? [...rest, "--help"] : [first, ...rest];
}

/** What is run, or what `help` is asked about. */
function chosenEntry(entries: readonly CommandEntry[], argv: readonly string[]): CommandEntry | undefined {
  const isName = (word: string, index: number): boolean =>
    !word.startsWith("-") && argv[index - 1] !== "--config" && word !== "help";
  const words = argv.filter(isName);
  return entries.find(({ name }) => name.split(" ").every((word, index) => word === words[index]));
}

type Action = (command: Command, input: CommandInput) => Promise<void>;

function describe(entries: readonly CommandEntry[], loaded: readonly Command[], action: Action): Program {
  const config = new Option("--config <file>", "configuration file: .json, .yaml, .mjs, .ts, or an invenio.cfg");
  const program = new Program("community-stats")
    .description("Statistics of an InvenioRDM repository and each of its communities.")
    .addOption(config)
    .version(packageInfo.version, "--version", "display the version")
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions: ({ parent }) => (parent === null ? [] : [config]) })
    .showHelpAfterError("(--help lists commands and options)")
    .exitOverride();
  addExamples(program, FIRST_STEPS);
  for (const entry of entries) {
    const command = loaded.find(({ name }) => name === entry.name);
    const words = entry.name.split(" ");
    const parent = words.slice(0, -1).reduce((above, word) => groupNamed(above, word), program);
    const sub = parent
      .command(words.at(-1) ?? entry.name)
      .description(command?.summary ?? entry.summary)
      .exitOverride();
    if (command !== undefined) addCommand(sub, command, action);
  }
  return program;
}

/** A group of commands, for the list of commands and for its own help. */
interface Group {
  readonly summary: string;
  /** As of a command. */
  readonly examples: readonly string[];
}

const GROUPS: Readonly<Record<string, Group>> = {
  cache: {
    summary: "Look at, fill and empty the cache of answers.",
    examples: ["cache info", "cache generate --force --first-view", "cache clear-pattern 'global/*'"],
  },
  "community-events": {
    summary: "Complete what is known of the memberships of records.",
    examples: ["community-events status", "community-events generate"],
  },
  "usage-events": {
    summary: "Look at the events, migrate the repository's, and invent some for trials.",
    examples: ["usage-events status", "usage-events migrate --dry-run"],
  },
  processes: {
    summary: "Look after the background processes.",
    examples: ["processes list", "processes status aggregation --show-log"],
  },
  config: {
    summary: "Show, check and explain the configuration.",
    examples: ["config check", "config show --changed --origin", "config explain PORT"],
  },
};
const FIRST_STEPS = ["setup --dry-run", "doctor", "status", "help cache generate"];

function addExamples(program: Program, examples: readonly string[]): void {
  if (examples.length === 0) return;
  program.addHelpText("after", `\nExamples:\n${examples.map((line) => `  community-stats ${line}`).join("\n")}`);
}

function groupNamed(parent: Program, name: string): Program {
  const known = parent.commands.find((command) => command.name() === name);
  if (known !== undefined) return known;
  const { summary, examples } = GROUPS[name] ?? { summary: "", examples: [] };
  const group = parent
    .command(name)
    .description(summary)
    .showHelpAfterError(`(${name} --help lists its commands)`)
    .exitOverride();
  addExamples(group, examples);
  return group;
}

function addCommand(sub: Program, command: Command, action: Action): void {
  for (const { name, description } of command.arguments ?? []) sub.argument(name, description);
  for (const row of command.options) {
    const option = new Option(row.flags, row.description);
    if (row.default !== undefined) option.default(row.default);
    if (row.choices !== undefined) option.choices([...row.choices]);
    if (row.repeatable) option.argParser(gathered(row.choices));
    sub.addOption(option);
  }
  sub.action(async () => {
    await action(command, { options: sub.opts(), arguments: sub.args });
  });
  addExamples(sub, command.examples ?? []);
  if (command.gated) sub.option("--force-disabled", "work although COMMUNITY_STATS_ENABLED is off");
}

/** Several values in their order, each one of the choices. */
function gathered(choices: readonly string[] | undefined) {
  return (value: string, before: readonly string[] | undefined): readonly string[] => {
    if (choices !== undefined && !choices.includes(value)) {
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.`);
    }
    return [...(before ?? []), value];
  };
}

async function gated(command: Command, context: CommandContext, input: CommandInput): Promise<ExitCode> {
  if (command.gated && !context.config.enabled && input.options["forceDisabled"] !== true) {
    context.stderr.write(
      "Error: statistics are switched off (COMMUNITY_STATS_ENABLED).\nSet it to true, or add --force-disabled.\n",
    );
    return EXIT.failed;
  }
  return await command.run(context, input);
}

function explain(error: unknown, stderr: NodeJS.WritableStream): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof StatsError) {
    stderr.write(`Error: ${error.message}\n${error.hint}\n`);
    return error instanceof BadRequestError || error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
  stderr.write(`Error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  stderr.write("This is a mistake in community-stats itself; a report with the lines above helps to mend it.\n");
  return EXIT.failed;
}

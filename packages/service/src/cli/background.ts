import { join } from "node:path";
import { UsageError } from "@community-stats/contract/problems.ts";
import { CONFIG_FILE } from "../config/config-file-name.ts";
import { logTail } from "../schedule/process-files.ts";
import { startProcess } from "../schedule/process-start.ts";
import {
  type Command,
  type CommandContext,
  type CommandInput,
  type CommandOption,
  EXIT,
  type ExitCode,
} from "./command.ts";
import { textOption } from "./options.ts";

export const PID_DIR_OPTION: CommandOption = {
  flags: "--pid-dir <dir>",
  description: "folder of the process files; default: processes in the data folder",
};

export interface BackgroundOptions {
  /** Name of the new command. */
  readonly name: string;
  readonly summary: string;
  /** Name of the process; one of it at a time. */
  readonly process: string;
  /** Flags that make no sense without somebody who looks. */
  readonly without: readonly string[];
  readonly examples: readonly string[];
  /** Flags that are always given to the command. */
  readonly always?: readonly string[];
}

/** The same work as a command, with its options, in a process that outlives the terminal. */
export function inBackground(command: Command, background: BackgroundOptions): Command {
  const { name, summary, examples } = background;
  const options = command.options.filter(({ flags }) => !background.without.some((flag) => flags.startsWith(flag)));
  return {
    name,
    summary,
    gated: command.gated,
    options: [...options, PID_DIR_OPTION, { flags: "--json", description: "print the process as JSON" }],
    examples,
    run: async (context, input) => {
      const refused = (await command.refuses?.(context, input)) ?? null;
      return refused ?? (await start(context, input, { command, background, options }));
    },
  };
}

interface Starting {
  readonly command: Command;
  readonly background: BackgroundOptions;
  readonly options: readonly CommandOption[];
}

async function start(context: CommandContext, input: CommandInput, starting: Starting): Promise<ExitCode> {
  const { config, stdout, stderr, now } = context;
  const { background, command } = starting;
  const words = [...command.name.split(" "), ...(background.always ?? []), ...flagsOf(starting.options, input.options)];
  if (input.options["forceDisabled"] === true) words.push("--force-disabled");
  const folder = pidFolder(context, input);
  const environment = { ...context.environment, ...(config.file === null ? {} : { [CONFIG_FILE]: config.file }) };
  const started = await startProcess({ folder, name: background.process, command: words, environment, now });
  const { status, files } = started;
  if (input.options["json"] === true) stdout.write(`${JSON.stringify({ ...started }, null, 2)}\n`);
  switch (started.kind) {
    case "running":
      stderr.write(`The process ${background.process} is running already (pid ${status.pid}); nothing was started.\n`);
      return EXIT.held;
    case "ended": {
      const code = exitCodes.find((one) => one === status.exit_code) ?? EXIT.failed;
      if (code === EXIT.done) break;
      stderr.write(`The process ${background.process} ended at once (code ${status.exit_code}):\n`);
      for (const line of logTail(files, 10)) stderr.write(`  ${line}\n`);
      return code;
    }
    case "started":
      break;
    default:
      return started satisfies never;
  }
  if (input.options["json"] !== true) {
    const lines = [
      `Started ${background.process} (pid ${status.pid}): ${status.command}`,
      `  log     ${files.log}`,
      `  status  community-stats processes status ${background.process}`,
      `  cancel  community-stats processes cancel ${background.process}`,
    ];
    stdout.write(`${lines.join("\n")}\n`);
  }
  return EXIT.done;
}

const exitCodes = Object.values(EXIT);

/** The folder of the process files. @throws UsageError for an empty name */
export function pidFolder({ config }: CommandContext, { options }: CommandInput): string {
  const given = textOption(options, "pidDir");
  if (given === "") throw new UsageError("--pid-dir is empty.", "Name a folder.");
  return given ?? join(config.dataDir, "processes");
}

/** The flags that give these values again. */
function flagsOf(rows: readonly CommandOption[], values: CommandInput["options"]): readonly string[] {
  return rows.flatMap(({ flags, default: usual }) => {
    const long = /--([a-z-]+)/.exec(flags)?.[1] ?? "";
    const isNegative = long.startsWith("no-");
    const key = long.replace(/^no-/, "").replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const value = values[key];
    if (isNegative) return value === false ? [`--${long}`] : [];
    if (value === undefined || value === false || value === usual) return [];
    if (value === true) return [`--${long}`];
    return [value].flat().flatMap((one) => [`--${long}`, String(one)]);
  });
}

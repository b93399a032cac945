import { StatsError } from "@community-stats/contract/problems.ts";
import { cancelProcess } from "../schedule/process-cancel.ts";
import {
  isAlive,
  logTail,
  type ProcessFiles,
  processFiles,
  processNames,
  type ProcessStatus,
  readStatus,
} from "../schedule/process-files.ts";
import { PID_DIR_OPTION, pidFolder } from "./background.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { wholeOption } from "./options.ts";
import { table } from "./text-table.ts";

const JSON_FLAG = { flags: "--json", description: "print JSON" };
const NAME = { name: "[name]", description: "name of the process, as `processes list` shows it; default: aggregation" };
const USUAL = "aggregation";

export const processesStatusCommand: Command = {
  name: "processes status",
  summary: "Show how far a background process is.",
  gated: true,
  arguments: [NAME],
  options: [
    { flags: "--show-log", description: "add the last lines of its log" },
    { flags: "--log-lines <number>", description: "how many lines of the log", default: "20" },
    PID_DIR_OPTION,
    JSON_FLAG,
  ],
  examples: ["processes status", "processes status cache-generation --show-log --log-lines 50"],
  run: showStatus,
};

export const processesCancelCommand: Command = {
  name: "processes cancel",
  summary: "Ask a background process to stop; it saves what it has.",
  gated: true,
  arguments: [NAME],
  options: [
    { flags: "--timeout <seconds>", description: "kill it when it has not stopped by then", default: "30" },
    PID_DIR_OPTION,
    JSON_FLAG,
  ],
  examples: ["processes cancel", "processes cancel cache-generation --timeout 5"],
  run: cancel,
};

export const processesListCommand: Command = {
  name: "processes list",
  summary: "List the background processes, running and ended.",
  gated: true,
  options: [
    { flags: "--package-only", description: "accepted for compatibility: all are ours" },
    PID_DIR_OPTION,
    JSON_FLAG,
  ],
  examples: ["processes list", "processes list --json"],
  run: list,
};

/** No process of the name was ever started in the folder. */
class NoProcessError extends StatsError {
  readonly code = "NO_PROCESS";
  readonly status = 404;
  readonly hint = "`community-stats processes list` shows those that there are; --pid-dir names another folder.";
  constructor(name: string, folder: string) {
    super(`There is no background process "${name}" in ${folder}.`);
  }
}

interface Shown extends Omit<ProcessStatus, "birth" | "status"> {
  readonly name: string;
  readonly status: ProcessStatus["status"] | "died";
  readonly running: boolean;
  readonly log: string;
}

function shown(files: ProcessFiles, status: ProcessStatus): Shown {
  const running = status.exit_code === null && isAlive(status);
  const { birth: _, ...rest } = status;
  const state = running || status.exit_code !== null ? status.status : "died";
  return { name: files.name, ...rest, status: state, running, log: files.log };
}

function found(context: CommandContext, input: CommandInput) {
  const folder = pidFolder(context, input);
  const [name = USUAL] = input.arguments;
  const files = processFiles(folder, name);
  const status = /^[\w-]+$/.test(name) ? readStatus(files) : null;
  if (status === null) throw new NoProcessError(name, folder);
  return { files, status };
}

async function showStatus(context: CommandContext, input: CommandInput): Promise<ExitCode> {
  const { files, status } = found(context, input);
  const lines = wholeOption(input.options, "logLines", { least: 1, most: 100_000 }) ?? 20;
  const row = shown(files, status);
  const log = input.options["showLog"] === true ? logTail(files, lines) : null;
  const text =
    input.options["json"] === true
      ? JSON.stringify(log === null ? row : { ...row, log_tail: log }, null, 2)
      : [...statusLines(row, context.now()), ...(log === null ? [] : ["", ...log])].join("\n");
  context.stdout.write(`${text}\n`);
  return EXIT.done;
}

const CELLS = 50;

function statusLines(row: Shown, now: number): readonly string[] {
  const full = Math.round((row.progress / 100) * CELLS);
  const until = row.running ? now / 1000 : row.last_update;
  const eta = row.eta === null ? "" : `, ${spanText(row.eta)} left`;
  const rate = typeof row.rate === "number" ? `, ${Math.round(row.rate).toLocaleString("en")} a second` : "";
  const end = row.exit_code === null ? "" : ` (exit code ${row.exit_code})`;
  return [
    `${row.name}: ${row.status}${end}, pid ${row.pid}`,
    `  ran for  ${spanText(until - row.start_time)}`,
    `  progress [${"█".repeat(full)}${"░".repeat(CELLS - full)}] ${row.progress}%`,
    `  task     ${row.current_task}${row.total > 0 ? ` (${row.done} of ${row.total})` : ""}${rate}${eta}`,
    `  command  ${row.command}`,
    `  log      ${row.log}`,
    ...(row.status === "died"
      ? ["  It ended without a word: killed, or the machine was restarted. Start it again; it goes on."]
      : []),
  ];
}

function spanText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

async function cancel(context: CommandContext, input: CommandInput): Promise<ExitCode> {
  const seconds = wholeOption(input.options, "timeout", { least: 0, most: 86_400 }) ?? 30;
  const { files, status } = found(context, input);
  const how = status.exit_code === null ? await cancelProcess(files, status, seconds * 1000) : "gone";
  const row = shown(files, readStatus(files) ?? status);
  if (input.options["json"] === true) context.stdout.write(`${JSON.stringify({ ...row, cancelled: how }, null, 2)}\n`);
  else {
    const said = {
      graceful: "has stopped",
      hard: "was killed; it goes on when it is started again",
      gone: "was not running",
    };
    context.stdout.write(`The process ${files.name} ${said[how]}.\n`);
  }
  return EXIT.done;
}

async function list(context: CommandContext, input: CommandInput): Promise<ExitCode> {
  const folder = pidFolder(context, input);
  const rows = processNames(folder).flatMap((name) => {
    const files = processFiles(folder, name);
    const status = readStatus(files);
    return status === null ? [] : [shown(files, status)];
  });
  if (input.options["json"] === true) context.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (rows.length === 0) context.stdout.write(`No background process was started in ${folder}.\n`);
  else {
    const cells = rows.map(({ name, status, pid, progress, current_task: task }) => [
      name,
      status,
      task,
      String(pid),
      `${progress}%`,
    ]);
    context.stdout.write(
      `${table([["name", "status", "task", "pid", "progress"], ...cells], { left: 3 }).join("\n")}\n`,
    );
  }
  return EXIT.done;
}

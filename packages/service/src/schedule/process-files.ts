import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a background process tells of itself, in its status file. Times are epoch seconds, as the original had them. */
export interface ProcessStatus {
  readonly pid: number;
  /** Which process of that number: it may be given to another one later. Null where the system does not say. */
  readonly birth: string | null;
  readonly start_time: number;
  readonly status: "starting" | "running" | "completed" | "partial" | "failed" | "cancelled" | "refused";
  /** Without secrets: these are never given as arguments. */
  readonly command: string;
  /** Percent of the present task. */
  readonly progress: number;
  readonly current_task: string;
  readonly done: number;
  readonly total: number;
  /** How many a second the present task makes; null before it has made any, and at the end. */
  readonly rate: number | null;
  /** Seconds to the end of the present task; null where nothing can be said. */
  readonly eta: number | null;
  readonly last_update: number;
  readonly exit_code: number | null;
}

export interface ProcessFiles {
  readonly name: string;
  readonly pid: string;
  readonly status: string;
  readonly log: string;
}

const STEM = "invenio-community-stats-";

export function processFiles(folder: string, name: string): ProcessFiles {
  const stem = join(folder, `${STEM}${name}`);
  return { name, pid: `${stem}.pid`, status: `${stem}.status`, log: `${stem}.log` };
}

/** Only its owner may look into it: a log may name what is restricted. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Names of all processes that a folder knows of, in order. */
export function processNames(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const pattern = new RegExp(`^${STEM}(.+)\\.status$`);
  return readdirSync(folder)
    .flatMap((file) => pattern.exec(file)?.[1] ?? [])
    .toSorted();
}

export function readStatus({ status }: ProcessFiles): ProcessStatus | null {
  if (!existsSync(status)) return null;
  try {
    const value: unknown = JSON.parse(readFileSync(status, "utf8"));
    return isStatus(value) ? value : null;
  } catch {
    // Damaged, or of another program: as if there were none.
    return null;
  }
}

function isStatus(value: unknown): value is ProcessStatus {
  return typeof value === "object" && value !== null && "pid" in value && "status" in value && "start_time" in value;
}

/** In one step: whoever reads finds the old or the new status, whole. */
export function writeStatus({ status }: Pick<ProcessFiles, "status">, value: ProcessStatus): void {
  const part = `${status}.${value.pid}.part`;
  writeFileSync(part, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(part, status);
}

/** What tells a process from a later one of the same number; null where the system does not say. */
export function birthOf(pid: number): string | null {
  try {
    if (existsSync("/proc/self/stat")) {
      const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      // A dead process whose parent has not noticed has a number still.
      return state === "Z" ? null : (fields[18] ?? null);
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    // It has ended.
    return null;
  }
}

/** Whether the very process of a status still lives. */
export function isAlive({ pid, birth }: Pick<ProcessStatus, "pid" | "birth">): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is another user's.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return birth === null || birthOf(pid) === birth;
}

const KEPT_LOGS = 3;
const MOST_LOG_BYTES = 64 * 2 ** 20;

/** Puts the log of the run before aside, and the oldest away. */
export function rotateLog({ log }: ProcessFiles): void {
  if (!existsSync(log) || statSync(log).size === 0) return;
  for (let at = KEPT_LOGS - 1; at >= 1; at -= 1) {
    if (existsSync(`${log}.${at}`)) renameSync(`${log}.${at}`, `${log}.${at + 1}`);
  }
  renameSync(log, `${log}.1`);
}

/** The last lines of a log. */
export function logTail({ log }: ProcessFiles, lines: number): readonly string[] {
  if (!existsSync(log)) return [];
  if (statSync(log).size > MOST_LOG_BYTES) return [`${log} is too long to show.`];
  return readFileSync(log, "utf8").trimEnd().split("\n").slice(-lines);
}

import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  birthOf,
  isAlive,
  makeFolder,
  type ProcessFiles,
  processFiles,
  type ProcessStatus,
  readStatus,
  rotateLog,
  writeStatus,
} from "./process-files.ts";

/** Tells a command that it runs in the background, and where it writes how far it is. */
export const STATUS_VARIABLE = "STATS_PROCESS_STATUS_FILE";

export interface StartOptions {
  readonly folder: string;
  readonly name: string;
  /** Words of our own command line. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export type Started =
  | { readonly kind: "started"; readonly status: ProcessStatus; readonly files: ProcessFiles }
  /** It ended while one looked. */
  | { readonly kind: "ended"; readonly status: ProcessStatus; readonly files: ProcessFiles }
  | { readonly kind: "running"; readonly status: ProcessStatus; readonly files: ProcessFiles };

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
/** So long it is watched whether it begins well. */
const WATCH_MS = 10_000;
const LOOK_MS = 50;
/** A command that is refused ends so soon after it has begun. */
const SETTLED_MS = 2000;

/** Starts a command that outlives this process and its terminal. One of a name at a time. */
export async function startProcess(options: StartOptions): Promise<Started> {
  const { folder, name, now } = options;
  makeFolder(folder);
  const files = processFiles(folder, name);
  const rival = takeName(files, now());
  if (rival !== null) return { kind: "running", status: rival, files };
  rotateLog(files);
  const status = spawnDetached(options, files);
  const seen = await watch(files, status);
  return { kind: seen.exit_code === null ? "started" : "ended", status: seen, files };
}

/** Takes the pid file, which one process at a time can make. Returns who holds it, or null when it is ours. */
function takeName(files: ProcessFiles, now: number): ProcessStatus | null {
  for (;;) {
    if (makePidFile(files)) {
      writeStatus(files, startingStatus(process.pid, "", now));
      return null;
    }
    const holder = holderOf(files, now);
    if (holder.exit_code === null && isAlive(holder)) return holder;
    // Who renames it away may make it anew; of two that try, one finds it gone.
    const gone = `${files.pid}.${process.pid}`;
    if (existsSync(files.pid)) renameSync(files.pid, gone);
    rmSync(gone, { force: true });
  }
}

/** False where there is one. */
function makePidFile({ pid }: ProcessFiles): boolean {
  try {
    writeFileSync(pid, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** The status may still be that of the run before: then the number is all that is known. */
function holderOf(files: ProcessFiles, now: number): ProcessStatus {
  const number = existsSync(files.pid) ? Number(readFileSync(files.pid, "utf8").trim()) : Number.NaN;
  const status = readStatus(files);
  if (status !== null && (status.pid === number || !(number > 0))) return status;
  return { ...startingStatus(number > 0 ? number : -1, "", now), exit_code: number > 0 ? null : 1 };
}

function startingStatus(pid: number, command: string, now: number): ProcessStatus {
  const seconds = now / 1000;
  return {
    pid,
    birth: birthOf(pid),
    start_time: seconds,
    status: "starting",
    command,
    progress: 0,
    current_task: "starting",
    done: 0,
    total: 0,
    rate: null,
    eta: null,
    last_update: seconds,
    exit_code: null,
  };
}

function spawnDetached({ command, environment, now }: StartOptions, files: ProcessFiles): ProcessStatus {
  const log = openSync(files.log, "a", 0o600);
  try {
    const child = spawn(process.execPath, [MAIN, ...command], {
      detached: true,
      stdio: ["ignore", log, log],
      env: { ...environment, [STATUS_VARIABLE]: files.status },
    });
    child.on("error", () => undefined);
    child.unref();
    const status = startingStatus(child.pid ?? -1, `community-stats ${command.join(" ")}`, now());
    writeFileSync(files.pid, `${status.pid}\n`);
    writeStatus(files, status);
    return status;
  } finally {
    closeSync(log);
  }
}

/** Until it works, has ended, or has been there so long that nothing refuses it any more. */
async function watch(files: ProcessFiles, status: ProcessStatus): Promise<ProcessStatus> {
  let begun: number | null = null;
  for (let waited = 0; waited < WATCH_MS; waited += LOOK_MS) {
    const now = readStatus(files) ?? status;
    if (now.exit_code !== null || now.current_task !== status.current_task) return now;
    if (!isAlive(now)) return { ...now, status: "failed", exit_code: 1 };
    if (now.status !== "starting") begun ??= waited;
    if (begun !== null && waited - begun >= SETTLED_MS) return now;
    await wait(LOOK_MS);
  }
  return readStatus(files) ?? status;
}

import { rmSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { isAlive, type ProcessFiles, type ProcessStatus, readStatus, writeStatus } from "./process-files.ts";

/** How a process ended. `gone`: it did not live any more. */
export type Cancelled = "graceful" | "hard" | "gone";

const LOOK_MS = 100;

/** Asks a process to stop, which saves what it has; kills it where it does not within the time. */
export async function cancelProcess(files: ProcessFiles, status: ProcessStatus, timeoutMs: number): Promise<Cancelled> {
  if (!isAlive(status)) return "gone";
  process.kill(status.pid, "SIGTERM");
  for (let waited = 0; waited < timeoutMs; waited += LOOK_MS) {
    if (!isAlive(status)) return ended(files, status, "graceful");
    await wait(LOOK_MS);
  }
  if (isAlive(status)) process.kill(status.pid, "SIGKILL");
  return ended(files, status, "hard");
}

function ended(files: ProcessFiles, status: ProcessStatus, how: "graceful" | "hard"): Cancelled {
  const last = readStatus(files) ?? status;
  if (last.exit_code === null)
    writeStatus(files, { ...last, status: "cancelled", eta: null, exit_code: how === "hard" ? 137 : 143 });
  rmSync(files.pid, { force: true });
  return how;
}

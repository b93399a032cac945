import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Cron } from "croner";

export interface HourlyOptions {
  /** Five fields, UTC; the original's beat ran at minute 40. */
  readonly pattern: string;
  /** Commands of our own command line with their options, one after the other; each is run whatever became of the one before. */
  readonly commands: readonly (readonly string[])[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of every run's end; a run that another process does already ends with code 4. */
  readonly ended: (command: readonly string[], code: number | null) => void;
}

/**
 * Runs commands at their time, each in a process of its own: counting neither blocks nor endangers the server. Runs do not overlap.
 * @returns a function that stops the schedule; a running command is asked to stop and goes on next time.
 */
export function schedule(options: HourlyOptions): () => void {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const stop = new AbortController();
  const job = new Cron(options.pattern, { timezone: "UTC", protect: true }, async () => {
    for (const command of options.commands) {
      if (stop.signal.aborted) return;
      options.ended(command, await runChild([main, ...command], options.environment, stop.signal));
    }
  });
  return () => {
    job.stop();
    stop.abort();
  };
}

async function runChild(
  argv: readonly string[],
  environment: HourlyOptions["environment"],
  signal: AbortSignal,
): Promise<number | null> {
  const child = spawn(process.execPath, [...argv], {
    env: { ...environment },
    stdio: ["ignore", "ignore", "inherit"],
    signal,
  });
  return await new Promise((resolve) => {
    child.on("exit", (code) => resolve(code));
    child.on("error", () => resolve(null));
  });
}

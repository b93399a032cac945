import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface ChildOptions {
  /** A command of our own command line with its options. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
/** A command that is asked to stop saves what it has; this is time enough. */
const GRACE_MS = 20_000;

/**
 * Runs a command in a process of its own: counting neither blocks nor endangers the server.
 * @returns its exit code; null where a signal ended it, or it could not be started.
 */
export async function runChild({ command, environment, signal }: ChildOptions): Promise<number | null> {
  const child = spawn(process.execPath, [MAIN, ...command], {
    env: { ...environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
  let hard: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill("SIGTERM");
    hard = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  };
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await new Promise((resolve) => {
      child.on("exit", (code) => resolve(code));
      child.on("error", () => resolve(null));
    });
  } finally {
    clearTimeout(hard);
    signal.removeEventListener("abort", stop);
  }
}

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const FIXTURES = fileURLToPath(new URL("../../../../fixtures/worked-example/", import.meta.url));

export const WORKED_FILES = ["records", "communities", "memberships", "events"].map((name) =>
  join(FIXTURES, `${name}.ndjson`),
);
/** Where code that was compiled before is found: a process starts in half the time. */
const { NODE_COMPILE_CACHE } = process.env;

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
type Variables = Readonly<Record<string, string>>;

/** A data folder and the commands run on it, each as a process of its own, as an operator does. */
export class CommandLine {
  readonly dataDir = mkdtempSync(join(tmpdir(), "commands-"));
  readonly #running = new Set<ChildProcessWithoutNullStreams>();

  /** Starts a command; nothing of our own configuration reaches it. */
  start(args: readonly string[], variables: Variables = {}): ChildProcessWithoutNullStreams {
    const env = {
      PATH: process.env["PATH"] ?? "",
      COMMUNITY_STATS_DATA_DIR: this.dataDir,
      COMMUNITY_STATS_LOG_LEVEL: "silent",
      ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
      ...variables,
    };
    const child = spawn(process.execPath, [MAIN, ...args], { env });
    this.#running.add(child);
    child.once("close", () => this.#running.delete(child));
    return child;
  }

  async run(args: readonly string[], variables: Variables = {}, input = ""): Promise<Ended> {
    const child = this.start(args, variables);
    child.stdin.end(input);
    return await ended(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#running) {
      child.kill("SIGKILL");
      await once(child, "close");
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const [out, err] = [collected(child.stdout), collected(child.stderr)];
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out: out(), err: err() };
}

function collected(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => (text += chunk));
  return () => text;
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface ChildTask {
  /** `change` counts under other breakdowns than `aggregate`. */
  readonly kind: "ingest" | "aggregate" | "change";
  readonly dataDir: string;
  readonly files: readonly string[];
  readonly now: number;
  readonly workers: number;
  /** Large batches of events go to files, small ones to the inbox. */
  readonly batchEvents: number;
  /** Where it stands still until something is written to its input: before it begins, or once it holds the lease. */
  readonly waits: "nowhere" | "before" | "with the lease";
}

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

/** A child process at its task. */
export class Victim {
  readonly #process: ChildProcess;
  #output = "";
  #errors = "";
  readonly ended: Promise<unknown>;

  constructor(task: ChildTask) {
    this.#process = spawn(process.execPath, ["--no-warnings", CHILD, JSON.stringify(task)], { stdio: "pipe" });
    this.#process.stdout?.on("data", (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    this.#process.stderr?.on("data", (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    this.ended = once(this.#process, "close");
  }

  /** Its engine is open. */
  async ready(): Promise<void> {
    await this.#says("ready");
  }

  /** It holds the lease, and goes no further. */
  async holds(): Promise<void> {
    await this.#says("holds");
  }

  async #says(word: string): Promise<void> {
    while (!this.#output.includes(word) && this.#process.exitCode === null) {
      const chunk = this.#process.stdout === null ? Promise.resolve() : once(this.#process.stdout, "data");
      await Promise.race([chunk, this.ended]);
    }
  }

  go(): void {
    this.#process.stdin?.write("go\n");
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** Its report; throws what it wrote to its error output when it ended otherwise. */
  async report(): Promise<Record<string, unknown>> {
    await this.ended;
    const line = this.#output.trim().split("\n").at(-1) ?? "";
    if (this.#process.exitCode !== 0 || !line.startsWith("{")) throw new Error(`the child ended: ${this.#errors}`);
    return JSON.parse(line);
  }

  get wasKilled(): boolean {
    return this.#process.signalCode === "SIGKILL";
  }
}

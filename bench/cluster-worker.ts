import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { EngineSpec } from "../packages/service/src/app.ts";

/** A worker in a process of its own. */
export class Hand {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  static async start(spec: EngineSpec): Promise<Hand> {
    const script = new URL("cluster-hand.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, ["--no-warnings", script, JSON.stringify(spec)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (child.stdout !== null) await once(child.stdout, "data");
    return new Hand(child);
  }

  async megabytes(): Promise<number> {
    const { stdin, stdout } = this.#process;
    if (stdin === null || stdout === null) return 0;
    const answer = once(stdout, "data");
    stdin.write("memory\n");
    return Number(String((await answer)[0]));
  }

  async stop(): Promise<void> {
    this.#process.kill("SIGTERM");
    if (this.#process.exitCode === null) await once(this.#process, "exit");
  }
}

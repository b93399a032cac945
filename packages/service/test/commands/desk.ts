import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { openEngine } from "../../src/app.ts";
import type { Command } from "../../src/cli/command.ts";
import { runProgram } from "../../src/cli/program.ts";
import { configFrom } from "../../src/config/config.ts";
import { environmentSource } from "../../src/config/environment.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Ended } from "./process.ts";

export interface DeskOptions {
  /** Variables for every command. */
  readonly environment?: Readonly<Record<string, string>>;
  /** By default the one that keeps everything in memory. */
  readonly engine?: "memory" | "embedded";
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** A data folder that is there already, with its engine; the desk leaves both as they are. */
  readonly home?: { readonly dataDir: string; readonly engine: Engine };
}

/** Commands run in this process, on one engine that stays open: quick, and all but the process itself. */
export class Desk {
  readonly folder: string;
  readonly #commands: readonly Command[];
  readonly #options: DeskOptions;
  #engine: Promise<Engine> | undefined;

  constructor(commands: readonly Command[], options: DeskOptions = {}) {
    this.#commands = commands;
    this.#options = options;
    this.folder = options.home?.dataDir ?? mkdtempSync(join(tmpdir(), "desk-"));
  }

  get #kind(): "memory" | "embedded" {
    return this.#options.engine ?? "memory";
  }

  engine(): Promise<Engine> {
    const { home } = this.#options;
    if (home !== undefined) return Promise.resolve(home.engine);
    return (this.#engine ??= openEngine({ name: this.#kind, dataDir: this.folder }));
  }

  async run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const entries = this.#commands.map((command) => ({
      name: command.name,
      summary: command.summary,
      load: async () => command,
    }));
    const variables = { COMMUNITY_STATS_ENGINE: this.#kind, COMMUNITY_STATS_DATA_DIR: this.folder };
    const config = configFrom([environmentSource({ ...variables, ...this.#options.environment, ...environment })]);
    const code = await runProgram(entries, args, () => ({
      config,
      stdin: Readable.from([]),
      stdout,
      stderr,
      interactive: false,
      now: this.#options.now ?? (() => Date.now()),
      signal: new AbortController().signal,
      owner: "desk.example:1",
      environment: {},
      engine: () => this.engine(),
    }));
    return { code, out: text(stdout), err: text(stderr) };
  }

  /** What a command says with --json. @throws where it does not end with 0 */
  async json(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const { code, out, err } = await this.run([...args, "--json"], environment);
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${err}`);
    return JSON.parse(out);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#options.home !== undefined) return;
    await (await this.#engine)?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function text(stream: PassThrough): string {
  const chunk: unknown = stream.read();
  return chunk instanceof Buffer ? chunk.toString() : "";
}

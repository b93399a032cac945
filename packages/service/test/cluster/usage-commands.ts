import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import type { Command } from "../../src/cli/command.ts";
import { runProgram } from "../../src/cli/program.ts";
import { usageEventsCleanupCommand } from "../../src/cli/usage-events-cleanup.ts";
import { usageEventsClearCommand } from "../../src/cli/usage-events-clear.ts";
import { usageEventsMigrateCommand } from "../../src/cli/usage-events-migrate.ts";
import { usageEventsStatusCommand } from "../../src/cli/usage-events-status.ts";
import { loadConfig } from "../../src/config/config.ts";
import type { Engine } from "../../src/engine/engine.ts";

const COMMANDS: readonly Command[] = [
  usageEventsMigrateCommand,
  usageEventsStatusCommand,
  usageEventsCleanupCommand,
  usageEventsClearCommand,
];

/** When a command is run, and with which settings. */
export interface At {
  readonly now?: number;
  readonly environment?: Readonly<Record<string, string>>;
}
export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The commands about events on one engine, as somebody without a terminal runs them. */
export class UsageCommands {
  readonly #engine: Engine;
  readonly #now: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "usage-commands-"));

  constructor(engine: Engine, now: number) {
    this.#engine = engine;
    this.#now = now;
  }

  async run(words: readonly string[], { now = this.#now, environment = {} }: At = {}): Promise<Told> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const entries = COMMANDS.map((command) => ({ ...command, load: async () => command }));
    const code = await runProgram(entries, words, () => ({
      config: loadConfig({ COMMUNITY_STATS_DATA_DIR: this.#folder, ...environment }),
      stdin: Readable.from([]),
      stdout,
      stderr,
      interactive: false,
      now: () => now,
      signal: new AbortController().signal,
      owner: "desk.example:1",
      engine: async () => this.#engine,
    }));
    return { code, out: String(stdout.read() ?? ""), err: String(stderr.read() ?? "") };
  }

  async json(words: readonly string[], at: At = {}): Promise<Readonly<Record<string, unknown>>> {
    const { code, out, err } = await this.run([...words, "--json"], at);
    if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}: ${out} ${err}`);
    return Object(JSON.parse(out));
  }

  end(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

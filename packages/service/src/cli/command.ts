import type { Readable } from "node:stream";
import type { Engine } from "../engine/engine.ts";
import type { Config } from "../config/config.ts";

/** Partial: some of it is done, or it was interrupted. Held: somebody else is at it. */
export const EXIT = { done: 0, failed: 1, usage: 2, partial: 3, held: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One row of a command's option table; help texts derive from it. */
export interface CommandOption {
  /** As commander writes them: "-c, --community-id <id>", "--no-progress". */
  readonly flags: string;
  readonly description: string;
  readonly default?: string | number | boolean;
  /** May be given several times; the value is an array. */
  readonly repeatable?: true;
  readonly choices?: readonly string[];
}

export interface CommandArgument {
  /** "<file...>", "[name]". */
  readonly name: string;
  readonly description: string;
}

/** What a command may touch of the world. */
export interface CommandContext {
  readonly config: Config;
  readonly stdin: Readable;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Progress bars are drawn on stderr only when it is a terminal. */
  readonly interactive: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** "host:pid", for leases and run notes. */
  readonly owner: string;
  /** The environment that a command of ours is started with. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Told how far long work is, where somebody else follows it. */
  readonly noteProgress?: (progress: { readonly step: string; readonly done: number; readonly total: number }) => void;
  /** Opens the configured engine; closed by the caller of the command. */
  readonly engine: () => Promise<Engine>;
}

/** Values of options by camelCase name, arguments in order. */
export interface CommandInput {
  readonly options: Readonly<Record<string, unknown>>;
  readonly arguments: readonly string[];
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly arguments?: readonly CommandArgument[];
  readonly options: readonly CommandOption[];
  /** Command lines without the program's name, for the help. */
  readonly examples?: readonly string[];
  /** False for what works although COMMUNITY_STATS_ENABLED is off. */
  readonly gated: boolean;
  /** It tells of mistakes in the configuration, so it is run in spite of them. */
  readonly despiteMistakes?: true;
  /** It works until it is told to stop, whether or not somebody reads what it says. */
  readonly service?: true;
  /** Tells on stderr why it would not begin, with the exit code; null where nothing is in its way. Changes nothing. */
  refuses?(context: CommandContext, input: CommandInput): Promise<ExitCode | null>;
  run(context: CommandContext, input: CommandInput): Promise<ExitCode>;
}

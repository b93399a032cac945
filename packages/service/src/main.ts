#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import type { CommandContext } from "./cli/command.ts";
import { type Circumstances, runProgram } from "./cli/program.ts";
import { COMMANDS } from "./commands.ts";
import type { Config } from "./config/config.ts";
import type { Engine } from "./engine/engine.ts";
import { ProcessNote } from "./schedule/process-note.ts";
import { STATUS_VARIABLE } from "./schedule/process-start.ts";

/**
 * Compiled code is kept, for its threads and child processes as well, so that a command starts in half the time; where the folder
 * cannot be written nothing is. What is imported when it is needed, below, comes from there; what stands above does not.
 */
process.env["NODE_COMPILE_CACHE"] ??= join(homedir(), ".cache", "community-stats", "compiled");
enableCompileCache(process.env["NODE_COMPILE_CACHE"]);

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupt.abort(signal));
// A reader of our output that goes away (`| head`) ends the program quietly; a service goes on, whatever becomes of what it says.
let isService = false;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (isService) return;
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
process.stderr.on("error", () => undefined);

let engine: Promise<Engine> | undefined;
const { [STATUS_VARIABLE]: statusFile, ...environment } = process.env;
const note = statusFile === undefined ? null : new ProcessNote(statusFile, Date.now);

async function makeContext({ configFile, despiteMistakes, service }: Circumstances): Promise<CommandContext> {
  isService = service;
  const [{ configDespiteMistakes, configFrom }, { gatherSources }] = await Promise.all([
    import("./config/config.ts"),
    import("./config/sources.ts"),
  ]);
  const sources = await gatherSources({ folder: process.cwd(), environment, file: configFile });
  const config = despiteMistakes ? configDespiteMistakes(sources) : configFrom(sources);
  return {
    config,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    interactive: process.stderr.isTTY === true,
    now: () => Date.now(),
    signal: interrupt.signal,
    owner: `${hostname()}:${process.pid}`,
    environment,
    ...(note === null ? {} : { noteProgress: note.progress }),
    engine: () => (engine ??= openedEngine(config)),
  };
}

async function openedEngine(config: Config): Promise<Engine> {
  const { engineSpec, openEngine } = await import("./app.ts");
  return await openEngine(engineSpec(config));
}

const exit = await runProgram(COMMANDS, process.argv.slice(2), makeContext);
process.exitCode = exit;
// Whoever asked for an engine that could not be opened was told so.
await engine?.then(
  (opened) => opened.close(),
  () => undefined,
);
note?.end(exit, interrupt.signal.aborted);

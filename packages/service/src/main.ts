#!/usr/bin/env node
import { hostname } from "node:os";
import { engineSpec, openEngine } from "./app.ts";
import type { CommandContext } from "./cli/command.ts";
import { type CommandEntry, runProgram } from "./cli/program.ts";
import { loadConfig } from "./config/config.ts";
import type { Engine } from "./engine/engine.ts";

/** Every command; the table of help and of the command line. */
const COMMANDS: readonly CommandEntry[] = [
  {
    name: "serve",
    summary: "Answer the statistics API and show the dashboards.",
    load: async () => (await import("./serve.ts")).serveCommand,
  },
  {
    name: "ingest",
    summary: "Read records, communities, memberships and usage events from files.",
    load: async () => (await import("./cli/ingest.ts")).ingestCommand,
  },
  {
    name: "aggregate",
    summary: "Count what is new, day by day.",
    load: async () => (await import("./cli/aggregate.ts")).aggregateCommand,
  },
  {
    name: "read",
    summary: "Print the numbers of a query.",
    load: async () => (await import("./cli/read.ts")).readCommand,
  },
  {
    name: "status",
    summary: "Show how far everything is counted and what is wrong.",
    load: async () => (await import("./cli/status.ts")).statusCommand,
  },
  {
    name: "demo",
    summary: "Fill the data folder with real records and generated use, and count it.",
    load: async () => (await import("./cli/demo.ts")).demoCommand,
  },
];

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupt.abort(signal));
// A reader of our output that goes away (`| head`) ends the program quietly.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

let engine: Promise<Engine> | undefined;

function makeContext(): CommandContext {
  const config = loadConfig(process.env);
  return {
    config,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    interactive: process.stderr.isTTY === true,
    now: () => Date.now(),
    signal: interrupt.signal,
    owner: `${hostname()}:${process.pid}`,
    engine: () => (engine ??= openEngine(engineSpec(config))),
  };
}

process.exitCode = await runProgram(COMMANDS, process.argv.slice(2), makeContext);
await (await engine)?.close();

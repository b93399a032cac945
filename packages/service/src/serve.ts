import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AddressInfo } from "node:net";
import { StatsError } from "@community-stats/contract/problems.ts";
import type { FastifyInstance } from "fastify";
import { pino, type Logger } from "pino";
import { lendHand } from "./aggregate/hand.ts";
import { openEngine } from "./app.ts";
import { watchClosed } from "./cache/closed-scopes.ts";
import { openCache } from "./cache/open-cache.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./cli/command.ts";
import { fill } from "./cli/demo.ts";
import { CONFIG_FILE } from "./config/config-file-name.ts";
import type { Engine } from "./engine/engine.ts";
import type { Config } from "./config/config.ts";
import { loadOffers } from "./export/registry.ts";
import { openAccess } from "./http/caller.ts";
import { registerMetrics } from "./http/metrics.ts";
import { buildServer } from "./http/server.ts";
import { switchesOf } from "./query/switches.ts";
import { Queries } from "./query/queries.ts";
import { startHourly } from "./schedule/hourly.ts";

export const serveCommand: Command = {
  name: "serve",
  summary: "Answer the statistics API and show the dashboards.",
  gated: true,
  service: true,
  options: [
    { flags: "--no-schedule", description: "leave the scheduled work to `worker` or to another machine's `serve`" },
  ],
  examples: ["serve", "serve --no-schedule", "--config /etc/community-stats.yaml serve"],
  run,
};

/** The schedule without the server, and a hand for the work of others: for machines that only count. */
export const workerCommand: Command = {
  name: "worker",
  summary: "Do the scheduled work, without a server; with the engine opensearch, share the counting of all machines.",
  gated: true,
  service: true,
  options: [],
  examples: ["worker"],
  run: runWorker,
};

async function runWorker(context: CommandContext): Promise<ExitCode> {
  const { signal, now } = context;
  const log = openLog(context);
  const hand = lendHand(await context.engine(), { log, now });
  const stop = await hourly(context, log);
  if (stop === null && hand === null) {
    context.stderr.write(
      "Error: nothing is scheduled.\nSet COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED or COMMUNITY_STATS_SCHEDULED_CACHE_TASKS_ENABLED to true.\n",
    );
    return EXIT.failed;
  }
  if (hand !== null) context.stdout.write("Work is taken.\n");
  if (stop !== null) context.stdout.write("The schedule is kept.\n");
  await until(signal);
  await Promise.all([stop?.(), hand?.close()]);
  return EXIT.done;
}

/** Lines go the way of everything that is said: pino's own way out hangs at the end where the disk is full. */
function openLog({ config, stdout }: CommandContext): Logger {
  return pino({ level: config.logLevel, base: null }, stdout);
}

async function until(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** The port cannot be had. */
class ListenError extends StatsError {
  readonly code = "LISTEN";
  readonly status = 500;
  readonly hint: string;
  constructor(address: string, code: string, cause: Error) {
    super(`Nothing can listen on ${address} (${code}).`, { cause });
    this.hint =
      code === "EADDRINUSE"
        ? "Another program has the port; choose a free one with PORT=8081."
        : "Choose another PORT or COMMUNITY_STATS_HOST.";
  }
}

const NOT_SCHEDULED =
  "Nothing is counted by itself. COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED=true counts every hour.\n";

async function run(context: CommandContext, input: CommandInput): Promise<ExitCode> {
  const { config, signal } = context;
  const log = openLog(context);
  for (const { text } of config.loaded.notes) log.warn(text);
  const server = await assemble(context, log);
  const address = await listen(server, config);
  context.stdout.write(`Statistics are served at ${address}${config.dashboard.routes.global}\n`);
  const keepsSchedule = input.options["schedule"] !== false && !config.testData;
  if (keepsSchedule && config.enabled && !config.scheduledAggregation) context.stdout.write(NOT_SCHEDULED);
  const stopSchedule = keepsSchedule ? await hourly(context, log) : null;
  await until(signal);
  await stopSchedule?.();
  await server.close();
  return EXIT.done;
}

async function assemble(context: CommandContext, log: Logger): Promise<FastifyInstance> {
  const { config, now } = context;
  const engine = config.testData ? await generatedNumbers(context, log) : await context.engine();
  const { breakdowns, topLimit, weekStart } = config;
  const dashboardFolder = builtDashboard(log);
  const access = openAccess({ settings: config.access, fetch, onTrouble: troubleLog(log, now) });
  const switches = switchesOf(config);
  const queries = new Queries({
    engine,
    breakdowns,
    topLimit,
    weekStart,
    now,
    rights: access.rights,
    switches,
    rangeDays: config.access.limits.rangeDays,
    stateMs: STATE_MS,
    layouts: config.dashboard,
  });
  const { limits } = config.access;
  const warn = (what: string) => log.warn(what);
  const kept = config.testData ? { ...config, engine: "memory" as const } : config;
  const cache = openCache({ config: kept, queries, now, warn, busyMs: CACHE_BUSY_MS });
  const { answering } = cache;
  const { serializers, corsOrigins } = config.answers;
  const offers = await loadOffers(serializers, config.file);
  const server = await buildServer({
    queries,
    pages: config,
    dashboardFolder,
    log,
    now,
    access,
    limits,
    answering,
    offers,
    corsOrigins,
  });
  if (config.metrics) {
    const { kept: answers } = cache;
    registerMetrics(server, {
      engine,
      dataDir: config.dataDir,
      cacheBytes: async () => (answers === null ? null : (await answers.summary(null)).bytes),
      now,
    });
  }
  const stopWatching = watchClosed({
    facts: engine.facts,
    holder: answering,
    everyMs: CLOSED_LOOK_MS,
    failed: (err) => log.error({ err }, "it could not be seen which communities are closed"),
  });
  server.addHook("onClose", async () => {
    stopWatching();
    await cache.close();
  });
  return server;
}

function builtDashboard(log: Logger): string {
  const folder = fileURLToPath(new URL("../../dashboard/dist", import.meta.url));
  if (!existsSync(folder)) log.warn("the dashboard is not built; its pages stay empty. Run: npm run build");
  return folder;
}

const TEST_DATA = { seed: 1, scale: 0.02, firstDay: null };

/** Generated numbers that are kept in memory only; what is stored is neither read nor touched. */
async function generatedNumbers(context: CommandContext, log: Logger): Promise<Engine> {
  log.warn("STATS_DASHBOARD_USE_TEST_DATA is on: all numbers are generated");
  const folder = await mkdtemp(join(tmpdir(), "community-stats-"));
  try {
    const engine = await openEngine({ name: "memory", dataDir: folder });
    await fill(
      { ...context, config: { ...context.config, workers: 0 } },
      { engine, folder, ...TEST_DATA, progress: () => undefined },
    );
    return engine;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Somebody waits for the answer; without the cache it is made at once. */
const CACHE_BUSY_MS = 100;
/** How long answers about a community that is closed by now may stay on disk. Nobody gets them: rights are asked first. */
const CLOSED_LOOK_MS = 2000;

/** How late a server may learn that numbers were counted. Looking costs as much as sending a kept answer. */
const STATE_MS = 250;

const TROUBLE_MS = 60_000;

/** A repository that does not answer is told once a minute, not once a question. */
function troubleLog(log: Logger, now: () => number): (reason: string) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (reason) => {
    if (now() - told < TROUBLE_MS) return;
    told = now();
    log.warn({ reason }, "the repository does not say who may read what; restricted communities stay closed");
  };
}

async function listen(server: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    if (error instanceof Error && "code" in error) throw new ListenError(`${host}:${port}`, String(error.code), error);
    throw error;
  }
  const bound = server.server.address() as AddressInfo;
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${bound.port}`;
}

/** The schedule, where anything is switched on. Commands read the same configuration file. */
async function hourly(context: CommandContext, log: Logger): Promise<(() => Promise<void>) | null> {
  const { config, now, owner } = context;
  const { control } = await context.engine();
  const environment = { ...context.environment, ...(config.file === null ? {} : { [CONFIG_FILE]: config.file }) };
  return startHourly({ config, control, environment, owner, now, newRun: randomUUID, log });
}

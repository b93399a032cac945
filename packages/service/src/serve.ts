import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { AddressInfo } from "node:net";
import { StatsError } from "@community-stats/contract/problems.ts";
import type { FastifyInstance } from "fastify";
import { pino, type Logger } from "pino";
import { watchClosed } from "./cache/closed-scopes.ts";
import { openCache } from "./cache/open-cache.ts";
import { type Command, type CommandContext, EXIT, type ExitCode } from "./cli/command.ts";
import { CONFIG_FILE } from "./config/config-file-name.ts";
import type { Config } from "./config/config.ts";
import { loadOffers } from "./export/registry.ts";
import { openAccess } from "./http/caller.ts";
import { buildServer } from "./http/server.ts";
import { switchesOf } from "./query/switches.ts";
import { Queries } from "./query/queries.ts";
import { schedule } from "./schedule/hourly.ts";

export const serveCommand: Command = {
  name: "serve",
  summary: "Answer the statistics API and show the dashboards.",
  gated: true,
  options: [],
  run,
};

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

async function run(context: CommandContext): Promise<ExitCode> {
  const { config, signal } = context;
  const log = pino({ level: config.logLevel, base: null });
  for (const { text } of config.loaded.notes) log.warn(text);
  const server = await assemble(context, log);
  const address = await listen(server, config);
  context.stdout.write(`Statistics are served at ${address}${config.dashboard.routes.global}\n`);
  const stopSchedule = hourly(config, log);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  stopSchedule();
  await server.close();
  return EXIT.done;
}

async function assemble(context: CommandContext, log: Logger): Promise<FastifyInstance> {
  const { config, now } = context;
  const engine = await context.engine();
  const { breakdowns, topLimit } = config;
  const dashboardFolder = fileURLToPath(new URL("../../dashboard/dist", import.meta.url));
  if (!existsSync(dashboardFolder)) {
    log.warn("the dashboard is not built; its pages stay empty. Run: npm run build");
  }
  const access = openAccess({ settings: config.access, fetch, onTrouble: troubleLog(log, now) });
  const switches = switchesOf(config);
  const queries = new Queries({
    engine,
    breakdowns,
    topLimit,
    now,
    rights: access.rights,
    switches,
    rangeDays: config.access.limits.rangeDays,
    layouts: config.dashboard,
  });
  const { limits } = config.access;
  const warn = (what: string) => log.warn(what);
  const cache = openCache({ config, queries, now, warn, busyMs: CACHE_BUSY_MS });
  const { answering } = cache;
  const { serializers, corsOrigins } = config.answers;
  const offers = await loadOffers(serializers, process.cwd());
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

/** Somebody waits for the answer; without the cache it is made at once. */
const CACHE_BUSY_MS = 100;
/** How long answers about a community that is closed by now may stay on disk. Nobody gets them: rights are asked first. */
const CLOSED_LOOK_MS = 2000;

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

/** Counting at minute 40, then the answers that it made unreachable, as far as each is switched on; the original's beats. */
function hourly({ scheduledAggregation, scheduledCaching, file }: Config, log: Logger): () => void {
  const commands = [
    ...(scheduledAggregation ? [["aggregate", "--force"]] : []),
    ...(scheduledCaching ? [["cache", "generate", "--force", "--first-view"]] : []),
  ];
  if (commands.length === 0) return () => undefined;
  return schedule({
    pattern: scheduledAggregation ? "40 * * * *" : "50 * * * *",
    commands,
    environment: { ...process.env, ...(file === null ? {} : { [CONFIG_FILE]: file }) },
    ended: (command, code) => log.info({ command, code }, "hourly command ended"),
  });
}

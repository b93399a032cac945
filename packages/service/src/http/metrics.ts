import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { dayNumberOf, type Instant, MS_PER_DAY } from "@community-stats/contract/days.ts";
import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { standing } from "../aggregate/standing.ts";
import type { Engine } from "../engine/engine.ts";

export interface MetricsOptions {
  readonly engine: Engine;
  readonly dataDir: string;
  /** Bytes of the answers that are kept on disk; null where none are. */
  readonly cacheBytes: () => number | null | Promise<number | null>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/**
 * `/metrics` for Prometheus: how fresh the numbers are, what waits, how runs and requests go. Sums of the whole installation only: no
 * community is named, and nothing that a caller sent.
 */
export function registerMetrics(app: FastifyInstance, options: MetricsOptions): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "community_stats_" });
  measureRequests(app, registry);
  const measure = measureService(registry, options);
  app.get("/metrics", async (_request, reply) => {
    await measure();
    return await reply
      .header("cache-control", "no-store")
      .type(registry.contentType)
      .send(await registry.metrics());
  });
}

function measureRequests(app: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: "community_stats_http_request_duration_seconds",
    help: "Time of requests until the answer was sent.",
    labelNames: ["method", "route", "status"],
    buckets: SECONDS,
    registers: [registry],
  });
  const refused = new Counter({
    name: "community_stats_http_refused_total",
    help: "Requests that were refused because there were too many.",
    registers: [registry],
  });
  app.addHook("onResponse", (request, reply, done) => {
    // Routes are patterns: an address that a caller made up has none.
    const route = request.routeOptions.url ?? "none";
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (reply.statusCode === 429) refused.inc();
    done();
  });
}

/** Name and help of every number about the service, with how it is read from what was found. */
const GAUGES: readonly (readonly [name: string, help: string, value: (found: Found) => number | null])[] = [
  ["up_to_timestamp_seconds", "End of the last day that is complete.", ({ through }) => secondsAfter(through)],
  ["lag_days", "Complete days that are missing until yesterday; 0 is up to date.", ({ lag }) => lag],
  ["last_count_timestamp_seconds", "End of the last count.", ({ updatedAt }) => inSeconds(updatedAt)],
  ["waiting_days", "Days of use that wait to be counted, without today.", ({ counts }) => counts.waitingDays],
  ["waiting_records", "1 where records wait to be booked.", ({ counts }) => Number(counts.waitingRecords)],
  ["failed_scopes", "Scopes whose records could not be booked.", ({ failedScopes }) => failedScopes],
  [
    "last_run_success",
    "1 where the last count that ended was done, 0 where it failed.",
    ({ counts }) => Number(counts.lastError === null),
  ],
  ["last_run_duration_seconds", "Time of the last count.", ({ counts }) => durationOf(counts.lastRun)],
  ["run_active", "1 while a count runs.", ({ counts }) => Number(counts.lastRun?.state === "running")],
  ["events", "Usage events that are stored.", ({ facts }) => facts.events],
  ["records", "Records that are known.", ({ facts }) => facts.records],
  ["communities", "Communities that are known, of any visibility.", ({ facts }) => facts.communities],
  ["facts_bytes", "Size of the facts.", ({ facts }) => facts.bytes],
  ["rollups_bytes", "Size of what was counted.", ({ rollupBytes }) => rollupBytes],
  ["cache_bytes", "Size of the answers that are kept on disk or in Redis.", ({ cacheBytes }) => cacheBytes],
  ["rejects_bytes", "Size of the lines that could not be used.", ({ rejectBytes }) => rejectBytes],
  ["fact_problems", "Stored files that are missing, damaged or not ours.", ({ problems }) => problems],
];

interface Found {
  readonly through: number | null;
  readonly lag: number | null;
  readonly updatedAt: number | null;
  readonly failedScopes: number;
  readonly counts: Awaited<ReturnType<typeof standing>>;
  readonly facts: {
    readonly events: number;
    readonly records: number;
    readonly communities: number;
    readonly bytes: number;
  };
  readonly rollupBytes: number;
  readonly cacheBytes: number | null;
  readonly rejectBytes: number;
  readonly problems: number;
}

function measureService(registry: Registry, options: MetricsOptions): () => Promise<void> {
  const gauges = GAUGES.map(([name, help, value]) => ({
    gauge: new Gauge({ name: `community_stats_${name}`, help, registers: [registry] }),
    value,
  }));
  return async () => {
    const found = await find(options);
    for (const { gauge, value } of gauges) gauge.set(value(found) ?? Number.NaN);
  };
}

async function find({ engine, dataDir, cacheBytes, now }: MetricsOptions): Promise<Found> {
  const live = (await engine.rollups.generations()).find((generation) => generation.live);
  const progress = live === undefined ? null : await engine.rollups.progress(live.id);
  const through = progress?.through ?? null;
  return {
    through,
    lag: through === null ? null : dayNumberOf(now() as Instant) - 1 - through,
    updatedAt: progress?.updatedAt ?? null,
    failedScopes: progress?.failedScopes.length ?? 0,
    counts: await standing(engine, now()),
    facts: await engine.facts.summary(),
    rollupBytes: await engine.rollups.size(),
    cacheBytes: await cacheBytes(),
    rejectBytes: folderBytes(join(dataDir, "rejects")),
    problems: (await engine.facts.problems()).length,
  };
}

function folderBytes(folder: string): number {
  try {
    return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  } catch {
    // Nothing was ever rejected, or it is being cleared.
    return 0;
  }
}

function secondsAfter(day: number | null): number | null {
  return day === null ? null : ((day + 1) * MS_PER_DAY) / 1000;
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}

function durationOf(run: Found["counts"]["lastRun"]): number | null {
  return run === null || run.endedAt === null ? null : (run.endedAt - run.startedAt) / 1000;
}

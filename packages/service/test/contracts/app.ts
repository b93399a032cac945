import { pino } from "pino";
import type { FastifyInstance } from "fastify";
import { loadConfig } from "../../src/config/config.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { buildServer } from "../../src/http/server.ts";
import { Queries } from "../../src/query/queries.ts";
import { clockAt } from "../counted-world.ts";

export interface TestAppOptions {
  readonly today?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly log?: (line: string) => void;
  readonly dashboardFolder?: string;
}

/** A fresh server over an engine; nothing listens. */
export async function testApp(engine: Engine, options: TestAppOptions = {}): Promise<FastifyInstance> {
  const config = loadConfig(options.environment ?? {});
  const now = clockAt(options.today ?? "2025-03-13");
  const { breakdowns, topLimit } = config;
  const queries = new Queries({ engine, breakdowns, topLimit, now });
  const write = options.log ?? (() => undefined);
  const log = pino({ level: options.log === undefined ? "silent" : "info" }, { write });
  return await buildServer({
    queries,
    pages: config,
    dashboardFolder: options.dashboardFolder ?? "/nowhere",
    log,
    now,
  });
}

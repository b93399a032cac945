import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import type { FastifyInstance } from "fastify";
import { openEngine } from "../../src/app.ts";
import type { OpenedCache } from "../../src/cache/open-cache.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { testApp } from "../contracts/app.ts";
import { writeWorkedExample } from "../counted-example.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** Commands run by the real clock, so the servers beside them do, too; for none of them the day ends. */
export const TODAY = new Date().toISOString().slice(0, 10);
const LAST_INSTANT = Date.parse(`${TODAY}T23:59:59.999Z`);
const ONE_DAY = {
  NODE_OPTIONS: `--import=${new URL("one-day.ts", import.meta.url).href}`,
  LAST_INSTANT: String(LAST_INSTANT),
};

/** The real clock, which stands still at the end of the day. */
export const present = (): number => Math.min(Date.now(), LAST_INSTANT);

/** A data folder with the worked example counted, and servers and commands on it. */
export interface CacheWorld {
  readonly dataDir: string;
  readonly cachePath: string;
  readonly engine: Engine;
  /** @param settings beside those of the world. */
  server(settings?: Readonly<Record<string, string>>): Promise<CacheServer>;
  command(...argv: readonly string[]): Promise<CommandResult>;
  close(): Promise<void>;
}
export interface CacheServer {
  readonly app: FastifyInstance;
  readonly cache: OpenedCache;
}
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function openCacheWorld(more: Readonly<Record<string, string>> = {}): Promise<CacheWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), "cache-world-"));
  const engine = await openEngine({ name: "embedded", dataDir });
  await writeWorkedExample(engine);
  const environment = { COMMUNITY_STATS_DATA_DIR: dataDir, ...more };
  const servers: CacheServer[] = [];
  return {
    dataDir,
    cachePath: join(dataDir, "cache.sqlite"),
    engine,
    server: async (settings = {}) => {
      let cache: OpenedCache | null = null;
      const take = (opened: OpenedCache) => {
        cache = opened;
      };
      const all = { ...environment, ...settings };
      const app = await testApp(engine, { environment: all, today: TODAY, cache: take, cacheOnDisk: true });
      if (cache === null) throw new Error("The server has no cache.");
      const server = { app, cache };
      servers.push(server);
      return server;
    },
    command: (...argv) => runCommand(argv, environment),
    close: async () => {
      for (const { app } of servers) await app.close();
      await engine.close();
    },
  };
}

async function runCommand(
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const child = spawn(process.execPath, ["--no-warnings", MAIN, ...argv], {
    env: { ...process.env, ...ONE_DAY, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

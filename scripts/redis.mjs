// The real Redis of the tests: Debian's redis-server on a free port, without anything on disk.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram, providePrograms } from "./debian.mjs";
import { startServer } from "./server-process.mjs";

const START_LIMIT_MS = 20_000;

/** @returns null when Redis can be started, else the reason. */
export async function provideRedis() {
  return await providePrograms(["redis-server"], ["redis-server"]);
}

/**
 * @param port a free one by default.
 * @returns its `url`, `pid` and `stop()`.
 */
export async function startRedis({ port: wanted } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "redis-"));
  const port = wanted ?? (await freePort());
  return await startServer({
    name: "Redis",
    file: findProgram("redis-server"),
    args: ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
    ready: /Ready to accept connections/,
    url: () => `redis://127.0.0.1:${port}`,
    limitMs: START_LIMIT_MS,
    end: () => rmSync(folder, { recursive: true, force: true }),
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

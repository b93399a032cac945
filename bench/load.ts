import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly connections: number;
}
export interface LoadResult {
  /** "wrk", or "node" where wrk is not installed: a client in this process, which is slower than what it measures. */
  readonly client: "wrk" | "node";
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly failed: number;
}

/** Asks for one address as often as it is answered, over connections that stay open. */
export async function load(asked: Load): Promise<LoadResult> {
  return (await hasWrk()) ? await wrkLoad(asked) : await nodeLoad(asked);
}

async function hasWrk(): Promise<boolean> {
  const version = await promisify(execFile)("wrk", ["--version"]).catch((error: { code?: unknown }) => error);
  return !("code" in version && version.code === "ENOENT");
}

/** Microseconds; errors of every kind together. */
const REPORT = `done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("{\\"requests\\":%d,\\"us\\":%d,\\"p50\\":%d,\\"p95\\":%d,\\"p99\\":%d,\\"failed\\":%d}\\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`;

async function wrkLoad({ url, headers, seconds, connections }: Load): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), "bench-load-"));
  try {
    const script = join(folder, "report.lua");
    await writeFile(script, REPORT);
    const lines = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    const argv = ["-t1", `-c${connections}`, `-d${seconds}s`, "-s", script, ...lines, url];
    const { stdout } = await promisify(execFile)("wrk", argv);
    const told = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    return {
      client: "wrk",
      perSecond: told.requests / (told.us / 1e6),
      p50: told.p50 / 1000,
      p95: told.p95 / 1000,
      p99: told.p99 / 1000,
      failed: told.failed,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function nodeLoad({ url, headers, seconds, connections }: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let failed = 0;
  const end = performance.now() + seconds * 1000;
  const askOnce = () =>
    new Promise<void>((resolve) => {
      const begun = performance.now();
      get(url, { agent, headers }, (response) => {
        if ((response.statusCode ?? 500) >= 400) failed++;
        response.resume().on("end", () => {
          times.push(performance.now() - begun);
          resolve();
        });
      }).on("error", () => {
        failed++;
        resolve();
      });
    });
  const connection = async () => {
    while (performance.now() < end) await askOnce();
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  return { client: "node", perSecond: times.length / seconds, ...percentiles(times), failed };
}

export function percentiles(times: readonly number[]): Pick<LoadResult, "p50" | "p95" | "p99"> {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

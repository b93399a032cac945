import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { processFiles, readStatus } from "../../src/schedule/process-files.ts";
import { CommandLine, WORKED_FILES } from "./process.ts";

const LEASE = "community_stats_aggregation";
const NO_LOCKS = { STATS_DASHBOARD_LOCK_CONFIG: "{'enabled': False}" };
const SECRET = "a-token-that-nobody-sees";
const START = ["aggregate-background", "--force"];

const line = new CommandLine();
const folder = join(line.dataDir, "processes");
const files = processFiles(folder, "aggregation");
beforeAll(async () => {
  await line.run(["ingest", ...WORKED_FILES]);
});
afterAll(async () => {
  await line.run(["processes", "cancel", "--timeout", "0"]);
  await line[Symbol.asyncDispose]();
});

async function status(): Promise<Record<string, unknown>> {
  const { code, out, err } = await line.run(["processes", "status", "--json", "--show-log"]);
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out);
}

it("starts nothing that would be refused, and says why", async () => {
  const gate = await line.run(["aggregate-background"]);
  expect([gate.code, gate.err]).toEqual([1, expect.stringContaining("SCHEDULED_AGG_TASKS_ENABLED")]);
  const none = await line.run(["processes", "status"]);
  expect([none.code, none.err]).toEqual([1, expect.stringContaining('no background process "aggregation"')]);
  expect(readdirSync(line.dataDir)).not.toContain("processes");
});

it("works on after its starter, tells how far it is, and is found, cancelled, killed and started anew", async () => {
  const engine = await openEmbedded({ dataDir: line.dataDir });
  const lease = await engine.control.acquire(LEASE, "another.example:1", 600_000, Date.now());
  expect(lease).not.toBeNull();

  // With the lock, the work is refused at once, as in the foreground.
  const held = await line.run(START);
  expect([held.code, held.err]).toEqual([4, expect.stringContaining("another.example:1")]);

  // Without it, the process waits for its turn.
  const begun = await line.run([...START, "--ignore-bookmark", "--end-date", "2025-03-12"], NO_LOCKS);
  expect([begun.code, begun.out]).toEqual([0, expect.stringContaining("processes cancel aggregation")]);
  const running = await status();
  expect(running).toMatchObject({ name: "aggregation", status: "running", running: true, exit_code: null });
  expect(running["command"]).toBe("community-stats aggregate --end-date 2025-03-12 --ignore-bookmark --force");
  const twice = await line.run(START, NO_LOCKS);
  expect([twice.code, twice.err]).toEqual([4, expect.stringContaining(`pid ${String(running["pid"])}`)]);

  const cancelled = await line.run(["processes", "cancel", "--json"]);
  expect(JSON.parse(cancelled.out)).toMatchObject({ status: "cancelled", running: false, cancelled: "graceful" });

  const again = await line.run([...START, "--json"], NO_LOCKS);
  const { pid } = JSON.parse(again.out).status as { pid: number };
  process.kill(pid, "SIGKILL");
  expect(await status()).toMatchObject({ status: "died", running: false, exit_code: null });

  await lease?.release();
  await engine.close();
  expect((await line.run(START, { ...NO_LOCKS, COMMUNITY_STATS_ADMIN_TOKEN: SECRET })).code).toBe(0);
  await expect.poll(() => readStatus(files)?.exit_code, { timeout: 20_000 }).toBe(0);
  const done = await status();
  expect(done).toMatchObject({
    exit_code: 0,
    progress: 100,
    log_tail: expect.arrayContaining([expect.stringMatching(/^Counted 3 days/)]),
  });
  const listed = JSON.parse((await line.run(["processes", "list", "--json"])).out);
  expect(listed).toMatchObject([{ name: "aggregation", status: "completed", running: false }]);
  for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file), "utf8")).not.toContain(SECRET);
  // Nobody else may look, and the logs of the runs before are kept.
  expect(statSync(folder).mode & 0o077).toBe(0);
  expect(readdirSync(folder).filter((name) => /\.log(\.\d)?$/.test(name)).length).toBeGreaterThan(2);
}, 120_000);

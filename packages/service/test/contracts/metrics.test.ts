import { afterAll, beforeAll, expect, it } from "vitest";
import fastify, { type FastifyInstance } from "fastify";
import { aggregateCommand } from "../../src/cli/aggregate.ts";
import { ingestCommand } from "../../src/cli/ingest.ts";
import { statusCommand } from "../../src/cli/status.ts";
import { registerMetrics } from "../../src/http/metrics.ts";
import { Desk } from "../commands/desk.ts";
import { WORKED_FILES } from "../commands/process.ts";

const now = () => Date.parse("2025-03-15T08:00:00Z");
const desk = new Desk([aggregateCommand, ingestCommand, statusCommand], { now });
let app: FastifyInstance;
beforeAll(async () => {
  await desk.run(["ingest", ...WORKED_FILES]);
  await desk.run(["aggregate", "--force", "--end-date", "2025-03-11"]);
  app = fastify();
  app.get("/communities/:id", () => ({}));
  registerMetrics(app, { engine: await desk.engine(), dataDir: desk.folder, cacheBytes: () => 7, now });
});
afterAll(async () => {
  await app.close();
  await desk[Symbol.asyncDispose]();
});

async function values(): Promise<Readonly<Record<string, string>>> {
  const { statusCode, body, headers } = await app.inject("/metrics");
  expect([statusCode, headers["content-type"]]).toEqual([200, expect.stringContaining("text/plain")]);
  const lines = body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), line.slice(line.lastIndexOf(" ") + 1)]),
  );
}

it("tells how fresh the numbers are and what waits, and names neither communities nor addresses", async () => {
  await app.inject("/communities/secret-community");
  await app.inject("/made-up-by-a-caller");
  const found = await values();
  expect(found).toMatchObject({
    community_stats_lag_days: "3",
    community_stats_waiting_days: "1",
    community_stats_waiting_records: "0",
    community_stats_last_run_success: "1",
    community_stats_failed_scopes: "0",
    community_stats_events: "13",
    community_stats_communities: "2",
    community_stats_cache_bytes: "7",
    community_stats_up_to_timestamp_seconds: String(Date.parse("2025-03-12T00:00:00Z") / 1000),
  });
  const names = Object.keys(found).join("\n");
  expect(names).toContain('route="/communities/:id",status="200"');
  expect(names).not.toMatch(/secret-community|made-up/);
  const { rollups } = await desk.engine();
  const [live] = await rollups.generations();
  const progress = await rollups.progress(live?.id ?? -1);
  await rollups.setProgress(live?.id ?? -1, { ...progress, failedScopes: [1, 2] });
  expect(await values()).toMatchObject({ community_stats_failed_scopes: "2" });
  await rollups.setProgress(live?.id ?? -1, progress);
  await desk.run(["aggregate", "--force"]);
  expect(await values()).toMatchObject({ community_stats_lag_days: "0", community_stats_waiting_days: "0" });
});

it("shows the same in `status`", async () => {
  const report = await desk.json(["status"]);
  expect(report).toMatchObject({
    standing: { waitingDays: 0, waitingRecords: false, lastRun: { state: "done" }, lastError: null },
  });
  const { out } = await desk.run(["status"]);
  expect(out).toMatch(/^Waiting to be counted: nothing\nLast run: done, /m);
});

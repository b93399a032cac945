import { PassThrough, Readable } from "node:stream";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { aggregate } from "../../src/aggregate/runner.ts";
import { publishCommand } from "../../src/cli/publish.ts";
import { loadConfig } from "../../src/config/config.ts";
import { openOpenSearch } from "../../src/engines/opensearch/open.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import { parseDay } from "@community-stats/contract/days.ts";
import { atOnce } from "../conformance/arrivals.ts";
import { expectedDocuments, WORKED_DAYS, workedExample } from "../worked-example.ts";
import { ask, freshPrefix, optionsFor, removeAll } from "./test-cluster.ts";

const prefix = freshPrefix();
afterAll(async () => await removeAll(prefix));

it("publishes the documents of the worked example under the original's names and ids", async () => {
  const folder = await mkdtemp(join(tmpdir(), "publish-"));
  const engine = await openOpenSearch(optionsFor(prefix));
  const common = { rejectsDir: folder, now: Date.now, threads: 0 };
  for (const { kind, lines } of atOnce(workedExample())) {
    await ingestFiles({
      ...common,
      files: ["-"],
      as: kind,
      facts: engine.facts,
      stdin: Readable.from([lines.join("\n")]),
    });
  }
  const config = loadConfig({ COMMUNITY_STATS_DATA_DIR: folder });
  const signal = new AbortController().signal;
  await aggregate(engine, {
    breakdowns: config.breakdowns,
    endDay: parseDay(WORKED_DAYS.to),
    startDay: null,
    ignoreBookmark: false,
    updateBookmark: true,
    communityIds: [],
    workers: 1,
    dataDir: folder,
    owner: "test",
    now: Date.now,
    signal,
    progress: () => undefined,
  });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const context = {
    config,
    stdin: Readable.from([]),
    stdout,
    stderr,
    interactive: false,
    now: Date.now,
    signal,
    owner: "test",
  };
  const options = { startDate: WORKED_DAYS.from, endDate: WORKED_DAYS.to };
  expect(await publishCommand.run({ ...context, engine: async () => engine }, { options, arguments: [] })).toBe(0);
  const stored = await ask("GET", `/${prefix}stats-community-usage-delta-2025/_doc/global-2025-03-11`);
  const [, second] = Object.values(Object(expectedDocuments("community-usage-delta", "global")));
  expect(Object(await stored.json())["_source"]).toMatchObject(Object(second));
  await engine.close();
  await rm(folder, { recursive: true });
});

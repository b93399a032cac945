import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { processFiles, writeStatus } from "./process-files.ts";
import { startProcess } from "./process-start.ts";

const folder = mkdtempSync(join(tmpdir(), "process-start-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("starts nothing beside a process that has taken the name and not yet said so in its status", async () => {
  const files = processFiles(folder, "aggregation");
  writeStatus(files, {
    pid: 1,
    birth: null,
    start_time: 0,
    status: "completed",
    command: "the run before",
    progress: 100,
    current_task: "done",
    done: 1,
    total: 1,
    rate: null,
    eta: null,
    last_update: 0,
    exit_code: 0,
  });
  writeFileSync(files.pid, `${process.pid}\n`);
  const options = { folder, name: "aggregation", command: ["version"], environment: process.env, now: () => 1000 };
  expect(await startProcess(options)).toMatchObject({ kind: "running", status: { pid: process.pid } });
});

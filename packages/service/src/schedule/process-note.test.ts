import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { processFiles, type ProcessStatus, readStatus, writeStatus } from "./process-files.ts";
import { ProcessNote } from "./process-note.ts";

const folder = mkdtempSync(join(tmpdir(), "note-"));
const files = processFiles(folder, "event-migration");
afterAll(() => rmSync(folder, { recursive: true }));

const STARTING: ProcessStatus = {
  pid: process.pid,
  birth: null,
  start_time: 0,
  status: "starting",
  command: "community-stats usage-events migrate",
  progress: 0,
  current_task: "starting",
  done: 0,
  total: 0,
  rate: null,
  eta: null,
  last_update: 0,
  exit_code: null,
};

it("tells how far the task is, how fast, and how long it will take", () => {
  let time = 0;
  writeStatus(files, STARTING);
  const note = new ProcessNote(files.status, () => time);
  note.progress({ step: "view 2025-03", done: 0, total: 10_000 });
  expect(readStatus(files)).toMatchObject({ current_task: "view 2025-03", progress: 0, rate: null, eta: null });
  time = 2000;
  note.progress({ step: "view 2025-03", done: 5000, total: 10_000 });
  expect(readStatus(files)).toMatchObject({ done: 5000, progress: 50, rate: 2500, eta: 2, last_update: 2 });
  time = 4000;
  note.progress({ step: "view 2025-04", done: 0, total: 10 });
  expect(readStatus(files)).toMatchObject({ current_task: "view 2025-04", rate: null, eta: null });
  note.end(3, false);
  expect(readStatus(files)).toMatchObject({ status: "partial", exit_code: 3, rate: null, eta: null });
});

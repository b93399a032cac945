import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

const MAIN = join(import.meta.dirname, "../packages/service/src/main.ts");
const DEMO_MS = 900_000;
const MAX_OUTPUT = 256 * 1024 * 1024;

/** What the tests look at and the year before, from whose first day on it has use. */
export const FIRST_DAY = "2025-01-01";

/**
 * Makes the demonstration data once for all browser tests: counting them takes as long as looking at dozens of pages.
 * `npm run looks` may name other data, or a service that has some.
 */
export async function setup(project: TestProject): Promise<(() => void) | undefined> {
  const { LOOKS_DATA: folder, LOOKS_URL: address } = process.env;
  if (folder !== undefined || address !== undefined) {
    project.provide("demonstration", folder ?? "");
    project.provide("running", address ?? null);
    return undefined;
  }
  project.provide("running", null);
  const dataDir = mkdtempSync(join(tmpdir(), "community-stats-demonstration-"));
  const env = { ...process.env, COMMUNITY_STATS_DATA_DIR: dataDir };
  const options = { env, timeout: DEMO_MS, maxBuffer: MAX_OUTPUT };
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true });
  try {
    await promisify(execFile)(process.execPath, [MAIN, "demo", "--scale", "0.02", "--start-date", FIRST_DAY], options);
  } catch (error) {
    remove();
    throw error;
  }
  project.provide("demonstration", dataDir);
  return remove;
}

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { backUpEmbedded } from "./backup.ts";
import { openEmbedded } from "./open.ts";

const folder = mkdtempSync(join(tmpdir(), "backup-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("leaves the folder of a broken copy as it was given: empty, with its rights", async () => {
  const [dataDir, target] = [join(folder, "data"), join(folder, "target")];
  await (await openEmbedded({ dataDir })).close();
  mkdirSync(target);
  chmodSync(target, 0o700);
  // Of a folder that holds no facts, the list of files is copied, and cannot be read.
  rmSync(join(dataDir, "control.sqlite"));
  const copying = backUpEmbedded(dataDir, target, { withRollups: false, signal: new AbortController().signal });
  await expect(copying).rejects.toThrow("no such table");
  expect(readdirSync(target)).toEqual([]);
  expect(statSync(target).mode & 0o777).toBe(0o700);
});

import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFolder } from "./folders.ts";

let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "folders-"));
});
afterEach(() => rmSync(scratch, { recursive: true }));

it("makes what is missing, as often as it is asked, with the rights asked for", () => {
  const folder = join(scratch, "a", "b", "c");
  makeFolder(folder, 0o700);
  makeFolder(folder, 0o700);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it("says what is in the way", () => {
  writeFileSync(join(scratch, "file"), "");
  expect(() => makeFolder(join(scratch, "file"))).toThrow("EEXIST");
  expect(() => makeFolder(join(scratch, "file", "below"))).toThrow("ENOTDIR");
});

it.runIf(existsSync("/proc/self"))("ends where the system lets nobody make a folder", () => {
  expect(() => makeFolder("/proc/community-stats/data")).toThrow("ENOENT");
});

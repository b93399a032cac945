import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { oneAtATime } from "./one-at-a-time.mjs";

const NO_SUCH_PROCESS = 2 ** 22 + 1;

let scratch;
let folder;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "one-at-a-time-"));
  folder = join(scratch, "lock");
});
afterEach(() => rmSync(scratch, { recursive: true }));

test("never lets two work at once", async () => {
  let working = 0;
  let most = 0;
  const work = async () => {
    working += 1;
    most = Math.max(most, working);
    await sleep(20);
    working -= 1;
  };
  await Promise.all([1, 2, 3].map(() => oneAtATime(folder, work)));
  expect(most).toBe(1);
  expect(existsSync(folder)).toBe(false);
});

test("goes on when the process that worked is gone", async () => {
  mkdirSync(folder);
  writeFileSync(join(folder, "pid"), String(NO_SUCH_PROCESS));
  expect(await oneAtATime(folder, () => "done")).toBe("done");
});

test("lets the next one work after a failure", async () => {
  const failing = oneAtATime(folder, () => Promise.reject(new Error("no network")));
  await expect(failing).rejects.toThrow("no network");
  expect(await oneAtATime(folder, () => "done")).toBe("done");
});

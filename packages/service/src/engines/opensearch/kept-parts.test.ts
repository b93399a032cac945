import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DayNumber } from "@community-stats/contract/days.ts";
import { afterAll, expect, it } from "vitest";
import { partId } from "./event-parts.ts";
import { KeptParts } from "./kept-parts.ts";

const DAY = 19_800 as DayNumber;
const HOUR_MS = 3_600_000;
const PART_BYTES = 1000;
const above = mkdtempSync(join(tmpdir(), "kept-parts-"));
afterAll(() => rmSync(above, { recursive: true }));
let now = Date.parse("2026-03-01T00:00:00Z");

function keptIn(name: string, maxBytes = 2 ** 30): KeptParts {
  return new KeptParts({ folder: join(above, name, "facts"), maxBytes, now: () => now });
}

function part(seed: number, day = DAY): { readonly id: string; readonly data: Uint8Array } {
  const data = new Uint8Array(PART_BYTES).fill(seed);
  return { id: partId(day, data), data };
}

function filesOf(name: string): readonly string[] {
  return readdirSync(join(above, name), { recursive: true, encoding: "utf8" }).filter(
    (path) => path.split("/").length > 2,
  );
}

it("gives back what it was given, to every process that shares the folder", async () => {
  const { id, data } = part(1);
  const kept = keptIn("shared");
  expect(await kept.read(id)).toBeNull();
  await kept.keep(id, data);
  expect(await kept.read(id)).toEqual(Buffer.from(data));
  expect(await keptIn("shared").read(id)).toEqual(Buffer.from(data));
});

it.each([
  ["shorter", (data: Buffer) => data.subarray(1)],
  ["changed", (data: Buffer) => Buffer.from(data.map((byte, at) => (at === 500 ? byte ^ 1 : byte)))],
  ["empty", () => Buffer.alloc(0)],
])("does not take a file that is %s, and removes it", async (name, spoil) => {
  const { id, data } = part(2);
  const kept = keptIn(name);
  await kept.keep(id, data);
  const [file = ""] = filesOf(name);
  const path = join(above, name, file);
  writeFileSync(path, spoil(readFileSync(path)));
  expect(await kept.read(id)).toBeNull();
  expect(filesOf(name)).toEqual([]);
});

it("keeps of a day only what the day still names, and nothing unfinished", async () => {
  const [before, after, other] = [part(3), part(4), part(5, (DAY + 1) as DayNumber)];
  const kept = keptIn("days");
  for (const { id, data } of [before, after, other]) await kept.keep(id, data);
  writeFileSync(join(above, "days", "facts", String(DAY), "left.by-a-killed-process"), "half");
  await kept.keepOnly(DAY, [after.id]);
  expect(filesOf("days")).toHaveLength(2);
  expect(await kept.read(before.id)).toBeNull();
  expect(await kept.read(after.id)).not.toBeNull();
  expect(await kept.read(other.id)).not.toBeNull();
});

it("keeps no more than it may, and lets days go that nobody has read for a day", async () => {
  const days = Array.from({ length: 6 }, (_, at) => part(10 + at, (DAY + at) as DayNumber));
  const readDay = async (kept: KeptParts, at: number) => {
    const { id, data } = days[at] ?? part(0);
    if ((await kept.read(id)) === null) await kept.keep(id, data);
    await kept.keepOnly((DAY + at) as DayNumber, [id]);
  };
  const kept = keptIn("bounded", 4 * PART_BYTES);
  for (const at of days.keys()) await readDay(kept, at);
  // What came first stays: it comes first in the next count, too.
  expect(filesOf("bounded")).toHaveLength(4);
  expect(await kept.read(days[0]?.id ?? "")).not.toBeNull();
  now += 25 * HOUR_MS;
  await readDay(kept, 0);
  await readDay(kept, 5);
  expect(await kept.read(days[0]?.id ?? "")).not.toBeNull();
  expect(await kept.read(days[1]?.id ?? "")).toBeNull();
  expect(await kept.read(days[5]?.id ?? "")).not.toBeNull();
});

it("goes on keeping although others clear up the same day at the same time", async () => {
  const [kept, other] = [keptIn("together"), keptIn("together")];
  const end = new AbortController();
  const clearUp = async () => {
    while (!end.signal.aborted) await other.keepOnly(DAY, []);
  };
  const clearing = Promise.all([clearUp(), clearUp()]);
  for (let seed = 0; seed < 100; seed++) {
    const { id, data } = part(seed);
    await kept.keep(id, data);
  }
  end.abort();
  await clearing;
  const { id, data } = part(200);
  await kept.keep(id, data);
  expect(await kept.read(id)).toEqual(Buffer.from(data));
});

it("does without where it cannot write", async () => {
  const { id, data } = part(6);
  mkdirSync(join(above, "blocked"));
  writeFileSync(join(above, "blocked", "facts"), "a file in the place of the folder");
  const kept = keptIn("blocked");
  await kept.keep(id, data);
  await kept.keepOnly(DAY, [id]);
  expect(await kept.read(id)).toBeNull();
});

it("refuses names that lead out of the folder", async () => {
  await expect(keptIn("names").read("part/19800/../../x")).rejects.toThrow("is not the name of a part of a day");
});

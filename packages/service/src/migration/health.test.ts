import { expect, it } from "vitest";
import { ailment, type HealthOptions, memoryPercent } from "./health.ts";

const WELL: HealthOptions = {
  indices: { ailment: async () => null },
  maxMemoryPercent: 85,
  memory: () => ({ available: 20, total: 100 }),
  waitsMs: [],
  signal: new AbortController().signal,
};

it.each([
  [15, 100, 85],
  [14, 100, 86],
  [200, 100, 0],
  [0, 0, 0],
])("of %d free of %d, %d %% are in use", (available, total, percent) => {
  expect(memoryPercent({ available, total })).toBe(percent);
});

it("is well up to the allowed share, and names share and variable above it", async () => {
  expect(await ailment(WELL)).toBeNull();
  expect(await ailment({ ...WELL, memory: () => ({ available: 15, total: 100 }) })).toBeNull();
  expect(await ailment({ ...WELL, memory: () => ({ available: 14, total: 100 }) })).toBe(
    "86 % of the memory of this machine is in use, and 85 % are allowed (STATS_DASHBOARD_REINDEXING_MAX_MEMORY_PERCENT)",
  );
});

it("waits for what passes, and tells of what does not", async () => {
  const answers = ["red", "red", null];
  const passing = { ailment: async () => answers.shift() ?? null };
  expect(await ailment({ ...WELL, indices: passing, waitsMs: [1, 1] })).toBeNull();
  let looks = 0;
  const lasting = { ailment: async () => `red ${++looks}` };
  expect(await ailment({ ...WELL, indices: lasting, waitsMs: [1, 1, 1] })).toBe("red 4");
});

it("does not wait when it is cancelled", async () => {
  const sick = { ailment: async () => "red" };
  expect(await ailment({ ...WELL, indices: sick, waitsMs: [60_000], signal: AbortSignal.abort() })).toBe("red");
});

import { expect, it } from "vitest";
import type { Reading } from "./reading.ts";
import { UseMemory } from "./use-memory.ts";
import { UseTable } from "./use-table.ts";

interface State {
  readonly updatedAt: number | null;
  readonly seq: number;
}

/** Only what the memory looks at. */
function readingAt({ updatedAt, seq }: State): Reading {
  const progress = { through: null, counted: null, recordSeq: 1, updatedAt };
  const generation = { id: 1, ruleVersion: "rules", live: true, rules: "{}" };
  return { generation, progress, records: { seq: () => Promise.resolve(seq) } } as unknown as Reading;
}

/** Says how often each question was counted. */
function counting(targets: number) {
  const memory = new UseMemory();
  const counts = new Map<string, number>();
  const ask = (question: string, state: State = { updatedAt: 5, seq: 1 }) =>
    memory.use(readingAt(state), question, () => {
      counts.set(question, 1 + (counts.get(question) ?? 0));
      return Promise.resolve({ names: [], table: new UseTable(targets) });
    });
  return { ask, counts };
}

it("counts the same question once while the numbers stay", async () => {
  const { ask, counts } = counting(10);
  const first = await ask("a");
  expect(await ask("a")).toBe(first);
  await ask("b");
  expect(Object.fromEntries(counts)).toEqual({ a: 1, b: 1 });
});

it.each([
  ["another run", { updatedAt: 6, seq: 1 }],
  ["another record fact", { updatedAt: 5, seq: 2 }],
])("counts anew after %s", async (_, state) => {
  const { ask, counts } = counting(10);
  await ask("a");
  await ask("a", state);
  expect(counts.get("a")).toBe(2);
});

it("keeps nothing during the first run", async () => {
  const { ask, counts } = counting(10);
  for (let time = 0; time < 2; time++) await ask("a", { updatedAt: null, seq: 1 });
  expect(counts.get("a")).toBe(2);
});

it("lets go what was not used for longest when it grows too large", async () => {
  // 24 MB each: two fit.
  const { ask, counts } = counting(500_000);
  for (const question of ["a", "b", "a", "c", "a", "b"]) await ask(question);
  expect(Object.fromEntries(counts)).toEqual({ a: 1, b: 2, c: 1 });
});

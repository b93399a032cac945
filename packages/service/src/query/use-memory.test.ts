import { expect, it } from "vitest";
import { UseMemory } from "./use-memory.ts";
import { UseTable } from "./use-table.ts";

/** Says how often each question was counted. */
function counting(targets: number) {
  const memory = new UseMemory();
  const counts = new Map<string | null, number>();
  const ask = (key: string | null) =>
    memory.use(key, () => {
      counts.set(key, 1 + (counts.get(key) ?? 0));
      return Promise.resolve({ names: [], table: new UseTable(targets) });
    });
  return { ask, counts };
}

it("counts the same question once", async () => {
  const { ask, counts } = counting(10);
  const first = await ask("a");
  expect(await ask("a")).toBe(first);
  await ask("b");
  expect([...counts]).toEqual([
    ["a", 1],
    ["b", 1],
  ]);
});

it("keeps nothing where the state of the numbers cannot be told", async () => {
  const { ask, counts } = counting(10);
  for (let time = 0; time < 2; time++) await ask(null);
  expect(counts.get(null)).toBe(2);
});

it("lets go what was not used for longest when it grows too large", async () => {
  // 24 MB each: two fit.
  const { ask, counts } = counting(500_000);
  for (const question of ["a", "b", "a", "c", "a", "b"]) await ask(question);
  expect([...counts]).toEqual([
    ["a", 1],
    ["b", 2],
    ["c", 1],
  ]);
});

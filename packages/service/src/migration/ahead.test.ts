import { expect, it } from "vitest";
import { ahead } from "./ahead.ts";

async function* upTo(last: number): AsyncGenerator<number> {
  for (let number = 1; number <= last; number++) yield number;
}

async function notThree(number: number): Promise<number> {
  if (number === 3) throw new Error("the third");
  return number;
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

it("gives all, in their order, and works on the next one meanwhile, but on no other", async () => {
  const begun: number[] = [];
  const work = async (number: number): Promise<number> => {
    begun.push(number);
    return number * 10;
  };
  const seen: unknown[] = [];
  for await (const made of ahead(upTo(4), work)) {
    await turn();
    seen.push([made, begun.at(-1)]);
  }
  expect(seen).toEqual([
    [10, 2],
    [20, 3],
    [30, 4],
    [40, 4],
  ]);
});

it("fails at the item whose work failed, after those before it", async () => {
  const seen: number[] = [];
  const all = async (): Promise<void> => {
    for await (const made of ahead(upTo(4), notThree)) {
      await turn();
      seen.push(made);
    }
  };
  await expect(all()).rejects.toThrow("the third");
  expect(seen).toEqual([1, 2]);
});

it("lets whoever stops go at once, whatever becomes of the next one", async () => {
  let last = 0;
  for await (const made of ahead(upTo(4), notThree)) {
    await turn();
    last = made;
    if (made === 2) break;
  }
  expect(last).toBe(2);
});

import { expect, it } from "vitest";
import { Fence } from "./fence.ts";
import { OwnWrites } from "./own-writes.ts";

/** Refreshes that end when they are told to. */
function refreshes() {
  const begun: PromiseWithResolvers<void>[] = [];
  const fence = new Fence();
  const writes = new OwnWrites(() => {
    const one = Promise.withResolvers<void>();
    begun.push(one);
    return one.promise;
  }, fence);
  return { begun, writes, fence };
}

it("lets everybody wait for the refresh that one of them began, and begins none while nothing is written", async () => {
  const { begun, writes } = refreshes();
  let seen = 0;
  const all = [writes.seen(), writes.seen()].map(async (one) => {
    await one;
    seen++;
  });
  await Promise.resolve();
  expect([begun.length, seen]).toEqual([1, 0]);
  begun[0]?.resolve();
  await Promise.all(all);
  await writes.seen();
  expect([begun.length, seen]).toEqual([1, 2]);
});

it("does not take a refresh that began before a writing for one that shows it", async () => {
  const { begun, writes } = refreshes();
  const before = writes.seen();
  writes.wrote();
  const after = writes.seen();
  for (const one of begun) one.resolve();
  await Promise.all([before, after]);
  expect(begun).toHaveLength(2);
});

it("refreshes again after a refresh that failed", async () => {
  const { begun, writes } = refreshes();
  const failing = writes.seen();
  begun[0]?.reject(new Error("no shard is there"));
  await expect(failing).rejects.toThrow("no shard is there");
  const again = writes.seen();
  begun[1]?.resolve();
  await again;
  expect(begun).toHaveLength(2);
});

it("looks anew when a lease was given anew", async () => {
  const { begun, writes, fence } = refreshes();
  const see = async (): Promise<void> => {
    const seen = writes.seen();
    begun.at(-1)?.resolve();
    await seen;
  };
  await see();
  fence.raise(7);
  await see();
  await see();
  expect(begun).toHaveLength(2);
});

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Lease } from "./control-store.ts";
import { whileHeld } from "./held-lease.ts";

const TTL_MS = 60_000;
const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a lease is told, in order; `renewed` says how each renewal goes, the last one for all that follow. */
function leaseThat(...renewed: readonly (boolean | Error)[]) {
  const told: string[] = [];
  const left = [...renewed];
  const lease: Lease = {
    name: "job",
    token: 1,
    renew: async (ttlMs) => {
      told.push(`renew ${ttlMs}`);
      const next = left.length > 1 ? left.shift() : left[0];
      if (next instanceof Error) throw next;
      return next === true;
    },
    release: async () => void told.push("release"),
  };
  return { lease, told };
}

/** After how many milliseconds the work is told to end; null where it is not within the time. */
async function toldToEnd(lease: Lease, withinMs: number): Promise<number | null> {
  const begun = Date.now();
  return await whileHeld({ lease, ttlMs: TTL_MS, now: Date.now, signal: never }, async (signal) => {
    while (!signal.aborted && Date.now() - begun < withinMs) await vi.advanceTimersByTimeAsync(1_000);
    return signal.aborted ? Date.now() - begun : null;
  });
}

it("renews the lease four times in its life, and gives it back", async () => {
  const { lease, told } = leaseThat(true);
  expect(await toldToEnd(lease, 3 * TTL_MS)).toBeNull();
  expect(told).toEqual([...Array.from({ length: 12 }, () => "renew 60000"), "release"]);
  await vi.advanceTimersByTimeAsync(TTL_MS);
  expect(told).toHaveLength(13);
});

it.each([
  ["another holds it", [true, false], 30_000],
  ["its keeper is away for as long as it lasts", [true, new Error("away")], 75_000],
  ["its keeper is away for a moment", [new Error("away"), new Error("away"), true], null],
])("ends the work when the lease is lost: %s", async (_, renewed, afterMs) => {
  expect(await toldToEnd(leaseThat(...renewed).lease, 5 * TTL_MS)).toBe(afterMs);
});

it("ends the work when the program is told to end", async () => {
  const { lease } = leaseThat(true);
  const signal = AbortSignal.abort();
  expect(await whileHeld({ lease, ttlMs: TTL_MS, now: Date.now, signal }, async (given) => given.aborted)).toBe(true);
});

it("gives the lease back when the work fails", async () => {
  const { lease, told } = leaseThat(true);
  const failing = whileHeld({ lease, ttlMs: TTL_MS, now: Date.now, signal: never }, () =>
    Promise.reject(new Error("no")),
  );
  await expect(failing).rejects.toThrow("no");
  expect(told).toEqual(["release"]);
});

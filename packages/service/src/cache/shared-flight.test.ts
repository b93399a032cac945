import { expect, it } from "vitest";
import { SharedFlight } from "./shared-flight.ts";

/** Work that ends when told to, or with the reason of its signal. */
function trial() {
  const gate = Promise.withResolvers<string>();
  const flight = new SharedFlight<string>();
  const signals: AbortSignal[] = [];
  const ask = (signal?: AbortSignal) =>
    flight.run("key", signal, (own) => {
      signals.push(own);
      own.addEventListener("abort", () => gate.reject(own.reason));
      return gate.promise;
    });
  return { gate, signals, ask };
}

it("does the work once for all who ask meanwhile, and again afterwards", async () => {
  const { gate, signals, ask } = trial();
  const asked = [ask(), ask(new AbortController().signal), ask()];
  gate.resolve("done");
  expect(await Promise.all(asked)).toEqual(["done", "done", "done"]);
  expect(signals).toHaveLength(1);
  await ask();
  expect(signals).toHaveLength(2);
});

it("goes on for the others when one leaves, even the first", async () => {
  const { gate, signals, ask } = trial();
  const first = new AbortController();
  const one = ask(first.signal);
  const other = ask(new AbortController().signal);
  first.abort(new Error("gone"));
  await expect(one).rejects.toThrow("gone");
  gate.resolve("done");
  expect([await other, signals[0]?.aborted]).toEqual(["done", false]);
});

it("is given up when the last has left; who comes later has it done anew", async () => {
  const { signals, ask } = trial();
  const callers = [new AbortController(), new AbortController()];
  const asked = callers.map(({ signal }) => ask(signal));
  for (const caller of callers) caller.abort(new Error("gone"));
  await expect(Promise.all(asked)).rejects.toThrow("gone");
  expect(signals[0]?.aborted).toBe(true);
  void ask().catch(() => undefined);
  expect(signals).toHaveLength(2);
});

it("tells everybody when it fails", async () => {
  const { gate, ask } = trial();
  const asked = [ask(), ask(new AbortController().signal)];
  gate.reject(new Error("broken"));
  const results = await Promise.allSettled(asked);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

it("is not begun for who has left already", () => {
  const { signals, ask } = trial();
  expect(() => ask(AbortSignal.abort(new Error("gone")))).toThrow("gone");
  expect(signals).toHaveLength(0);
});

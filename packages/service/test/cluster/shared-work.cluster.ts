import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import type { WorkOutcome, WorkRun } from "../../src/engine/shared-work.ts";
import { RedisWork } from "../../src/engines/opensearch/redis-work.ts";
import { REDIS_URL } from "./test-cluster.ts";

const PACE = { lockMs: 1000, lookMs: 500, pollMs: 20, firstBackoffMs: 10 };

function opened(): RedisWork {
  return new RedisWork({ url: REDIS_URL, prefix: `t${randomUUID().slice(0, 8)}-work`, pace: PACE });
}

async function firstOf(run: WorkRun): Promise<WorkOutcome | undefined> {
  for (let tries = 0; tries < 500; tries++) {
    const [outcome] = await run.ended();
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

it("tries a piece again with growing waits, and sets it aside when it always fails", async () => {
  const work = opened();
  const run = await work.open();
  const attempts: number[] = [];
  const hand = work.serve(
    async (data, attempt) => {
      attempts.push(attempt);
      throw new Error(`${data} cannot be done`);
    },
    () => undefined,
  );
  await run.add([{ key: "bad-1", data: "this" }]);
  expect(await firstOf(run)).toEqual({ kind: "aside", key: "bad-1", error: "this cannot be done" });
  expect(attempts).toEqual([1, 2, 3, 4, 5]);
  expect(await work.standing()).toMatchObject({ waiting: 0, aside: [{ key: "bad-1", error: "this cannot be done" }] });
  await hand.close();
  await run.close();
  const next = await work.open();
  expect(await work.standing()).toMatchObject({ waiting: 0, active: 0, hands: 0, aside: [] });
  await next.close();
});

it("gives the result of the try that came to its end", async () => {
  const work = opened();
  const run = await work.open();
  const hand = work.serve(
    async (data, attempt) => {
      if (attempt < 3) throw new Error("not yet");
      return `${data} ${attempt}`;
    },
    () => undefined,
  );
  await run.add([{ key: "late-1", data: "done" }]);
  expect(await firstOf(run)).toEqual({ kind: "done", key: "late-1", result: "done 3" });
  await hand.close();
  await run.close();
});

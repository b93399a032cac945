import { afterAll, beforeAll, expect, it } from "vitest";
import { community, type CountedScope, writeRollups } from "../../test/counted-world.ts";
import { eventBatch } from "../../test/engines/event-lines.ts";
import { openMemory } from "../engines/memory/open.ts";
import type { Engine } from "../engine/engine.ts";
import { Queries } from "./queries.ts";
import { OPERATOR } from "./scopes.ts";
import type { AggregationStatus } from "./status.ts";

const NOW = Date.parse("2025-03-13T10:00:00Z");
const DAY_MS = 86_400_000;
let engine: Engine;

/** A is there from the 1st, B from the 11th; the events of the 10th and 11th came after the last run, those of the 13th are today's. */
beforeAll(async () => {
  engine = openMemory({ clock: () => NOW });
  await engine.facts.append({ communities: [community("A"), community("B")] });
  await writeRollups(engine, [holding("A", "2025-03-01"), holding("B", "2025-03-11")], {
    through: "2025-03-09",
  });
  const times = [0, DAY_MS, 3 * DAY_MS];
  await engine.facts.append({ events: eventBatch(times.map((at, id) => ({ id, at }))) });
});
afterAll(() => engine.close());

function holding(scope: string, day: string): CountedScope {
  const rows = [{ breakdown: "", id: "", day, counters: { recordsAddedMetadataOnly: 1 } }];
  return { scope, kind: "records-added", rows };
}

async function ended(state: "done" | "partial" | "failed", detail: object, at: number): Promise<void> {
  const id = await engine.control.startRun("aggregate", "host:1", at);
  await engine.control.endRun(id, state, JSON.stringify(detail), at + 1000);
}

async function statusOf(scope: string): Promise<Readonly<Record<string, AggregationStatus | undefined>>> {
  const queries = new Queries({ engine, breakdowns: [], topLimit: 20, now: () => NOW });
  const { scopes } = await queries.report([scope], OPERATOR);
  return Object.fromEntries((scopes[0]?.aggregations ?? []).map((status) => [status.aggregation, status]));
}

it("tells what waits since a scope has records, and nothing of today", async () => {
  expect((await statusOf("A"))["usage"]).toMatchObject({ waitingDays: 2, isWaiting: true });
  expect((await statusOf("B"))["usage"]).toMatchObject({ waitingDays: 1, isWaiting: true });
  expect((await statusOf("A"))["records-added"]).toMatchObject({ waitingDays: 0 });
});

it("tells the last run that counted one side and the other, and what that could not do", async () => {
  expect((await statusOf("A"))["usage"]).toMatchObject({ lastRun: null, error: null });
  const failures = [
    { what: "2025-03-10", error: "the file is damaged" },
    { what: "records of B", error: "no way" },
  ];
  await ended("done", { seconds: { usage: 2 } }, NOW - 9000);
  await ended("partial", { seconds: { ledger: 1 }, failures }, NOW - 6000);
  await ended("done", { seconds: { plan: 1 }, failures }, NOW - 3000);
  const [a, b] = [await statusOf("A"), await statusOf("B")];
  expect(a["usage"]).toMatchObject({
    lastRun: { state: "done", startedAt: "2025-03-13T09:59:51.000Z", endedAt: "2025-03-13T09:59:52.000Z" },
    error: "2025-03-10: the file is damaged",
  });
  expect(a["records-created"]).toMatchObject({ lastRun: { state: "partial" }, error: null });
  expect(b["records-added"]).toMatchObject({ error: "records of B: no way" });
  await ended("failed", { error: "the disk is full" }, NOW - 2000);
  expect((await statusOf("B"))["records-added"]?.error).toBe("the disk is full");
  await ended("done", { seconds: {}, failures: [] }, NOW - 1000);
  expect((await statusOf("B"))["records-added"]?.error).toBeNull();
});

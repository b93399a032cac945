import type { DayNumber } from "@community-stats/contract/days.ts";
import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { LabelSpan, RollupBlob } from "../../src/engine/rollup-store.ts";
import { usageBatch } from "../usage-batch.ts";
import { exchangesBreakdowns, WRITTEN_AGAIN } from "./breakdown-exchange.ts";
import { eventBatch, FIRST, SECOND, storedEvents } from "./event-lines.ts";
import { opened } from "./opened.ts";
import { recordConformance } from "./record-conformance.ts";

const DAY_MS = 86_400_000;

/** What every engine's stores do alike. `open` gives an empty engine of its own to each case. */
export function storeConformance(name: string, open: () => Promise<Engine>): void {
  describe(`${name}: events`, () => {
    events(open);
  });
  describe(`${name}: records, memberships, communities`, () => {
    recordConformance(open);
  });
  describe(`${name}: leases, runs, settings`, () => {
    control(open);
  });
  describe(`${name}: rollups`, () => {
    rollups(open);
  });
}

function events(open: () => Promise<Engine>): void {
  const engine = opened(open);
  const early = { id: 1, at: 1000, country: "DE" };
  const late = { id: 1, at: 2000, country: "FR" };

  it("counts an event once, however often it arrives", async () => {
    const { facts } = engine();
    const batch = eventBatch([early, { id: 2, at: 5 }, early]);
    expect((await facts.append(batchOf(batch))).events).toEqual({ accepted: 2, known: 1, superseded: 0 });
    expect((await facts.append(batchOf(batch))).events).toEqual({ accepted: 0, known: 3, superseded: 0 });
    expect(await storedEvents(facts, [FIRST])).toEqual(["1000 r1 DE 0", "5 r1 - 0"]);
  });

  it("keeps the line of greater rank, in whatever order the lines arrive", async () => {
    const { facts } = engine();
    await facts.append(batchOf(eventBatch([early])));
    expect((await facts.append(batchOf(eventBatch([late])))).events).toEqual({ accepted: 0, known: 0, superseded: 1 });
    expect((await facts.append(batchOf(eventBatch([early])))).events).toEqual({ accepted: 0, known: 1, superseded: 0 });
    await facts.append(
      batchOf(
        eventBatch([
          { ...late, id: 2 },
          { ...early, id: 2 },
        ]),
      ),
    );
    expect(await storedEvents(facts, [FIRST])).toEqual(["2000 r1 FR 0", "2000 r1 FR 0"]);
    expect(await facts.eventDays()).toMatchObject([{ day: FIRST, count: 2 }]);
  });

  it("ranks a line without `updated` below one with it", async () => {
    const { facts } = engine();
    await facts.append(batchOf(eventBatch([{ ...early, bytes: 9 }])));
    await facts.append(batchOf(eventBatch([{ ...early, updated: 5, bytes: 1 }])));
    expect(await storedEvents(facts, [FIRST])).toEqual(["1000 r1 DE 1"]);
  });

  it("gives days in the order asked for and leaves out days without events", async () => {
    const { facts } = engine();
    await facts.append(batchOf(eventBatch([early, { id: 3, at: DAY_MS }, { id: 4, at: DAY_MS + 1 }])));
    const found: number[][] = [];
    for await (const { day, count } of facts.events([SECOND, FIRST])) found.push([day, count]);
    expect(found).toEqual([
      [SECOND, 2],
      [FIRST, 1],
    ]);
    expect(await storedEvents(facts, [])).toEqual([]);
  });

  it("keeps instants to the microsecond up to the last of the day", async () => {
    const { facts } = engine();
    const instants = [0, 0.001, 123.456, DAY_MS - 0.001];
    await facts.append(batchOf(eventBatch(instants.map((at, index) => ({ id: index + 1, at })))));
    const found: number[] = [];
    for await (const day of facts.events([FIRST])) found.push(...day.instant);
    const start = FIRST * DAY_MS;
    expect(found.toSorted((a, b) => a - b)).toEqual(instants.map((at) => start + at));
  });

  it("raises the version of a day that gains events, and of no other", async () => {
    const { facts } = engine();
    await facts.append(batchOf(eventBatch([early, { id: 3, at: DAY_MS }])));
    const [first, second] = await facts.eventDays();
    await facts.append(batchOf(eventBatch([early, { id: 5, at: DAY_MS }])));
    const [firstAfter, secondAfter] = await facts.eventDays();
    expect(firstAfter).toEqual(first);
    expect(secondAfter?.version).toBeGreaterThan(second?.version ?? Number.POSITIVE_INFINITY);
  });

  it("removes generated events, a day at a time, and no other", async () => {
    const { facts } = engine();
    const lines = [
      early,
      { id: 3, at: 10, generated: true },
      { id: 4, at: DAY_MS, generated: true },
      { id: 5, at: 2 * DAY_MS, generated: true },
      { id: 6, at: 2 * DAY_MS + 1 },
    ];
    const THIRD = (SECOND + 1) as DayNumber;
    for (const line of lines) await facts.append(batchOf(eventBatch([line])));
    const versions = new Map((await facts.eventDays()).map(({ day, version }) => [day, version]));
    expect(await facts.generatedDays()).toEqual([FIRST, SECOND, THIRD].map((day) => ({ day, count: 1 })));
    expect(await facts.removeGenerated([FIRST, SECOND])).toBe(2);
    expect(await facts.generatedDays()).toEqual([{ day: THIRD, count: 1 }]);
    expect((await facts.summary()).generated).toBe(true);
    expect(await facts.removeGenerated([FIRST, SECOND, THIRD])).toBe(1);
    expect(await facts.summary()).toMatchObject({
      generated: false,
      events: 2,
      firstEventDay: FIRST,
      lastEventDay: THIRD,
    });
    const left = await facts.eventDays();
    expect(left.map(({ day, count }) => [day, count])).toEqual([
      [FIRST, 1],
      [THIRD, 1],
    ]);
    for (const { day, version } of left) expect(version).toBeGreaterThan(versions.get(day) ?? 0);
    expect(await storedEvents(facts, [FIRST, SECOND, THIRD])).toEqual(["1000 r1 DE 0", `${2 * DAY_MS + 1} r1 - 0`]);
    expect((await facts.append(batchOf(eventBatch(lines)))).events).toEqual({ accepted: 3, known: 2, superseded: 0 });
    const again = (await facts.eventDays()).find(({ day }) => day === SECOND);
    expect(again?.version).not.toBe(versions.get(SECOND));
  });

  it("previews without a trace and stores the cursor with its batch", async () => {
    const { facts } = engine();
    await facts.append(batchOf(eventBatch([early])), { source: "a", position: "7" });
    const preview = await facts.preview(batchOf(eventBatch([late, { id: 9, at: 3, record: "new" }])));
    expect(preview.events).toEqual({ accepted: 1, known: 0, superseded: 1 });
    expect(await storedEvents(facts, [FIRST])).toEqual(["1000 r1 DE 0"]);
    expect([await facts.cursor("a"), await facts.cursor("b")]).toEqual(["7", null]);
  });

  it("gives a text one code, even where a batch names it twice", async () => {
    const { facts } = engine();
    const batch = eventBatch([early, { ...early, id: 2, country: "FR" }]);
    const twice = { ...batch.dictionaries, country: ["DE", "DE"] };
    await facts.append(batchOf({ ...batch, dictionaries: twice }));
    expect(await facts.terms("country")).toEqual(["DE"]);
    expect(await storedEvents(facts, [FIRST])).toEqual(["1000 r1 DE 0", "1000 r1 DE 0"]);
  });

  it("changes no fact by settling, however often", async () => {
    const { facts } = engine();
    for (let id = 1; id <= 3; id++) {
      await facts.append(
        batchOf(
          eventBatch([
            { id, at: id },
            { id: 10 + id, at: DAY_MS + id },
          ]),
        ),
      );
      await facts.settle();
    }
    const days = await facts.eventDays();
    await facts.settle();
    expect(await facts.eventDays()).toEqual(days);
    expect((await facts.append(batchOf(eventBatch([{ id: 2, at: 2 }])))).events).toMatchObject({ known: 1 });
    expect(await storedEvents(facts, [FIRST, SECOND])).toHaveLength(6);
  });

  it("packs a day of many small batches without losing or changing an event", async () => {
    const { facts } = engine();
    for (let id = 1; id <= 12; id++) await facts.append(batchOf(eventBatch([{ id, at: id, bytes: id }])));
    await facts.append(batchOf(eventBatch([{ id: 3, at: 4000, bytes: 1 }])));
    expect(await storedEvents(facts, [FIRST])).toHaveLength(12);
    expect((await facts.summary()).events).toBe(12);
    expect(await facts.problems()).toEqual([]);
  });
}

function control(open: () => Promise<Engine>): void {
  const engine = opened(open);

  it("gives a lease to one holder, and to the next with a greater token once it expired", async () => {
    const { control } = engine();
    const now = Date.now();
    const first = await control.acquire("job", "one", 1000, now);
    expect(await control.acquire("job", "two", 1000, now + 999)).toBeNull();
    const second = await control.acquire("job", "two", 60_000, now + 1001);
    expect(second?.token).toBeGreaterThan(first?.token ?? Number.POSITIVE_INFINITY);
    expect(await first?.renew(1000)).toBe(false);
    expect(await second?.renew(60_000)).toBe(true);
    expect(await control.leases(now + 1002)).toMatchObject([{ name: "job", owner: "two" }]);
  });

  it("frees a lease that is released or cleared, and still gives out greater tokens", async () => {
    const { control } = engine();
    const now = Date.now();
    const first = await control.acquire("job", "one", 60_000, now);
    await first?.release();
    const second = await control.acquire("job", "two", 60_000, now);
    expect(await control.clearLease("job")).toBe(true);
    const third = await control.acquire("job", "three", 60_000, now);
    const tokens = [first, second, third].map((lease) => lease?.token ?? 0);
    expect(tokens).toEqual(Array.from(new Set(tokens)).toSorted((a, b) => a - b));
    expect(await second?.renew(1000)).toBe(false);
  });

  it("shows a run without heartbeat as interrupted", async () => {
    const { control } = engine();
    const run = await control.startRun("aggregate", "me", 1000);
    await control.updateRun(run, '{"days":1}', 2000);
    expect(await control.runs("aggregate", 5, 100_000)).toMatchObject([
      { id: run, state: "running", detail: '{"days":1}' },
    ]);
    expect(await control.runs("aggregate", 5, 200_000)).toMatchObject([{ state: "interrupted" }]);
    await control.endRun(run, "done", "{}", 3000);
    expect(await control.runs("aggregate", 5, 200_000)).toMatchObject([{ state: "done", endedAt: 3000 }]);
  });

  it("remembers settings", async () => {
    const { control } = engine();
    expect(await control.setting("a")).toBeNull();
    await control.setSetting("a", "1");
    await control.setSetting("a", "2");
    expect(await control.setting("a")).toBe("2");
  });
}

function rollups(open: () => Promise<Engine>): void {
  const engine = opened(open);
  const all = { kind: "usage", scope: 0, breakdown: "", from: FIRST - 400, to: FIRST + 400 } as const;

  it("replaces whole days, and checkpoints of their years and later", async () => {
    const { rollups } = engine();
    const { id } = await rollups.createGeneration("v1", "{}");
    const counted = [FIRST, SECOND].map((day) => ({ day, eventVersion: 1, recordSeq: 0 }));
    const given = [blob(FIRST, 1), blob(SECOND, 2), { ...blob(FIRST, 3), scope: 4 }, { ...blob(SECOND, 5), scope: 5 }];
    await rollups.replaceUsageDays(id, usageBatch(counted, given));
    await rollups.writeCheckpoints(id, [blob(2024, 8), blob(2025, 9)]);
    const again = [{ day: FIRST, eventVersion: 2, recordSeq: 5 }];
    await rollups.replaceUsageDays(
      id,
      usageBatch(again, [blob(FIRST, 7), { ...blob(FIRST, 6), breakdown: "funders" }]),
    );
    expect(bytesOf(await rollups.read(id, all))).toEqual([
      [FIRST, 7],
      [SECOND, 2],
    ]);
    expect(bytesOf(await rollups.read(id, { ...all, from: SECOND }))).toEqual([[SECOND, 2]]);
    expect(await rollups.read(id, { ...all, scope: 4 })).toEqual([]);
    expect(bytesOf(await rollups.read(id, { ...all, scope: 5 }))).toEqual([[SECOND, 5]]);
    expect(bytesOf(await rollups.read(id, { ...all, breakdown: "funders" }))).toEqual([[FIRST, 6]]);
    expect(await rollups.scopes(id, "usage")).toEqual([0, 5]);
    expect((await rollups.checkpoint(id, all, 2030))?.period).toBe(2024);
    expect(await rollups.checkpoint(id, all, 2023)).toBeNull();
    expect(await rollups.countedDays(id)).toEqual([{ day: FIRST, eventVersion: 2, recordSeq: 5 }, counted[1]]);
  });

  it("keeps use of the years 1 to 9999, of neighbouring days, and what every record had", async () => {
    const { rollups } = engine();
    const { id } = await rollups.createGeneration("v1", "{}");
    const days = [-719_162, -40_000, -1, 0, 31, 32, 63, 60_000, 2_932_896].map((day) => day as DayNumber);
    const counted = days.map((day) => ({ day, eventVersion: 1, recordSeq: 0 }));
    const ofRecords = { ...blob(31, 99), kind: "usage-records" as const };
    const given = [...days.toReversed().map((day, index) => blob(day, index)), ofRecords];
    for (const one of [counted.slice(3), counted.slice(0, 3)])
      await rollups.replaceUsageDays(id, usageBatch(one, given));
    const far = { ...all, from: -10_000_000, to: 10_000_000 };
    const expected = days.map((day, index) => [day, 8 - index]);
    expect(bytesOf(await rollups.read(id, far))).toEqual(expected);
    expect(bytesOf(await rollups.read(id, { ...all, from: 0, to: 32 }))).toEqual(expected.slice(3, 6));
    expect(bytesOf(await rollups.read(id, { ...far, kind: "usage-records" }))).toEqual([[31, 99]]);
    await rollups.replaceUsageDays(id, usageBatch([{ day: 31 as DayNumber, eventVersion: 2, recordSeq: 0 }], []));
    expect(bytesOf(await rollups.read(id, far))).toEqual(expected.filter(([day]) => day !== 31));
    expect(await rollups.read(id, { ...far, kind: "usage-records" })).toEqual([]);
  });

  it("replaces the records of one scope and leaves the others", async () => {
    const { rollups } = engine();
    const { id } = await rollups.createGeneration("v1", "{}");
    await rollups.replaceRecords(id, "records-added", 1, [yearBlob(1, 1)], [yearBlob(1, 2)]);
    await rollups.replaceRecords(id, "records-added", 2, [yearBlob(2, 3)], []);
    await rollups.replaceRecords(id, "records-added", 1, [{ ...yearBlob(1, 4), breakdown: "funders" }], []);
    const range = { kind: "records-added", breakdown: "", from: 0, to: 3000 } as const;
    expect(await rollups.read(id, { ...range, scope: 1 })).toEqual([]);
    expect(await rollups.checkpoint(id, { ...range, scope: 1 }, 2025)).toBeNull();
    expect(bytesOf(await rollups.read(id, { ...range, scope: 2 }))).toEqual([[2025, 3]]);
    expect(await rollups.scopes(id, "records-added")).toEqual([1, 2]);
  });

  it("keeps generations apart, switches in one step and never gives a number out twice", async () => {
    const { rollups } = engine();
    const one = await rollups.createGeneration("v1", "{}");
    await rollups.activate(one.id, null);
    const two = await rollups.createGeneration("v2", "{}");
    const day = [{ day: FIRST, eventVersion: 1, recordSeq: 0 }];
    await rollups.replaceUsageDays(two.id, usageBatch(day, [blob(FIRST, 2)]));
    expect(await rollups.read(one.id, all)).toEqual([]);
    await rollups.activate(two.id, { at: 1, fromRule: "v1", toRule: "v2", detail: "{}" });
    expect((await rollups.generations()).map(({ id, live }) => [id, live])).toEqual([
      [one.id, false],
      [two.id, true],
    ]);
    expect(await rollups.restatements()).toHaveLength(1);
    await rollups.dropGeneration(two.id);
    const three = await rollups.createGeneration("v3", "{}");
    expect(three.id).toBeGreaterThan(two.id);
    await rollups.replaceUsageDays(three.id, usageBatch(day, [blob(FIRST, 3)]));
    expect(await rollups.read(two.id, all)).toEqual([]);
    expect(bytesOf(await rollups.read(three.id, all))).toEqual([[FIRST, 3]]);
  });

  it("exchanges breakdowns in one step with their rules, and touches no other", async () => {
    expect(await exchangesBreakdowns(engine().rollups)).toEqual(WRITTEN_AGAIN);
  });

  it("remembers progress, first days, labels, terms and extracts", async () => {
    const { rollups } = engine();
    const { id } = await rollups.createGeneration("v1", "{}");
    expect(await rollups.progress(id)).toEqual({
      through: null,
      counted: null,
      recordSeq: -1,
      failedScopes: [],
      updatedAt: null,
    });
    const progress = { through: FIRST, counted: SECOND, recordSeq: 3, failedScopes: [2, 7], updatedAt: 9 };
    await rollups.setProgress(id, progress);
    expect(await rollups.progress(id)).toEqual(progress);
    await rollups.replaceFirstDays(id, "usage", [{ kind: "usage", scope: 0, day: FIRST }]);
    expect(await rollups.firstDays(id, "usage")).toEqual([{ kind: "usage", scope: 0, day: FIRST }]);
    await rollups.replaceLabels(id, [labelSpan(2, FIRST), labelSpan(1, SECOND), labelSpan(1, FIRST)]);
    expect(await rollups.labels(id, "funders")).toEqual([
      labelSpan(1, FIRST),
      labelSpan(1, SECOND),
      labelSpan(2, FIRST),
    ]);
    expect(await rollups.intern("scope", ["a", "b", "a"])).toEqual(Int32Array.of(0, 1, 0));
    expect(await rollups.intern("scope", ["c", "b"])).toEqual(Int32Array.of(2, 1));
    expect(await rollups.terms("scope", 1)).toEqual(["b", "c"]);
    expect([await rollups.code("scope", "c"), await rollups.code("scope", "z")]).toEqual([2, -1]);
    await rollups.writeExtracts("one", new Map([[4, Uint8Array.of(1)]]));
    expect(Array.from(await rollups.extracts("one"), ([seq, data]) => [seq, ...data])).toEqual([[4, 1]]);
    expect(await rollups.extracts("two")).toEqual(new Map());
    for (const name of ["two", "three"]) await rollups.writeExtracts(name, new Map([[1, Uint8Array.of(2)]]));
    await rollups.dropExtractsExcept(["three", "one"]);
    const sizes = await Promise.all(["one", "two", "three"].map(async (name) => (await rollups.extracts(name)).size));
    expect(sizes).toEqual([1, 0, 1]);
  });
}

function batchOf(batch: ReturnType<typeof eventBatch>) {
  return { events: batch };
}

function blob(period: number, byte: number): RollupBlob {
  return { kind: "usage", scope: 0, breakdown: "", period, data: Uint8Array.of(byte) };
}

function yearBlob(scope: number, byte: number): RollupBlob {
  return { ...blob(2025, byte), kind: "records-added", scope };
}

function labelSpan(value: number, from: typeof FIRST): LabelSpan {
  return { breakdown: "funders", value, from, label: '"x"' };
}

function bytesOf(parts: readonly { readonly period: number; readonly data: Uint8Array }[]): number[][] {
  return parts.map(({ period, data }) => [period, ...data]);
}

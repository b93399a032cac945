import { DEFAULT_BREAKDOWNS, OPTIONAL_USAGE_SIDES } from "@community-stats/contract/breakdowns.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { EventIndices } from "../../src/engine/event-indices.ts";
import { StateStore } from "../../src/migration/state-store.ts";
import { EventInstance, migrate, monthEvents, openBeside } from "./event-instance.ts";
import { ask } from "./test-cluster.ts";

type Beside = Engine & { readonly eventIndices: EventIndices };
const VIEW_MARCH = [{ type: "view", month: "2025-03" }] as const;

function target(): string {
  return `${instance.index("view", "2025-04")}-v2.0.0`;
}

let instance: EventInstance;
let neighbour: EventInstance;
let engine: Beside;
let before: ReadonlyMap<string, Readonly<Record<string, unknown>>>;

beforeAll(async () => {
  [instance, neighbour] = [await EventInstance.make(), await EventInstance.make()];
  await neighbour.write("view", monthEvents("2025-03", 5));
  engine = await openBeside(instance);
  await instance.write("view", monthEvents("2025-03", 250));
  await instance.write("view", [
    { timestamp: "2025-03-11T10:00:00", recid: "r2", visitor: "early" },
    { timestamp: "2025-03-11T12:00:00", recid: "r2", visitor: "late" },
    { timestamp: "2025-03-12T16:00:00", recid: "r3", visitor: "after" },
    { timestamp: "2025-03-12T16:00:00", recid: "unheard-of", visitor: "v1" },
  ]);
  await instance.write("download", monthEvents("2025-03", 30));
  before = await instance.seen(instance.base("view"));
});
afterAll(async () => {
  await engine.close();
  await instance.remove();
  await neighbour.remove();
});

describe("a month that is over", () => {
  it("is copied, enriched, compared and shown, and its old index stays", async () => {
    const reports = await migrate(engine);
    expect(reports).toMatchObject([
      { type: "download", month: "2025-03", phase: "verified", copied: 30, repaired: 0, reason: null },
      { type: "view", month: "2025-03", phase: "verified", copied: 254, repaired: 0, reason: null },
    ]);
    expect(await instance.aliases(instance.base("view"))).toEqual([`${instance.index("view", "2025-03")}-v2.0.0`]);
    expect(await instance.indices()).toContain(instance.index("view", "2025-03"));
    const after = await instance.seen(instance.base("view"));
    expect(Array.from(after.keys()).toSorted()).toEqual(Array.from(before.keys()).toSorted());
    for (const [id, source] of after) expect(source).toMatchObject(before.get(id) ?? { id });
  });

  it.each([
    ["before it was added, the record is in one", "2025-03-11T10:00:00-r2-early", ["A"]],
    ["after it was added, in two", "2025-03-11T12:00:00-r2-late", ["A", "B"]],
    ["after it was removed, in none", "2025-03-12T16:00:00-r3-after", []],
    ["of a record that nobody told of, none", "2025-03-12T16:00:00-unheard-of-v1", []],
  ])("has the communities of the event's second: %s", async (_, id, communities) => {
    const event = (await instance.seen(instance.base("view"))).get(id);
    expect(event?.["community_ids"]).toEqual(communities);
  });

  it("has the values of the breakdowns, and only the keys that they name", async () => {
    const view = (await instance.seen(instance.base("view"))).get("2025-03-02T00:00:00-r1-v0");
    expect(view).toMatchObject({
      resource_type: { id: "publication-article", title: { en: "Journal article" } },
      affiliations: [{ id: "0uni00001", name: "Uni One" }, { id: "0uni00001" }, { id: "0uni00001" }],
      file_types: ["pdf", "csv"],
      journal_title: null,
    });
    expect(view).not.toHaveProperty("subjects");
    const download = (await instance.seen(instance.base("download"))).get("2025-03-02T00:00:00-r1-v0");
    expect(download).toMatchObject({ file_types: ["csv"], file_key: "Data.CSV", size: 500 });
  });

  it("is done: another run changes nothing", async () => {
    const marks = await engine.eventIndices.list();
    expect(await migrate(engine)).toMatchObject([
      { phase: "verified", copied: 0 },
      { phase: "verified", copied: 0 },
    ]);
    expect(await engine.eventIndices.list()).toEqual(marks);
  });

  it("takes late events, overwritten ones and those of the same second", async () => {
    await instance.write("view", [
      { timestamp: "2025-03-11T12:00:00", recid: "r2", visitor: "late", country: "FR", updated: "2025-04-01T00:00:00" },
      { timestamp: "2025-03-11T12:00:00", recid: "r1", visitor: "same-second" },
      { timestamp: "2025-03-01T00:00:00", recid: "r1", visitor: "older-than-all" },
    ]);
    expect(await migrate(engine, { keys: VIEW_MARCH })).toMatchObject([{ phase: "verified", repaired: 0 }]);
    const after = await instance.seen(instance.base("view"));
    expect(after.size).toBe(256);
    expect(after.get("2025-03-11T12:00:00-r2-late")).toMatchObject({ country: "FR", community_ids: ["A", "B"] });
    expect(after.has("2025-03-01T00:00:00-r1-older-than-all")).toBe(true);
  });

  it("gets a new version from what is there when the breakdowns change", async () => {
    const breakdowns = DEFAULT_BREAKDOWNS.map((one) => {
      return one.name === "subjects" ? { ...one, usage: OPTIONAL_USAGE_SIDES["subjects"] ?? null } : one;
    });
    expect(await migrate(engine, { keys: VIEW_MARCH, breakdowns })).toMatchObject([
      { phase: "verified", target: `${instance.index("view", "2025-03")}-v2.0.1` },
    ]);
    const after = await instance.seen(instance.base("view"));
    expect(after.size).toBe(256);
    expect(after.get("2025-03-02T00:00:00-r1-v0")).toHaveProperty("subjects");
    expect(await instance.aliases(instance.base("view"))).toEqual([`${instance.index("view", "2025-03")}-v2.0.1`]);
    await migrate(engine, { keys: VIEW_MARCH });
    expect(await instance.aliases(instance.base("view"))).toEqual([`${instance.index("view", "2025-03")}-v2.0.0`]);
  });

  it("loses its old indices on order only, and then has their name", async () => {
    const [report] = await migrate(engine, { keys: VIEW_MARCH, retires: true });
    expect(report).toMatchObject({ phase: "retired", reason: null });
    expect((await instance.indices()).filter((name) => name.includes("record-view"))).toEqual([
      `${instance.index("view", "2025-03")}-v2.0.0`,
    ]);
    await instance.write("view", [{ timestamp: "2025-03-20T00:00:00", recid: "r1", visitor: "very-late" }]);
    expect((await instance.seen(instance.base("view"))).size).toBe(257);
    expect(await migrate(engine, { keys: VIEW_MARCH })).toMatchObject([{ phase: "retired", inPlace: 1 }]);
    const very = (await instance.seen(instance.base("view"))).get("2025-03-20T00:00:00-r1-very-late");
    expect(very).toMatchObject({ community_ids: ["A"], file_types: ["pdf", "csv"] });
  });

  it("is enriched anew out of the enriched index alone", async () => {
    const breakdowns = DEFAULT_BREAKDOWNS.filter(({ name }) => name !== "rights");
    await migrate(engine, { keys: VIEW_MARCH, breakdowns });
    expect(await instance.aliases(instance.base("view"))).toEqual([`${instance.index("view", "2025-03")}-v2.0.1`]);
    expect(await instance.aliases(instance.index("view", "2025-03"))).toEqual([
      `${instance.index("view", "2025-03")}-v2.0.1`,
    ]);
    const after = await instance.seen(instance.base("view"));
    expect(after.size).toBe(257);
    expect(after.get("2025-03-02T00:00:00-r1-v0")).not.toHaveProperty("rights");
  });

  it("leaves an instance with another prefix as it is", async () => {
    expect(await neighbour.indices()).toEqual([neighbour.index("view", "2025-03")]);
    expect(await neighbour.aliases(neighbour.base("view"))).toEqual([neighbour.index("view", "2025-03")]);
    expect((await neighbour.seen(neighbour.base("view"))).size).toBe(5);
  });
});

describe("a month in indices of single days, as they were before 2023-10", () => {
  it("becomes one index, and takes what is overwritten in any of them", async () => {
    const [first, second] = ["01", "02"].map((day) => `${instance.index("view", "2023-05")}-${day}`);
    const event = { timestamp: "2023-05-02T10:00:00", recid: "r1", visitor: "v1" };
    await instance.write("view", [{ timestamp: "2023-05-01T10:00:00", recid: "r1", visitor: "v1" }], first);
    await instance.write("view", [event, { ...event, visitor: "v2" }], second);
    const keys = [{ type: "view", month: "2023-05" }] as const;
    const name = `${instance.index("view", "2023-05")}-v2.0.0`;
    expect(await migrate(engine, { keys })).toMatchObject([{ phase: "verified", target: name, repaired: 0 }]);
    expect((await instance.seen(name)).size).toBe(3);
    await instance.write("view", [{ ...event, country: "SE", updated: "2023-06-01T00:00:00" }], second);
    expect(await migrate(engine, { keys })).toMatchObject([{ phase: "verified", copied: 1, repaired: 0 }]);
    expect((await instance.seen(name)).get("2023-05-02T10:00:00-r1-v1")).toMatchObject({ country: "SE" });
    expect(await migrate(engine, { keys, retires: true })).toMatchObject([{ phase: "retired" }]);
    expect((await instance.indices()).filter((one) => one.includes("2023-05"))).toEqual([name]);
  });
});

describe("a month in which the repository still writes", () => {
  it("is shown while events go on arriving, and none is lost or seen twice", async () => {
    await instance.write("view", monthEvents("2025-06", 300));
    let arrived = 0;
    const keys = [{ type: "view", month: "2025-06" }] as const;
    const writing = (async () => {
      for (; arrived < 40; arrived++) {
        const timestamp = `2025-06-14T12:00:${String(arrived).padStart(2, "0")}`;
        await instance.write("view", [{ timestamp, recid: "r1", visitor: `now${arrived}` }]);
      }
    })();
    const [first] = await migrate(engine, { keys });
    await writing;
    expect(first).toMatchObject({ phase: "verified" });
    expect(await migrate(engine, { keys })).toMatchObject([{ phase: "verified", repaired: 0 }]);
    const name = `${instance.index("view", "2025-06")}-v2.0.0`;
    const seen = await instance.seen(name);
    expect(seen.size).toBe(340);
    expect(Array.from(seen.values()).every((event) => Array.isArray(event["community_ids"]))).toBe(true);
    expect(await instance.aliases(instance.base("view"))).not.toContain(instance.index("view", "2025-06"));
    expect(await instance.indices()).toContain(instance.index("view", "2025-06"));
  });

  it("keeps its old index whatever is ordered", async () => {
    const [report] = await migrate(engine, { keys: [{ type: "view", month: "2025-06" }], retires: true });
    expect(report).toMatchObject({ phase: "verified" });
    expect(await instance.indices()).toContain(instance.index("view", "2025-06"));
  });
});

describe("a month that cannot go on", () => {
  const keys = [{ type: "view", month: "2025-04" }] as const;
  it.each([
    ["memory is short", { memory: () => ({ available: 1, total: 100 }), limits: limits({ maxMemoryPercent: 85 }) }],
    ["it was cancelled", { signal: AbortSignal.abort() }],
  ])("is paused, not finished, and readers see what they saw: %s", async (_, changes) => {
    await instance.write("view", monthEvents("2025-04", 250));
    const reports = await migrate(engine, { keys, ...changes });
    for (const report of reports) expect(report).toMatchObject({ phase: "paused", copied: 0 });
    expect(await instance.aliases(instance.base("view"))).toContain(instance.index("view", "2025-04"));
    expect(await instance.aliases(instance.base("view"))).not.toContain(target());
  });

  it("goes on at its cursor after the limit of batches", async () => {
    const copied: number[] = [];
    for (;;) {
      const [report] = await migrate(engine, { keys, limits: limits({ maxBatches: 1 }) });
      copied.push(report?.copied ?? 0);
      if (report?.phase === "verified") break;
      expect(report?.copied).toBe(100);
      expect(report).toMatchObject({ phase: "paused" });
      expect(await instance.aliases(instance.base("view"))).toContain(instance.index("view", "2025-04"));
      if (copied.length > 10) throw new Error("it does not get on");
    }
    expect((await instance.seen(target())).size).toBe(250);
  });

  it("is broken, and not shown, while the new index has what no source has", async () => {
    const may = [{ type: "view", month: "2025-05" }] as const;
    await instance.write("view", monthEvents("2025-05", 120));
    await migrate(engine, { keys: may, limits: limits({ maxBatches: 1 }) });
    const index = `${instance.index("view", "2025-05")}-v2.0.0`;
    await ask("PUT", `/${index}/_doc/foreign?refresh=true`, { timestamp: "2025-05-01T00:00:00" });
    const [report] = await migrate(engine, { keys: may });
    expect(report).toMatchObject({ phase: "broken", reason: expect.stringContaining("1 events that no source has") });
    expect(await instance.aliases(instance.base("view"))).toContain(instance.index("view", "2025-05"));
    expect(await migrate(engine, { keys: may, isFresh: true })).toMatchObject([
      { phase: "verified", target: index, copied: 120, repaired: 0 },
    ]);
    expect((await instance.seen(index)).size).toBe(120);
  });

  it("repairs exactly what is missing or differs before it is shown", async () => {
    await ask("DELETE", `/${target()}/_doc/2025-04-02T00:00:00-r1-v0?refresh=true`);
    await ask("POST", `/${target()}/_update/2025-04-02T00:01:00-r2-v1?refresh=true`, { doc: { country: "XX" } });
    await ask("POST", "/_aliases", {
      actions: [
        { remove: { index: target(), alias: instance.base("view") } },
        { add: { index: instance.index("view", "2025-04"), alias: instance.base("view") } },
      ],
    });
    expect(await migrate(engine, { keys })).toMatchObject([{ phase: "verified", repaired: 2, copied: 0 }]);
    const after = await instance.seen(target());
    expect(after.get("2025-04-02T00:01:00-r2-v1")).toMatchObject({ country: "DE" });
    expect(after.has("2025-04-02T00:00:00-r1-v0")).toBe(true);
  });

  it("takes writes again where a run that removes was killed in the middle", async () => {
    const [states, key] = [new StateStore(engine.control), keys[0]];
    const state = await states.read(key);
    if (state === null) throw new Error("nothing is known of the month");
    const old = instance.index("view", "2025-04");
    await states.write(key, { ...state, blocked: [old] });
    await ask("PUT", `/${old}/_settings`, { "index.blocks.write": true });
    const event = { timestamp: "2025-04-02T00:00:00", recid: "r1", visitor: "v0" };
    await expect(instance.write("view", [event])).rejects.toThrow("could not write");
    expect(await migrate(engine, { keys })).toMatchObject([{ phase: "verified" }]);
    await instance.write("view", [event]);
    expect(await migrate(engine, { keys })).toMatchObject([{ phase: "verified", copied: 1 }]);
  });

  it("leaves an event as it is that was written while it was enriched", async () => {
    const id = "2025-04-02T00:02:00-r3-v2";
    const [before] = await engine.eventIndices.present(target(), [id]);
    if (before === null || before === undefined) throw new Error("the event is not there");
    await ask("POST", `/${target()}/_update/${id}?refresh=true`, { doc: { country: "JP" } });
    await engine.eventIndices.write(target(), [{ mode: "unchanged", ...before }]);
    const [after] = await engine.eventIndices.present(target(), [id]);
    expect(after?.source).toMatchObject({ country: "JP" });
    await engine.eventIndices.write(target(), [{ mode: "index", ...before }]);
  });

  it("compares everything again before its old index goes", async () => {
    await ask("DELETE", `/${target()}/_doc/2025-04-02T00:00:00-r1-v0?refresh=true`);
    const [report] = await migrate(engine, { keys, retires: true });
    expect(report).toMatchObject({ phase: "verified", reason: expect.stringContaining("differed") });
    expect(await instance.indices()).toContain(instance.index("view", "2025-04"));
    await instance.write("view", [{ timestamp: "2025-04-20T00:00:00", visitor: "accepted-again" }]);
    expect(await migrate(engine, { keys, retires: true })).toMatchObject([{ phase: "retired", reason: null }]);
    expect((await instance.seen(target())).size).toBe(251);
  });

  it("is left to whoever holds its lease", async () => {
    const { control } = engine;
    const lease = await control.acquire("community_stats_migration view 2025-04", "elsewhere:1", 60_000, Date.now());
    expect(await migrate(engine, { keys, now: Date.now })).toMatchObject([{ phase: "held" }]);
    await lease?.release();
  });

  it("begins with the first event again when its bookmark is cleared", async () => {
    const states = new StateStore(engine.control);
    const key = { type: "view", month: "2025-06" } as const;
    await states.clear(key);
    expect(await migrate(engine, { keys: [key] })).toMatchObject([{ phase: "verified", copied: 340 }]);
  });
});

function limits(changes: object) {
  return { maxBatches: 1000, batchSize: 100, maxMemoryPercent: 100, ...changes };
}

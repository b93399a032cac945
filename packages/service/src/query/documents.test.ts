import { type Breakdown, DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { openMemory } from "../engines/memory/open.ts";
import { writeWorkedExample } from "../../test/counted-example.ts";
import { clockAt } from "../../test/counted-world.ts";
import { expectedDocuments } from "../../test/worked-example.ts";
import { Queries } from "./queries.ts";
import { OPERATOR } from "./scopes.ts";

let engine: Engine;
let queries: Queries;

beforeEach(async () => {
  engine = await openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
  queries = new Queries({ engine, breakdowns: DEFAULT_BREAKDOWNS, topLimit: 20, now: clockAt("2025-03-13") });
});
afterEach(() => engine.close());

async function documents(query: string, parameters: Readonly<Record<string, unknown>>): Promise<object[]> {
  const result = await queries.run(await queries.plan(query, parameters, OPERATOR));
  if (result.form !== "documents") throw new Error(`${query} answers with ${result.form}`);
  return Array.from(result.documents);
}

function withoutTimes(document: object): object {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !name.endsWith("timestamp")));
}

const NAMES = [
  ...["delta", "snapshot"].flatMap((kind) =>
    ["added", "created", "published"].map((basis) => `community-record-${kind}-${basis}`),
  ),
  "community-usage-delta",
  "community-usage-snapshot",
];

describe("documents of the worked example", () => {
  it.each(NAMES.flatMap((name) => ["global", "A", "B"].map((scope) => [name, scope] as const)))(
    "%s of %s",
    async (name, scope) => {
      const range = { start_date: "2025-03-10", end_date: "2025-03-12" };
      const found = await documents(name, { community_id: scope, ...range });
      expect(found.map(withoutTimes)).toEqual(expectedDocuments(name, scope));
    },
  );

  it("call values by objects and by texts, where a breakdown takes either", async () => {
    const either = DEFAULT_BREAKDOWNS.map((breakdown): Breakdown => ({ ...breakdown, label: "either" }));
    queries = new Queries({ engine, breakdowns: either, topLimit: 20, now: clockAt("2025-03-13") });
    const found = await documents("community-record-delta-added", { community_id: "A", end_date: "2025-03-10" });
    expect(found.map(withoutTimes)).toEqual(expectedDocuments("community-record-delta-added", "A").slice(0, 1));
  });

  it("state when the numbers were counted", async () => {
    const [delta] = await documents("community-record-delta-added", { community_id: "A" });
    const [usage] = await documents("community-usage-delta", { community_id: "A" });
    expect(delta).toMatchObject({ timestamp: "2025-03-12T23:00:00", updated_timestamp: "2025-03-12T23:00:00" });
    expect(usage).toMatchObject({ timestamp: "2025-03-12T23:00:00" });
    expect(usage).not.toHaveProperty("updated_timestamp");
  });

  it("have the subcounts in the order of configuration", async () => {
    const [document] = await documents("community-usage-delta", { community_id: "A" });
    const configured = DEFAULT_BREAKDOWNS.filter(({ usage }) => usage !== null).map(({ name }) => name);
    const subcounts = Object.entries(document ?? {}).find(([name]) => name === "subcounts")?.[1];
    expect(Object.keys(subcounts)).toEqual(configured);
  });
});

describe("which days have a document", () => {
  it.each([
    ["without a start: from the scope's own first day", "B", {}, ["2025-03-11", "2025-03-12"]],
    [
      "with a start: from the first day of the repository",
      "B",
      { start_date: "2020-01-01" },
      ["2025-03-10", "2025-03-11", "2025-03-12"],
    ],
    ["never after the last counted day", "A", { start_date: "2025-03-12", end_date: "2030-01-01" }, ["2025-03-12"]],
    ["none before everything", "A", { end_date: "2025-03-09" }, []],
    ["none after everything", "A", { start_date: "2025-03-13" }, []],
  ])("%s", async (_, scope, range, days) => {
    const found = await documents("community-usage-delta", { community_id: scope, ...range });
    expect(found).toMatchObject(days.map((date) => ({ period_start: `${date}T00:00:00` })));
    expect(found).toHaveLength(days.length);
  });

  it("goes on from what was before the range", async () => {
    const [snapshot] = await documents("community-usage-snapshot", {
      community_id: "global",
      start_date: "2025-03-12",
    });
    expect(withoutTimes(snapshot ?? {})).toEqual(expectedDocuments("community-usage-snapshot", "global")[2]);
  });

  it("gives none before the first run", async () => {
    const empty = await openMemory({ clock: Date.now });
    const none = new Queries({
      engine: empty,
      breakdowns: DEFAULT_BREAKDOWNS,
      topLimit: 20,
      now: clockAt("2025-03-13"),
    });
    const result = await none.run(await none.plan("community-usage-delta", {}, OPERATOR));
    expect(result.form === "documents" && Array.from(result.documents)).toEqual([]);
    expect(result.freshness).toMatchObject({ asOf: null, ruleVersion: "", firstDay: null });
  });
});

import { afterAll, beforeAll, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { EventIndices } from "../../src/engine/event-indices.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { harvest } from "../../src/ingest/harvest.ts";
import { atOnce } from "../conformance/arrivals.ts";
import { countedDocuments, takeWorkedExample } from "../engines/copied-facts.ts";
import { workedExample } from "../worked-example.ts";
import { EventInstance, migrate, openBeside } from "./event-instance.ts";

let instance: EventInstance;
let engine: Engine & { readonly eventIndices: EventIndices };

beforeAll(async () => {
  instance = await EventInstance.make();
  engine = await openBeside(instance);
});
afterAll(async () => {
  await engine.close();
  await instance.remove();
});

it("the numbers out of enriched months alone are those out of the events as they were", async () => {
  for (const { kind, lines } of atOnce(workedExample())) {
    if (kind !== "events") continue;
    for (const [at, line] of lines.entries()) await store(JSON.parse(line), `id${at}`);
  }
  const reports = await migrate(engine, { retires: true });
  expect(reports).toMatchObject([{ phase: "retired" }, { phase: "retired" }]);
  const [asTheyWere, enriched] = [openMemory({ clock: Date.now }), openMemory({ clock: Date.now })];
  await takeWorkedExample(asTheyWere);
  await takeWorkedExample(enriched, ["records", "memberships", "communities"]);
  const source = engine.instance;
  if (source === undefined) throw new Error("the engine shows no instance");
  const report = await harvest({
    facts: enriched.facts,
    instance: source,
    rejectsDir: "/nonexistent",
    now: Date.now,
    threads: 0,
  });
  expect(report.totals).toMatchObject({ accepted: 13, rejected: 0 });
  expect(await countedDocuments(enriched)).toBe(await countedDocuments(asTheyWere));
});

interface WorkedEvent {
  readonly event: string;
  readonly timestamp: string;
}

/** As invenio-stats does: the index tells the kind, not the document; without what only the original's builders add. */
async function store({ event, ...source }: WorkedEvent, id: string): Promise<void> {
  const index = `${instance.prefix}events-stats-${event}-${source.timestamp.slice(0, 7)}`;
  const { community_ids: _, ...bare } = { community_ids: null, ...source };
  const answer = await instance.ask("PUT", `/${index}/_doc/${id}?refresh=true`, bare);
  if (!answer.ok) throw new Error(await answer.text());
}

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../../src/engine/engine.ts";
import { openOpenSearch } from "../../src/engines/opensearch/open.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { harvest } from "../../src/ingest/harvest.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import type { IngestReport } from "../../src/ingest/report.ts";
import { workedExample } from "../worked-example.ts";
import { atOnce } from "../conformance/arrivals.ts";
import { storedEvents } from "../engines/event-lines.ts";
import { ask, freshPrefix, optionsFor, removeAll } from "./test-cluster.ts";

const prefix = freshPrefix();
/** As the lines of files, told by kind; the plain documents of an instance. */
const BY_KIND = new Map(atOnce(workedExample()).map(({ kind, lines }) => [kind, lines]));

let engine: Engine;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harvest-"));
  engine = await openOpenSearch(optionsFor(prefix));
});
afterAll(async () => {
  await engine.close();
  await removeAll(prefix);
  await rm(folder, { recursive: true });
});

/** Documents of an instance: into an index by name, with ids that repeat themselves. */
async function store(index: string, lines: readonly string[]): Promise<void> {
  for (const [at, line] of lines.entries()) {
    await ask("PUT", `/${prefix}${index}/_doc/id${at}`, JSON.parse(line));
  }
  await ask("POST", `/${prefix}${index}/_refresh`);
}

async function taken(): Promise<IngestReport> {
  const { facts, instance } = engine;
  if (instance === undefined) throw new Error("the engine shows no instance");
  return await harvest({ facts, instance, rejectsDir: join(folder, "rejects"), now: Date.now, threads: 0 });
}

describe("facts out of the repository's own indices", () => {
  it("says that there is nothing where there are none", async () => {
    expect(await taken()).toMatchObject({ state: "done", files: [] });
  });

  it("are those of the same lines in files", async () => {
    await store("communities-communities-v2.0.0-1", BY_KIND.get("communities") ?? []);
    await ask("PUT", `/${prefix}communities-communities-v2.0.0-1/_alias/${prefix}communities`);
    await store("rdmrecords-records-record-v7.0.0-1", BY_KIND.get("records") ?? []);
    await ask("PUT", `/${prefix}rdmrecords-records-record-v7.0.0-1/_alias/${prefix}rdmrecords-records`);
    await store("stats-community-events-2025", BY_KIND.get("memberships") ?? []);
    await ask("PUT", `/${prefix}stats-community-events-2025/_alias/${prefix}stats-community-events`);
    await storeEvents(BY_KIND.get("events") ?? []);
    const report = await taken();
    expect(report.state).toBe("done");
    const expected = openMemory({ clock: Date.now });
    for (const [kind, lines] of BY_KIND) {
      await ingestFiles({
        files: ["-"],
        stdin: (async function* () {
          yield lines.join("\n");
        })(),
        as: kind,
        facts: expected.facts,
        rejectsDir: join(folder, "rejects"),
        now: Date.now,
        threads: 0,
      });
    }
    const days = (await expected.facts.eventDays()).map(({ day }) => day);
    expect(await storedEvents(engine.facts, days)).toEqual(await storedEvents(expected.facts, days));
    expect({ ...(await engine.facts.summary()), bytes: 0 }).toEqual(await expected.facts.summary());
  });

  it("are read once: the next time only what was written since, or again", async () => {
    expect((await taken()).totals).toMatchObject({ read: 0 });
    const [line = ""] = BY_KIND.get("events") ?? [];
    await storeEvents([line]);
    const again = await taken();
    expect(again.files).toHaveLength(1);
    expect(again.totals.accepted + again.totals.superseded).toBe(0);
  });

  it("leaves the repository's indices as they are", async () => {
    const indices = await (await ask("GET", `/_cat/indices/${prefix}*?h=index&s=index`)).text();
    const foreign = indices.split("\n").filter((name) => name !== "" && !name.includes("community-stats-"));
    expect(foreign.every((name) => /communities-|rdmrecords-|stats-community-events-|events-stats-/.test(name))).toBe(
      true,
    );
    expect(foreign).toHaveLength(5);
  });
});

/** By kind and month, as invenio-stats does: the index tells the kind, not the document. */
async function storeEvents(lines: readonly string[]): Promise<void> {
  const events = lines.map((line): StoredEvent => JSON.parse(line));
  const byIndex = Map.groupBy(events, ({ event, timestamp }) => `events-stats-${event}-${timestamp.slice(0, 7)}`);
  for (const [index, its] of byIndex) {
    await store(
      index,
      its.map(({ event: _event, ...source }) => JSON.stringify(source)),
    );
  }
}

interface StoredEvent {
  readonly event: string;
  readonly timestamp: string;
}

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach } from "vitest";
import { openMemory } from "../src/engines/memory/open.ts";
import type { Engine } from "../src/engine/engine.ts";
import { ingestFiles, type IngestOptions } from "../src/ingest/ingest.ts";
import type { FileReport, IngestReport } from "../src/ingest/report.ts";

/** A folder and an engine that live for one test. */
export let folder: string;
export let engine: Engine;

/** Each file of tests that uses them says so once. */
export function tryEachAnew(): void {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ingest-"));
    engine = openMemory({ clock: Date.now });
  });
  afterEach(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });
}

type Change = Partial<Omit<IngestOptions, "files">>;

export async function take(files: readonly string[], change: Change = {}): Promise<IngestReport> {
  let clock = 0;
  return await ingestFiles({
    files,
    facts: engine.facts,
    rejectsDir: join(folder, "rejects"),
    now: () => (clock += 1000),
    threads: 0,
    ...change,
  });
}

export async function takeOne(content: string | Uint8Array, change: Change = {}, name = "input"): Promise<FileReport> {
  const path = join(folder, name);
  await writeFile(path, content);
  const [report] = (await take([path], change)).files;
  if (report === undefined) throw new Error("no report");
  return report;
}

export const corpus = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/corpora/${name}.ndjson.gz`, import.meta.url));
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/invenio/${name}`, import.meta.url));

export function view(change: object = {}): string {
  return JSON.stringify({
    event: "record-view",
    timestamp: "2026-03-02T10:15:42",
    recid: "r1",
    visitor_id: "v1",
    unique_id: "ui_r1",
    ...change,
  });
}
export const record = (change: object = {}): string =>
  JSON.stringify({
    id: "r1",
    created: "2026-01-01",
    parent: { id: "p1" },
    metadata: { publication_date: "2026" },
    ...change,
  });

export async function* halves(): AsyncGenerator<string> {
  yield `${view()}\n${view({ visitor_id: "v2" }).slice(0, 20)}`;
  yield view({ visitor_id: "v2" }).slice(20);
}

export async function rejects(): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(join(folder, "rejects")).catch(() => []);
  const files = names
    .toSorted()
    .map(async (name) => [name.replace(/-[0-9a-f]{8}/, ""), await readFile(join(folder, "rejects", name), "utf8")]);
  return Object.fromEntries(await Promise.all(files));
}

export const deep = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

export async function stored(): Promise<unknown> {
  const days = await engine.facts.eventDays();
  const rows: string[] = [];
  const texts = await engine.facts.terms("record");
  for await (const day of engine.facts.events(days.map(({ day: number }) => number))) {
    for (let at = 0; at < day.count; at++) {
      rows.push([day.instant[at], texts[day.record[at] ?? 0], day.visitor[2 * at], day.bytes[at], day.kind[at]].join());
    }
  }
  return rows.toSorted();
}

/** An empty engine in place of the one at hand. */
export async function renew(): Promise<void> {
  await engine.close();
  engine = openMemory({ clock: Date.now });
}

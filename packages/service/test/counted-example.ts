import type { RecordCounter, UsageCounter } from "@community-stats/contract/counters.ts";
import type {
  Label,
  RecordDelta,
  RecordDeltaItem,
  RecordSnapshot,
  UsageDelta,
  UsageNumbers,
} from "@community-stats/contract/documents.ts";
import { BASES } from "@community-stats/contract/metrics.ts";
import type { Engine } from "../src/engine/engine.ts";
import type { Generation } from "../src/engine/rollup-store.ts";
import {
  community,
  type CountedRow,
  type CountedScope,
  day,
  intern,
  type WorldOptions,
  writeRollups,
} from "./counted-world.ts";
import { expectedDocuments } from "./worked-example.ts";

/** The worked example as rollups, packed from its delta documents: D1 to D3, scopes global, A and B. */
export async function writeWorkedExample(engine: Engine, options?: Partial<WorldOptions>): Promise<Generation> {
  await engine.facts.append({ communities: [community("A"), community("B")] });
  const scopes = ["global", "A", "B"].flatMap((scope): CountedScope[] => [
    { scope, kind: "usage", rows: expectedDocuments<UsageDelta>("community-usage-delta", scope).flatMap(usageRows) },
    ...BASES.map((basis): CountedScope => ({ scope, kind: `records-${basis}`, rows: recordRows(basis, scope) })),
  ]);
  const generation = await writeRollups(engine, scopes, { through: "2025-03-12", ...options });
  await engine.rollups.replaceLabels(
    generation.id,
    await labelSpans(
      engine,
      scopes.flatMap(({ rows }) => rows),
    ),
  );
  return generation;
}

const LABELS: Readonly<Record<string, Readonly<Record<string, Label>>>> = {
  resource_types: {
    dataset: { en: "Dataset" },
    "publication-article": { en: "Journal article" },
    "publication-thesis": { en: "Thesis" },
  },
  affiliations: { "0uni00001": "Uni One" },
};

async function labelSpans(engine: Engine, rows: readonly CountedRow[]) {
  const spans = [];
  for (const [breakdown, labels] of Object.entries(LABELS)) {
    for (const [id, label] of Object.entries(labels)) {
      if (!rows.some((row) => row.breakdown === breakdown && row.id === id)) continue;
      const value = await intern(engine, `value:${breakdown}`, id);
      spans.push({ breakdown, value, from: day("2025-03-10"), label: JSON.stringify(label) });
    }
  }
  return spans;
}

function usageRows(document: UsageDelta): readonly CountedRow[] {
  const date = document.period_start.slice(0, 10);
  const items = Object.entries(document.subcounts).flatMap(([breakdown, list]) =>
    list.map((item): CountedRow => ({ breakdown, id: item.id, day: date, counters: usageCounters(item) })),
  );
  const total: CountedRow = { breakdown: "", id: "", day: date, counters: usageCounters(document.totals) };
  return [total, ...items].filter(isActive);
}

function isActive({ counters }: CountedRow): boolean {
  return Object.values(counters).some((value) => value !== 0);
}

function usageCounters({ view, download }: UsageNumbers): Record<UsageCounter, number> {
  return {
    viewEvents: view.total_events,
    viewVisitors: view.unique_visitors,
    viewRecords: view.unique_records,
    viewParents: view.unique_parents,
    downloadEvents: download.total_events,
    downloadVisitors: download.unique_visitors,
    downloadRecords: download.unique_records,
    downloadParents: download.unique_parents,
    downloadFiles: download.unique_files,
    downloadBytes: download.total_volume,
    visitors: Math.max(view.unique_visitors, download.unique_visitors),
  };
}

/** The state before D1 (basis `published`) is booked on 2023-01-01, the days D1 to D3 as their deltas say. */
function recordRows(basis: string, scope: string): readonly CountedRow[] {
  const deltas = expectedDocuments<RecordDelta>(`community-record-delta-${basis}`, scope);
  const snapshots = expectedDocuments<RecordSnapshot>(`community-record-snapshot-${basis}`, scope);
  let uploaders = 0;
  const rows = deltas.flatMap((document, index) => {
    const snapshot = snapshots[index];
    const date = document.period_start.slice(0, 10);
    const items = Object.entries(document.subcounts).flatMap(([breakdown, list]) =>
      list.map((item): CountedRow => ({ breakdown, id: item.id, day: date, counters: recordCounters(item) })),
    );
    const net = (snapshot?.total_uploaders ?? 0) - (index === 0 ? opening(snapshots, deltas).uploaders : uploaders);
    uploaders = snapshot?.total_uploaders ?? 0;
    const people = {
      uploaders: document.uploaders,
      uploadersGained: Math.max(0, net),
      uploadersLost: Math.max(0, -net),
    };
    const total: CountedRow = {
      breakdown: "",
      id: "",
      day: date,
      counters: { ...recordCounters(document), ...people },
    };
    return [total, ...items];
  });
  return [...opening(snapshots, deltas).rows, ...rows].filter(isActive);
}

/** What must have been there before D1, so that the snapshot of D1 comes out. */
function opening(snapshots: readonly RecordSnapshot[], deltas: readonly RecordDelta[]) {
  const [snapshot] = snapshots;
  const [delta] = deltas;
  if (snapshot === undefined || delta === undefined) return { rows: [], uploaders: 0 };
  const before = { records: snapshot.total_records, parents: snapshot.total_parents, files: snapshot.total_files };
  const total = added(before, delta);
  const uploaders = snapshot.total_uploaders - delta.uploaders;
  const rows: CountedRow[] = [
    { breakdown: "", id: "", day: "2023-01-01", counters: { ...total, uploadersGained: uploaders } },
  ];
  for (const [breakdown, items] of Object.entries(snapshot.subcounts)) {
    for (const item of items) {
      const change = delta.subcounts[breakdown]?.find(({ id }) => id === item.id);
      rows.push({ breakdown, id: item.id, day: "2023-01-01", counters: added(item, change) });
    }
  }
  return { rows, uploaders };
}

type Standing = Pick<RecordSnapshot, never> & {
  readonly records: RecordSnapshot["total_records"];
  readonly parents: RecordSnapshot["total_parents"];
  readonly files: RecordSnapshot["total_files"];
};

function added(now: Standing, change: Pick<RecordDeltaItem, "records" | "parents" | "files"> | undefined) {
  return {
    recordsAddedMetadataOnly: now.records.metadata_only - (change?.records.added.metadata_only ?? 0),
    recordsAddedWithFiles: now.records.with_files - (change?.records.added.with_files ?? 0),
    parentsAddedMetadataOnly: now.parents.metadata_only - (change?.parents.added.metadata_only ?? 0),
    parentsAddedWithFiles: now.parents.with_files - (change?.parents.added.with_files ?? 0),
    filesAdded: now.files.file_count - (change?.files.added.file_count ?? 0),
    bytesAdded: now.files.data_volume - (change?.files.added.data_volume ?? 0),
  };
}

function recordCounters({
  records,
  parents,
  files,
}: Pick<RecordDeltaItem, "records" | "parents" | "files">): Partial<Record<RecordCounter, number>> {
  return {
    recordsAddedMetadataOnly: records.added.metadata_only,
    recordsAddedWithFiles: records.added.with_files,
    recordsRemovedMetadataOnly: records.removed.metadata_only,
    recordsRemovedWithFiles: records.removed.with_files,
    parentsAddedMetadataOnly: parents.added.metadata_only,
    parentsAddedWithFiles: parents.added.with_files,
    parentsRemovedMetadataOnly: parents.removed.metadata_only,
    parentsRemovedWithFiles: parents.removed.with_files,
    filesAdded: files.added.file_count,
    filesRemoved: files.removed.file_count,
    bytesAdded: files.added.data_volume,
    bytesRemoved: files.removed.data_volume,
  };
}

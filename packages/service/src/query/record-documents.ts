import { RECORD_INDEX } from "@community-stats/contract/counters.ts";
import type {
  ByClass,
  Change,
  FileTotals,
  Label,
  RecordDelta,
  RecordDeltaItem,
  RecordSnapshot,
  RecordSnapshotItem,
} from "@community-stats/contract/documents.ts";
import type { BreakdownDays, DailyNumbers } from "./daily.ts";
import { activeRecords, hasNumbers } from "./measures.ts";
import { deltaWalk, snapshotWalk, totalsWalk, type Listed } from "./walk.ts";

const R = RECORD_INDEX;

export function recordDelta(numbers: DailyNumbers): (day: number, text: string) => RecordDelta {
  const totals = totalsWalk(numbers.totals, "delta");
  const subcounts = numbers.breakdowns.map((days) => deltaItems(days));
  return (day, text) => {
    const row = totals(day);
    return {
      community_id: numbers.plan.scope.key,
      period_start: `${text}T00:00:00`,
      period_end: `${text}T23:59:59`,
      ...stamps(numbers),
      ...deltaNumbers(row, 0),
      uploaders: row[R.uploaders] ?? 0,
      subcounts: Object.fromEntries(subcounts.map(({ name, items }) => [name, items(day)])),
    };
  };
}

export function recordSnapshot(numbers: DailyNumbers): (day: number, text: string) => RecordSnapshot {
  const totals = totalsWalk(numbers.totals, "snapshot");
  const subcounts = numbers.breakdowns.map((days) => snapshotItems(days, numbers.topLimit));
  return (day, text) => {
    const row = totals(day);
    const { records, parents, files } = snapshotNumbers(row, 0);
    return {
      community_id: numbers.plan.scope.key,
      snapshot_date: `${text}T00:00:00`,
      ...stamps(numbers),
      total_records: records,
      total_parents: parents,
      total_files: files,
      total_uploaders: (row[R.uploadersGained] ?? 0) - (row[R.uploadersLost] ?? 0),
      subcounts: Object.fromEntries(subcounts.map(({ name, items }) => [name, items(day)])),
    };
  };
}

function stamps({ countedAt }: DailyNumbers): { timestamp?: string; updated_timestamp?: string } {
  return countedAt === null ? {} : { timestamp: countedAt, updated_timestamp: countedAt };
}

function deltaItems({ breakdown, table, order, labelAt }: BreakdownDays) {
  const walk = deltaWalk(table, order, hasNumbers("records", table.numbers));
  const write = itemWriter((slot, day) => ({
    id: order.ids[slot] ?? "",
    label: labelAt(table.codes[slot] ?? -1, day),
  }));
  return {
    name: breakdown.name,
    items: (day: number): readonly RecordDeltaItem[] => write(walk.to(day), day, deltaNumbers),
  };
}

function snapshotItems({ breakdown, table, order, labelAt }: BreakdownDays, topLimit: number) {
  const top = breakdown.records?.snapshot === "top" ? topLimit : null;
  const walk = snapshotWalk(table, order, [{ rank: activeRecords, top }]);
  const write = itemWriter((slot, day) => ({
    id: order.ids[slot] ?? "",
    label: labelAt(table.codes[slot] ?? -1, day),
  }));
  return {
    name: breakdown.name,
    items: (day: number): readonly RecordSnapshotItem[] =>
      walk.to(day).flatMap((listed) => write(listed, day, snapshotNumbers)),
  };
}

interface Named {
  readonly id: string;
  readonly label: Label;
}

function itemWriter(name: (slot: number, day: number) => Named) {
  return <T>(listed: Listed, day: number, read: (numbers: Float64Array, at: number) => T): readonly (Named & T)[] =>
    listed.slots.map((slot, index) => ({ ...name(slot, day), ...read(listed.numbers, listed.offsets[index] ?? 0) }));
}

interface DeltaNumbers {
  readonly records: Change<ByClass>;
  readonly parents: Change<ByClass>;
  readonly files: Change<FileTotals>;
}

function deltaNumbers(numbers: Float64Array, at: number): DeltaNumbers {
  const of = (position: number) => numbers[at + position] ?? 0;
  return {
    records: {
      added: byClass(of(R.recordsAddedMetadataOnly), of(R.recordsAddedWithFiles)),
      removed: byClass(of(R.recordsRemovedMetadataOnly), of(R.recordsRemovedWithFiles)),
    },
    parents: {
      added: byClass(of(R.parentsAddedMetadataOnly), of(R.parentsAddedWithFiles)),
      removed: byClass(of(R.parentsRemovedMetadataOnly), of(R.parentsRemovedWithFiles)),
    },
    files: {
      added: { file_count: of(R.filesAdded), data_volume: of(R.bytesAdded) },
      removed: { file_count: of(R.filesRemoved), data_volume: of(R.bytesRemoved) },
    },
  };
}

interface SnapshotNumbers {
  readonly records: ByClass;
  readonly parents: ByClass;
  readonly files: FileTotals;
}

function snapshotNumbers(numbers: Float64Array, at: number): SnapshotNumbers {
  const { records, parents, files } = deltaNumbers(numbers, at);
  return {
    records: netByClass(records),
    parents: netByClass(parents),
    files: {
      file_count: files.added.file_count - files.removed.file_count,
      data_volume: files.added.data_volume - files.removed.data_volume,
    },
  };
}

function byClass(metadataOnly: number, withFiles: number): ByClass {
  return { metadata_only: metadataOnly, with_files: withFiles };
}

function netByClass({ added, removed }: Change<ByClass>): ByClass {
  return byClass(added.metadata_only - removed.metadata_only, added.with_files - removed.with_files);
}

import {
  RECORD_COUNTERS,
  RECORD_INDEX,
  USAGE_COUNTERS,
  USAGE_INDEX,
  type RecordCounter,
  type UsageCounter,
} from "@community-stats/contract/counters.ts";
import type { Kind, Metric, Side } from "@community-stats/contract/metrics.ts";
import type { Measure } from "./walk.ts";

export type AnyMetric = Metric<RecordCounter | UsageCounter>;

/** Positions of the stored counters that a metric is made of. */
export interface CounterParts {
  readonly plus: readonly number[];
  readonly minus: readonly number[];
}

export function partsOf(metric: AnyMetric, side: Side, kind: Kind): CounterParts {
  const running = kind === "snapshot" && metric.snapshotPlus !== undefined;
  const plus = running ? metric.snapshotPlus : metric.plus;
  const minus = running ? metric.snapshotMinus : metric.minus;
  return { plus: (plus ?? []).map(positionIn(side)), minus: (minus ?? []).map(positionIn(side)) };
}

function positionIn(side: Side): (counter: RecordCounter | UsageCounter) => number {
  const names: readonly string[] = side === "records" ? RECORD_COUNTERS : USAGE_COUNTERS;
  return (counter) => names.indexOf(counter);
}

/** The metric as read from a row that holds all stored counters. */
export function measureOf(metric: AnyMetric, side: Side, kind: Kind): Measure {
  return measure(partsOf(metric, side, kind));
}

export function measure({ plus, minus }: CounterParts): Measure {
  return (numbers, offset) => {
    let value = 0;
    for (const position of plus) value += numbers[offset + position] ?? 0;
    for (const position of minus) value -= numbers[offset + position] ?? 0;
    return value;
  };
}

const R = RECORD_INDEX;
const U = USAGE_INDEX;

/** Rank of record lists, and whether a snapshot lists the value at all: its active records. */
export const activeRecords = measure({
  plus: [R.recordsAddedMetadataOnly, R.recordsAddedWithFiles],
  minus: [R.recordsRemovedMetadataOnly, R.recordsRemovedWithFiles],
});
export const viewEvents = measure({ plus: [U.viewEvents], minus: [] });
export const downloadEvents = measure({ plus: [U.downloadEvents], minus: [] });
export const anyEvents = measure({ plus: [U.viewEvents, U.downloadEvents], minus: [] });

/** Counters that documents publish: those of the values of a breakdown. */
const PUBLISHED: Readonly<Record<Side, readonly number[]>> = {
  records: RECORD_COUNTERS.flatMap((name, index) => (/^(records|parents|files|bytes)/.test(name) ? [index] : [])),
  usage: USAGE_COUNTERS.flatMap((name, index) => (name === "visitors" ? [] : [index])),
};

/** Whether any published counter is not zero. */
export function hasNumbers(side: Side, numbers: Float64Array): (offset: number) => boolean {
  const positions = PUBLISHED[side];
  return (offset) => positions.some((position) => numbers[offset + position] !== 0);
}

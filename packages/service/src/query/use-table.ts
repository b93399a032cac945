import { USAGE_INDEX, type UsageCounter } from "@community-stats/contract/counters.ts";
import {
  ADDITIVE_USE,
  VISITOR_USE,
  type AdditiveNumbers,
  type AdditiveUse,
  type RecordNumbers,
  type VisitorUse,
} from "@community-stats/contract/records.ts";

const COUNTERS: Readonly<Record<AdditiveUse | VisitorUse, UsageCounter>> = {
  views: "viewEvents",
  downloads: "downloadEvents",
  dataVolume: "downloadBytes",
  viewVisitors: "viewVisitors",
  downloadVisitors: "downloadVisitors",
  visitors: "visitors",
};
/** The metrics of single records, in the order in which a `UseTable` holds them. */
export const USE_METRICS = [...ADDITIVE_USE, ...VISITOR_USE] as const;
export type UseMetric = (typeof USE_METRICS)[number];
/** Positions of their counters in a stored row. */
export const USE_PICKS: readonly number[] = USE_METRICS.map((metric) => USAGE_INDEX[COUNTERS[metric]]);

const WIDTH = USE_METRICS.length;
const ADDITIVE = ADDITIVE_USE.length;

/** Sums of use by target: a record, a work, or a period of one of them. */
export class UseTable {
  /** Target × metric. NaN where visitors of one day would have to be added. */
  numbers: Float64Array;
  /** The day that a target met last. */
  #days: Int32Array;

  constructor(targets: number) {
    this.numbers = new Float64Array(targets * WIDTH);
    this.#days = new Int32Array(targets).fill(NO_DAY);
  }

  /** Days must come one after the other. A record that was counted after the dictionary was read has no target. */
  add(target: number, day: number, values: Float64Array): void {
    if (target < 0 || target >= this.#days.length) return;
    const { numbers } = this;
    const at = target * WIDTH;
    for (let index = 0; index < WIDTH; index++) numbers[at + index] = (numbers[at + index] ?? 0) + (values[index] ?? 0);
    // The same visitor may stand behind both rows.
    if (this.#days[target] === day) numbers.fill(Number.NaN, at + ADDITIVE, at + WIDTH);
    this.#days[target] = day;
  }

  number(target: number, metric: UseMetric): number | null {
    const value = this.numbers[target * WIDTH + USE_METRICS.indexOf(metric)] ?? 0;
    return Number.isNaN(value) ? null : value;
  }

  record(target: number): RecordNumbers {
    const visitors = VISITOR_USE.map((metric) => [metric, this.number(target, metric)]);
    return { ...this.additive(target), ...Object.fromEntries(visitors) };
  }

  additive(target: number): AdditiveNumbers {
    const of = (metric: AdditiveUse) => this.number(target, metric) ?? 0;
    return { views: of("views"), downloads: of("downloads"), dataVolume: of("dataVolume") };
  }

  /** Of all targets. */
  sums(): AdditiveNumbers {
    const sums = new Float64Array(ADDITIVE);
    for (let at = 0; at < this.numbers.length; at += WIDTH) {
      for (let index = 0; index < ADDITIVE; index++) sums[index] = (sums[index] ?? 0) + (this.numbers[at + index] ?? 0);
    }
    const [views = 0, downloads = 0, dataVolume = 0] = sums;
    return { views, downloads, dataVolume };
  }
}

const NO_DAY = -0x8000_0000;

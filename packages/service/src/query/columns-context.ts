import type { DayNumber } from "@community-stats/contract/days.ts";
import type { Span } from "../domain/periods.ts";
import type { AnyMetric } from "./measures.ts";
import type { Axis } from "./period-state.ts";
import type { ColumnsPlan } from "./plan.ts";
import type { Reading, TableSource } from "./reading.ts";

/** A metric and where its counters stand in the rows of a table. */
export interface FoldedMetric {
  readonly metric: AnyMetric;
  readonly plus: readonly number[];
  readonly minus: readonly number[];
}

/** What the series of an answer are computed from. */
export interface ColumnsContext {
  readonly reading: Reading;
  readonly plan: ColumnsPlan;
  readonly source: TableSource;
  readonly axis: Axis;
  readonly span: Span | null;
  /** As in `StoredRequest`. */
  readonly openingSince: DayNumber | null;
  readonly picks: readonly number[];
  readonly metrics: readonly FoldedMetric[];
}

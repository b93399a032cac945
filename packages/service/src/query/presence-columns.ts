import { RECORD_COUNTERS } from "@community-stats/contract/counters.ts";
import type { ColumnSeries } from "@community-stats/contract/series.ts";
import type { ColumnsContext } from "./columns-context.ts";
import { PRESENCE_CLASSES, type PresenceClass } from "./file-presence.ts";
import { foldedNumbers, foldTable } from "./fold.ts";
import type { Table } from "./table.ts";
import { withoutTotalsOnly } from "./value-columns.ts";

/** Both classes, or those asked for, the larger one first. @param totals the table of the totals, which tells them apart. */
export function presenceColumns(context: ColumnsContext, totals: Table): readonly ColumnSeries[] {
  const { values, metrics } = context.plan;
  const asked = PRESENCE_CLASSES.filter(({ id }) => values === null || values.includes(id));
  const rank = ({ totals: of }: ColumnSeries): number => of[metrics[0]?.name ?? ""] ?? 0;
  return asked.map((one) => classSeries(context, totals, one)).toSorted((a, b) => rank(b) - rank(a));
}

function classSeries(context: ColumnsContext, totals: Table, { id, name, counters }: PresenceClass): ColumnSeries {
  const of = keepCounters(context, counters);
  const fold = foldTable(of, totals, { targets: new Int32Array(1), count: 1 });
  return { kind: "value", id, label: name, ...withoutTotalsOnly(of, foldedNumbers(of, fold, 0)) };
}

function keepCounters(context: ColumnsContext, counters: RegExp): ColumnsContext {
  const isOf = (pick: number): boolean => counters.test(RECORD_COUNTERS[context.picks[pick] ?? -1] ?? "");
  return {
    ...context,
    metrics: context.metrics.map(({ metric, plus, minus }) => ({
      metric,
      plus: plus.filter(isOf),
      minus: minus.filter(isOf),
    })),
  };
}

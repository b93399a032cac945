import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { RECORD_COUNTERS } from "@community-stats/contract/counters.ts";
import { FILE_PRESENCE, type ColumnSeries } from "@community-stats/contract/series.ts";
import type { ColumnsContext } from "./columns-context.ts";
import { foldedNumbers, foldTable } from "./fold.ts";
import type { Table } from "./table.ts";
import { withoutTotalsOnly } from "./value-columns.ts";

/** Whether a record has files: no value of the record, but the two classes that every number of records is kept by. */
export const PRESENCE: Breakdown = {
  name: FILE_PRESENCE,
  records: { snapshot: "all", sources: [] },
  usage: null,
  label: "none",
  multiple: false,
};

/** What each class is counted by; files and bytes are those of records that have some. */
export const PRESENCE_CLASSES: readonly { readonly id: string; readonly name: string; readonly counters: RegExp }[] = [
  { id: "metadata_only", name: "Metadata Only", counters: /MetadataOnly$/ },
  { id: "with_files", name: "With Files", counters: /WithFiles$|^files|^bytes/ },
];

/** Both classes, or those asked for, always in the same order. @param totals the table of the totals, which tells them apart. */
export function presenceColumns(context: ColumnsContext, totals: Table): readonly ColumnSeries[] {
  const { values } = context.plan;
  const asked = PRESENCE_CLASSES.filter(({ id }) => values === null || values.includes(id));
  return asked.map(({ id, name, counters }) => {
    const of = keepCounters(context, counters);
    const fold = foldTable(of, totals, { targets: new Int32Array(1), count: 1 });
    return { kind: "value", id, label: name, ...withoutTotalsOnly(of, foldedNumbers(of, fold, 0)) };
  });
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

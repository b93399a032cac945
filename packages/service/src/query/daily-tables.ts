import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import { RECORD_INDEX, USAGE_INDEX } from "@community-stats/contract/counters.ts";
import type { Side } from "@community-stats/contract/metrics.ts";
import { measure } from "./measures.ts";
import type { Reading } from "./reading.ts";
import {
  readTable,
  readTables,
  readWithTotals,
  type Table,
  type TableRequest,
  type TableReading,
  type TablesRequest,
} from "./table.ts";
import type { Measure } from "./walk.ts";

export interface BreakdownTable {
  readonly breakdown: Breakdown;
  readonly table: Table;
}
/** The tables of one scope over the same days. */
export interface DailyTables {
  readonly totals: Table;
  /** In the order of the breakdowns. */
  readonly tables: readonly BreakdownTable[];
}

/** The totals are small: they come along with the first breakdown, and tell how the others can come. */
export async function readDailyTables(
  reading: TableReading,
  request: TablesRequest,
  [first, ...others]: readonly Breakdown[],
): Promise<DailyTables> {
  const of = (breakdown: string): TableRequest => ({ ...request, source: { ...request.source, breakdown } });
  if (first === undefined) return { totals: await readTable(reading, of("")), tables: [] };
  const { totals, table } = await readWithTotals(reading, of(first.name));
  const tables: BreakdownTable[] = [{ breakdown: first, table }];
  const groups = canComeTogether(reading, request, totals) ? [others] : others.map((breakdown) => [breakdown]);
  for (const group of groups) tables.push(...(await readGroup(reading, request, group)));
  return { totals, tables };
}

async function readGroup(
  reading: TableReading,
  request: TablesRequest,
  group: readonly Breakdown[],
): Promise<readonly BreakdownTable[]> {
  if (group.length === 0) return [];
  const names = group.map(({ name }) => name);
  const tables = await readTables(reading, request, names);
  return group.flatMap((breakdown) => {
    const table = tables.get(breakdown.name);
    return table === undefined ? [] : [{ breakdown, table }];
  });
}

/**
 * Whether the store gains by it, and the numbers of all breakdowns fit into one answer. How many values there are is not known before they
 * are read, but each stands for something that happened.
 */
function canComeTogether({ store }: Pick<Reading, "store">, { source }: TablesRequest, totals: Table): boolean {
  if (store.readTogether === undefined) return false;
  const happened = HAPPENED[source.kind === "usage" ? "usage" : "records"];
  let count = 0;
  for (let row = 0; row < totals.count; row++) count += happened(totals.numbers, row * totals.width);
  return count <= MOST_TOGETHER;
}

/** A value takes some twenty bytes: all breakdowns take at most a hundred megabytes, and mostly a hundredth of it, as values occur again and again. */
const MOST_TOGETHER = 250_000;
const [U, R] = [USAGE_INDEX, RECORD_INDEX];
const HAPPENED: Readonly<Record<Side, Measure>> = {
  usage: measure({ plus: [U.viewEvents, U.downloadEvents], minus: [] }),
  records: measure({
    plus: [
      R.recordsAddedMetadataOnly,
      R.recordsAddedWithFiles,
      R.recordsRemovedMetadataOnly,
      R.recordsRemovedWithFiles,
    ],
    minus: [],
  }),
};

import { camelCase } from "@community-stats/contract/breakdowns.ts";
import { RECORD_INDEX } from "@community-stats/contract/counters.ts";
import type { Label } from "@community-stats/contract/documents.ts";
import type { CategoryResult, WireSeries } from "@community-stats/contract/series.ts";
import type { Category } from "./categories.ts";
import { daysOfNumbers, type BreakdownDays, type DailyNumbers } from "./daily.ts";
import { displayLabel } from "./labels.ts";
import { activeRecords, hasNumbers, measure, measureOf, type AnyMetric } from "./measures.ts";
import { PointBudget, PointColumns, PointRows, wireSeries, type SeriesHead } from "./points.ts";
import { PRESENCE_CLASSES } from "./file-presence.ts";
import { usageListings } from "./usage-documents.ts";
import { deltaWalk, snapshotWalk, totalsWalk, type Listed, type Measure, type Walk } from "./walk.ts";

/** What the series of one answer share. */
interface Making {
  readonly budget: PointBudget;
  /** Between two blocks of work: lets others have their turn. @throws when nobody waits for the answer. */
  readonly turn: () => Promise<void>;
}

/** The result of a category query: every category with every metric, empty lists where there is nothing. */
export async function categoryResult(
  numbers: DailyNumbers,
  categories: readonly Category[],
  turn: Making["turn"],
): Promise<CategoryResult> {
  const making = { budget: new PointBudget(), turn };
  const results: [string, CategoryResult[string]][] = [];
  for (const category of categories) {
    results.push([camelCase(category.name), await seriesByMetric(numbers, category, making)]);
  }
  return Object.fromEntries(results);
}

/** One category: metric (camelCase) → series. */
export async function seriesOfCategory(
  numbers: DailyNumbers,
  category: Category,
  turn: Making["turn"],
): Promise<CategoryResult[string]> {
  return await seriesByMetric(numbers, category, { budget: new PointBudget(), turn });
}

async function seriesByMetric(
  numbers: DailyNumbers,
  category: Category,
  making: Making,
): Promise<CategoryResult[string]> {
  const lists = await seriesLists(numbers, category, making);
  return Object.fromEntries(category.metrics.map((metric, index) => [metric.name, lists[index] ?? []]));
}

async function seriesLists(
  numbers: DailyNumbers,
  category: Category,
  making: Making,
): Promise<readonly WireSeries[][]> {
  switch (category.kind) {
    case "global":
      return globalSeries(numbers, category.metrics, making.budget);
    case "filePresence":
      return filePresence(numbers, category.metrics, making.budget);
    case "breakdown": {
      const days = numbers.breakdowns.find(({ breakdown }) => breakdown.name === category.breakdown.name);
      return days === undefined ? [] : await valueSeries({ numbers, category, days, making });
    }
    default:
      return category satisfies never;
  }
}

function globalSeries(
  numbers: DailyNumbers,
  metrics: readonly AnyMetric[],
  budget: PointBudget,
): readonly WireSeries[][] {
  const { side, kind } = numbers.plan;
  const measures = metrics.map((metric) => measureOf(metric, side, kind));
  const columns = totalsColumns(numbers, measures, budget);
  return metrics.map((metric, index) =>
    columns.length === 0 ? [] : [wireSeries(columns, index, { ...head(metric, "bar"), id: "global", name: "Global" })],
  );
}

function totalsColumns(numbers: DailyNumbers, measures: readonly Measure[], budget: PointBudget): PointColumns {
  const totals = totalsWalk(numbers.totals, numbers.plan.kind);
  const columns = new PointColumns(new PointRows(measures.length), numbers.textOf);
  for (const day of daysOfNumbers(numbers)) {
    budget.spend(measures.length);
    columns.add(day, measures, { numbers: totals(day), offset: 0 });
  }
  return columns;
}

function head(metric: AnyMetric, type: "bar" | "line"): Pick<SeriesHead, "type" | "valueType"> {
  return { type, valueType: metric.unit === "bytes" ? "filesize" : "number" };
}

interface ValueSeriesRequest {
  readonly numbers: DailyNumbers;
  readonly category: Extract<Category, { kind: "breakdown" }>;
  readonly days: BreakdownDays;
  readonly making: Making;
}

/** Days between two turns: a few milliseconds of work where days list many values. */
const DAYS_AT_ONCE = 64;

/** One series per value, in the order in which the values first appear; a day without the value has no point. */
async function valueSeries({ numbers, category, days, making }: ValueSeriesRequest): Promise<readonly WireSeries[][]> {
  const { side, kind } = numbers.plan;
  const measures = category.metrics.map((metric) => measureOf(metric, side, kind));
  const walk = categoryWalk(numbers, category, days);
  const series = new Map<number, PointColumns>();
  const values = new PointRows(measures.length);
  let done = 0;
  for (const day of daysOfNumbers(numbers)) {
    if (++done % DAYS_AT_ONCE === 0) await making.turn();
    const listed = walk.to(day);
    making.budget.spend(listed.slots.length * measures.length);
    for (const [index, slot] of listed.slots.entries()) {
      const columns = series.get(slot) ?? new PointColumns(values, numbers.textOf);
      series.set(slot, columns);
      columns.add(day, measures, { numbers: listed.numbers, offset: listed.offsets[index] ?? 0 });
    }
  }
  const name = valueNames(numbers, days);
  return category.metrics.map((metric, index) =>
    Array.from(series, ([slot, columns]) => wireSeries(columns, index, { ...head(metric, "line"), ...name(slot) })),
  );
}

/** The newest label of the range, the id where there is none. */
function valueNames(numbers: DailyNumbers, { order, table, labelAt }: BreakdownDays) {
  const last = numbers.span?.to ?? 0;
  return (slot: number): { id: string; name: Label } => {
    const id = order.ids[slot] ?? "";
    return { id, name: displayLabel(labelAt(table.codes[slot] ?? -1, last), id) };
  };
}

function categoryWalk(
  numbers: DailyNumbers,
  { list }: Extract<Category, { kind: "breakdown" }>,
  { table, order }: BreakdownDays,
): Walk {
  const { side } = numbers.plan;
  if (list === "delta") return deltaWalk(table, order, hasNumbers(side, table.numbers));
  if (side === "records") {
    const top = list === "top" ? numbers.topLimit : null;
    return only(0, snapshotWalk(table, order, [{ rank: activeRecords, top }]));
  }
  const listings = usageListings(list === "all" ? "all" : "top", numbers.topLimit);
  return only(list === "by_download" ? 1 : 0, snapshotWalk(table, order, listings));
}

function only(index: number, walk: { to(day: number): readonly Listed[] }): Walk {
  return { to: (day) => walk.to(day)[index] ?? { slots: [], offsets: [], numbers: new Float64Array(0) } };
}

const R = RECORD_INDEX;
/** file_presence: the two classes of the files switch as if they were values. */
const PRESENCE: Readonly<Record<string, readonly [metadataOnly: Measure, withFiles: Measure]>> = {
  records: [
    measure({ plus: [R.recordsAddedMetadataOnly], minus: [R.recordsRemovedMetadataOnly] }),
    measure({ plus: [R.recordsAddedWithFiles], minus: [R.recordsRemovedWithFiles] }),
  ],
  parents: [
    measure({ plus: [R.parentsAddedMetadataOnly], minus: [R.parentsRemovedMetadataOnly] }),
    measure({ plus: [R.parentsAddedWithFiles], minus: [R.parentsRemovedWithFiles] }),
  ],
  fileCount: [() => 0, measure({ plus: [R.filesAdded], minus: [R.filesRemoved] })],
  dataVolume: [() => 0, measure({ plus: [R.bytesAdded], minus: [R.bytesRemoved] })],
};

function filePresence(
  numbers: DailyNumbers,
  metrics: readonly AnyMetric[],
  budget: PointBudget,
): readonly WireSeries[][] {
  const measures = metrics.flatMap((metric) => PRESENCE[metric.name] ?? []);
  const columns = totalsColumns(numbers, measures, budget);
  return metrics.map((metric, index) =>
    PRESENCE_CLASSES.map(({ id, name }, series) =>
      wireSeries(columns, index * PRESENCE_CLASSES.length + series, { ...head(metric, "line"), id, name }),
    ),
  );
}

import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { StatsDocument } from "@community-stats/contract/documents.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import type { RecordListAnswer } from "@community-stats/contract/records.ts";
import type { CategoryResult, ColumnsAnswer, Freshness, WireSeries } from "@community-stats/contract/series.ts";
import { categoryResult, seriesOfCategory } from "./category.ts";
import type { Category } from "./categories.ts";
import { columnsAnswer } from "./columns.ts";
import { breakdownsOf, readDaily, type DailyNumbers, type DailyPlan } from "./daily.ts";
import { documentsOf } from "./documents.ts";
import { freshnessOf } from "./freshness.ts";
import type { QueryPlan } from "./plan.ts";
import { betweenBlocks, type Reading } from "./reading.ts";
import { recordList } from "./record-list.ts";
import { recordUsage } from "./record-usage.ts";

/** The answer to one query. Documents are produced while they are read: a range may hold many. */
export type QueryResult =
  | { readonly form: "documents"; readonly documents: Iterable<StatsDocument>; readonly freshness: Freshness }
  | {
      readonly form: "composite";
      readonly parts: Readonly<Record<string, Iterable<StatsDocument>>>;
      readonly freshness: Freshness;
    }
  | { readonly form: "series"; readonly series: readonly WireSeries[]; readonly freshness: Freshness }
  | { readonly form: "category"; readonly result: CategoryResult; readonly freshness: Freshness }
  /** By breakdown ("global" for the totals) where several were asked for. */
  | {
      readonly form: "columns";
      readonly answer: ColumnsAnswer | Readonly<Record<string, ColumnsAnswer>>;
      readonly freshness: Freshness;
    }
  | { readonly form: "records"; readonly answer: RecordListAnswer; readonly freshness: Freshness };

/** Answers a plan from the numbers of one generation. */
export async function runPlan(reading: Reading, plan: QueryPlan): Promise<QueryResult> {
  switch (plan.form) {
    case "documents": {
      const numbers = await readDocuments(reading, plan.daily);
      return { form: "documents", documents: iterate(numbers), freshness: freshness(reading, numbers) };
    }
    case "composite":
      return composite(reading, plan.parts);
    case "series":
      return singleSeries(reading, plan);
    case "category": {
      const numbers = await readDaily(reading, plan.daily, breakdownsIn(plan.categories));
      return {
        form: "category",
        result: await categoryResult(numbers, plan.categories, () => betweenBlocks(reading)),
        freshness: freshness(reading, numbers),
      };
    }
    case "columns":
      return columns(reading, plan);
    case "records": {
      const answer = await recordList(reading, plan.list);
      return { form: "records", answer, freshness: answer };
    }
    case "record-usage": {
      const answer = await recordUsage(reading, plan.usage);
      return { form: "columns", answer, freshness: answer };
    }
    default:
      return plan satisfies never;
  }
}

function readDocuments(reading: Reading, plan: DailyPlan): Promise<DailyNumbers> {
  return readDaily(reading, plan, breakdownsOf(reading, plan.side));
}

/** Documents from the beginning, as often as they are iterated. */
function iterate(numbers: DailyNumbers): Iterable<StatsDocument> {
  return { [Symbol.iterator]: () => documentsOf(numbers) };
}

async function composite(reading: Reading, parts: Readonly<Record<string, DailyPlan>>): Promise<QueryResult> {
  const read: [string, DailyNumbers][] = [];
  for (const [name, plan] of Object.entries(parts)) read.push([name, await readDocuments(reading, plan)]);
  const doubts = read.map(([, numbers]) => freshness(reading, numbers));
  return {
    form: "composite",
    parts: Object.fromEntries(read.map(([name, numbers]) => [name, iterate(numbers)])),
    freshness: mergeFreshness(doubts),
  };
}

async function singleSeries(reading: Reading, plan: Extract<QueryPlan, { form: "series" }>): Promise<QueryResult> {
  const category = { ...plan.category, metrics: [plan.metric] };
  const numbers = await readDaily(reading, plan.daily, breakdownsIn([category]));
  const all = (await seriesOfCategory(numbers, category, () => betweenBlocks(reading)))[plan.metric.name] ?? [];
  const series = plan.subcountId === null ? all : all.filter(({ id }) => id === plan.subcountId);
  return { form: "series", series, freshness: freshness(reading, numbers) };
}

async function columns(reading: Reading, plan: Extract<QueryPlan, { form: "columns" }>): Promise<QueryResult> {
  const answers: [string, ColumnsAnswer][] = [];
  for (const part of plan.plans) answers.push([part.breakdown?.name ?? GLOBAL_KEY, await columnsAnswer(reading, part)]);
  const [first] = answers.map(([, answer]) => answer);
  const answer = plan.single && first !== undefined ? first : Object.fromEntries(answers);
  return { form: "columns", answer, freshness: mergeFreshness(answers.map(([, part]) => part)) };
}

function breakdownsIn(categories: readonly Category[]): readonly Breakdown[] {
  const breakdowns = categories.flatMap((category) =>
    category.kind === "breakdown" && category.metrics.length > 0 ? [category.breakdown] : [],
  );
  return [...new Set(breakdowns)];
}

/** Of an answer over documents: about the asked days, or all that exist where the ends are open. */
function freshness(reading: Reading, { plan, known }: DailyNumbers): Freshness {
  const from = plan.asked.from ?? known.own;
  const to = plan.asked.to ?? known.counted;
  return freshnessOf(reading, known, from === null || to === null || from > to ? null : { from, to });
}

/** Of several answers in one: every doubt about any of them, and the earliest first day. */
export function mergeFreshness(parts: readonly Freshness[]): Freshness {
  const days = (list: (part: Freshness) => readonly string[]) => [...new Set(parts.flatMap(list))].toSorted();
  const [first] = parts;
  const firstDays = parts.flatMap(({ firstDay }) => firstDay ?? []).toSorted();
  return {
    asOf: first?.asOf ?? null,
    ruleVersion: first?.ruleVersion ?? "",
    firstDay: firstDays[0] ?? null,
    updatedAt: first?.updatedAt ?? null,
    missingDays: days((part) => part.missingDays),
    incompleteDays: days((part) => part.incompleteDays),
    ...(parts.some(({ generated }) => generated === true) ? { generated: true } : {}),
  };
}

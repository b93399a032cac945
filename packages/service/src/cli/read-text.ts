import type { ByClass, StatsDocument } from "@community-stats/contract/documents.ts";
import type { RecordListAnswer } from "@community-stats/contract/records.ts";
import type { CategoryResult, ColumnsAnswer, WireSeries } from "@community-stats/contract/series.ts";
import type { QueryResult } from "../query/run-plan.ts";

/** A result for people: one line per document or series, subcounts by their number of values. */
export function* describeResult(result: QueryResult): Generator<string> {
  switch (result.form) {
    case "documents":
      yield* describeDocuments(result.documents);
      return;
    case "composite":
      for (const [name, documents] of Object.entries(result.parts)) {
        yield `${name}\n`;
        yield* describeDocuments(documents);
      }
      return;
    case "series":
      yield* describeSeries(result.series);
      return;
    case "category":
      yield* describeCategories(result.result);
      return;
    case "columns":
      yield* describeColumns(result.answer);
      return;
    case "records":
      yield* describeRecords(result.answer);
      return;
    default:
      result satisfies never;
  }
}

function* describeRecords({ records, totals, count, per }: RecordListAnswer): Generator<string> {
  for (const { rank, record, parent, title, state, metrics } of records) {
    const name = title ?? (state === "deleted" ? "deleted" : "without a title");
    const { views, downloads, dataVolume } = metrics;
    yield `${rank}. ${per === "parent" ? parent : record}  ${name}: views ${views}, downloads ${downloads}, ${dataVolume} bytes\n`;
  }
  if (records.length === 0) yield "No numbers in this range.\n";
  yield `Of ${count} in all: views ${totals.views}, downloads ${totals.downloads}, ${totals.dataVolume} bytes\n`;
}

function* describeDocuments(documents: Iterable<StatsDocument>): Generator<string> {
  let count = 0;
  for (const document of documents) {
    count += 1;
    yield `${describeDocument(document)}\n`;
  }
  if (count === 0) yield "No numbers in this range.\n";
}

function describeDocument(document: StatsDocument): string {
  const day = ("period_start" in document ? document.period_start : document.snapshot_date).slice(0, 10);
  const subcounts = Object.entries(document.subcounts).flatMap(([name, items]) => {
    const count = "by_view" in items ? items.by_view.length : items.length;
    return count === 0 ? [] : [`${name} ${count}`];
  });
  return `${day}  ${numbersOf(document)}${subcounts.length === 0 ? "" : `  (${subcounts.join(", ")})`}`;
}

function numbersOf(document: StatsDocument): string {
  if ("totals" in document) {
    const { view, download } = document.totals;
    return `views ${view.total_events} by ${view.unique_visitors}, downloads ${download.total_events} by ${download.unique_visitors}, ${download.total_volume} bytes`;
  }
  if ("records" in document) {
    const { records, parents, files, uploaders } = document;
    return `records +${sum(records.added)} −${sum(records.removed)}, parents +${sum(parents.added)} −${sum(parents.removed)}, files +${files.added.file_count} −${files.removed.file_count}, uploaders ${uploaders}`;
  }
  const { total_records: records, total_parents: parents, total_files: files } = document;
  return `records ${sum(records)}, parents ${sum(parents)}, files ${files.file_count}, ${files.data_volume} bytes, uploaders ${document.total_uploaders}`;
}

function sum({ metadata_only, with_files }: ByClass): number {
  return metadata_only + with_files;
}

function* describeCategories(result: CategoryResult): Generator<string> {
  for (const [category, metrics] of Object.entries(result)) {
    const known = Object.entries(metrics).filter(([, series]) => series.length > 0);
    for (const [metric, series] of known) {
      yield `${category} · ${metric}\n`;
      yield* describeSeries(series);
    }
  }
}

function* describeSeries(list: readonly WireSeries[]): Generator<string> {
  if (list.length === 0) yield "No numbers in this range.\n";
  for (const { id, name, data, year } of list) {
    const label = typeof name === "string" ? name : (name["en"] ?? Object.values(name)[0] ?? id);
    const points = data.map(([date, value]) => `${date} ${value}`).join(", ");
    yield `  ${label === id ? id : `${label} (${id})`}${year === undefined ? "" : ` ${year}`}: ${points}\n`;
  }
}

function* describeColumns(answer: ColumnsAnswer | Readonly<Record<string, ColumnsAnswer>>): Generator<string> {
  yield `${JSON.stringify(answer, null, 2)}\n`;
}

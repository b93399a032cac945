import type { ListedRecord, RecordListAnswer } from "@community-stats/contract/records.ts";
import { valueName } from "../messages/names.ts";
import { isolate, type MetricRef, type Words } from "../messages/words.ts";
import type { RecordRow } from "../select/record-rows.ts";
import { recordLink, type SearchPlace } from "../select/search-link.ts";
import type { TableData } from "../ui/DataTable.tsx";
import type { RecordLine } from "../ui/RecordList.tsx";

/** Everything that a list of records says, before any element exists. */
export interface RecordModel {
  readonly words: Words;
  readonly metric: MetricRef;
  readonly answer: RecordListAnswer;
  readonly rows: readonly RecordRow[];
  readonly place: SearchPlace;
}

export function recordLines({ words, metric, rows, place }: RecordModel): readonly RecordLine[] {
  return rows.map(({ record, value, size }) => ({
    key: record.record,
    title: titleOf(words, record),
    link: record.state === "deleted" ? null : recordLink(record.record, place),
    meta: [typeOf(words, record), isolate(authorOf(record)), record.year].filter(Boolean).join(" · "),
    value,
    valueText: words.amount(metric, value),
    size,
  }));
}

/** What part of all use the listed records have. */
export function recordSentence({ words, metric, answer, rows }: RecordModel): string | null {
  const whole = answer.totals[answer.metric];
  const listed = rows.reduce((sum, { value }) => sum + value, 0);
  if (rows.length === 0 || whole === 0) return null;
  return words.text("records.says", {
    k: words.numbers.full(rows.length),
    count: rows.length,
    p: words.numbers.percent(listed / whole),
    n: words.amount(metric, whole),
    metric: words.noun(metric, whole),
  });
}

export function recordTable({ words, metric, answer, rows }: RecordModel): TableData {
  const title = words.metricTitle(metric);
  return {
    caption: words.text("table.by", {
      metric: title,
      breakdown: words.within(words.text("records.record")),
      span: words.dates.range(answer.from, answer.to, true),
    }),
    columns: [
      { key: "record", title: words.text("records.record"), numeric: false },
      { key: "type", title: words.text("breakdown.resource_types"), numeric: false },
      { key: "author", title: words.text("records.author"), numeric: false },
      { key: "year", title: words.text("records.year"), numeric: true },
      { key: "value", title, numeric: true },
      { key: "share", title: words.text("table.share"), numeric: true },
    ],
    rows: rows.map(({ record, value, share }) => ({
      key: record.record,
      cells: [
        { text: titleOf(words, record) },
        { text: typeOf(words, record) },
        { text: authorOf(record) },
        { text: record.year === null ? "–" : String(record.year), value: record.year },
        { text: words.amount(metric, value), value },
        { text: share === null ? "–" : words.numbers.percent(share), value: share },
      ],
    })),
  };
}

function titleOf(words: Words, { state, title, record }: ListedRecord): string {
  if (state === "deleted") return words.text("records.deleted", { record });
  return title ?? words.text("records.untitled");
}

function typeOf(words: Words, { resourceType }: ListedRecord): string {
  return resourceType === null ? "" : valueName(words, "resource_types", resourceType);
}

function authorOf({ author }: ListedRecord): string {
  return author ?? "";
}

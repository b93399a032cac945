import type { ColumnsAnswer } from "@community-stats/contract/series.ts";
import { breakdownNoun, breakdownTitle, otherName, seriesNamer } from "../messages/names.ts";
import { breakdownLead } from "../messages/sentences.ts";
import type { MetricRef, Words } from "../messages/words.ts";
import type { BreakdownRow, BreakdownRows } from "../select/breakdown-rows.ts";
import { knownSpan } from "@community-stats/contract/knowledge.ts";
import { searchLink } from "../select/search-link.ts";
import { pageLink, type ValuePlace } from "../select/value-link.ts";
import { slotsOf, type Slot } from "../select/slots.ts";
import type { ListRow } from "../ui/BreakdownList.tsx";
import type { TableData } from "../ui/DataTable.tsx";
import type { DonutKey } from "../ui/DonutView.tsx";

/** Everything that a breakdown card says and lists, before any element exists. */
export interface BreakdownModel {
  readonly words: Words;
  readonly metric: MetricRef;
  readonly answer: ColumnsAnswer;
  readonly found: BreakdownRows;
  readonly breakdown: string;
  readonly several: boolean;
  readonly place: ValuePlace;
}

export function listRows(model: BreakdownModel): readonly ListRow[] {
  const { words, metric, breakdown, place } = model;
  const nameOf = seriesNamer(model);
  return model.found.rows.map((row) => ({
    key: row.key,
    kind: row.source.kind === "total" ? "value" : row.source.kind,
    name: nameOf(row.source),
    value: row.value,
    valueText: row.value === null ? "" : words.amount(metric, row.value),
    shareText: row.share === null ? null : words.numbers.percent(row.share),
    size: row.size,
    link: row.source.kind === "value" ? searchLink(breakdown, row.source.id, place) : null,
    page: row.source.kind === "value" ? pageLink(breakdown, row.source.id, place) : null,
  }));
}

export function breakdownSentence(model: BreakdownModel): string | null {
  const { words, metric, found, several } = model;
  const nameOf = seriesNamer(model);
  const leaders = found.rows
    .filter(({ source }) => source.kind === "value")
    .map(({ source, value }) => ({ name: nameOf(source), value: value ?? 0 }));
  return breakdownLead(words, { metric, leaders, whole: found.whole ?? 0, several });
}

/** "Totals on 21 Nov 2026" for running totals, the days for what happened in them. */
export function breakdownCaption({ words, answer }: BreakdownModel): string {
  const span = knownSpan(answer);
  if (span === null) return "";
  return answer.kind === "snapshot"
    ? words.text("onDay", { day: words.dates.day(span.to) })
    : words.dates.range(span.from, span.to, true);
}

export function breakdownTable(model: BreakdownModel): TableData {
  const { words, metric, found, breakdown } = model;
  const nameOf = seriesNamer(model);
  const title = words.metricTitle(metric);
  const share = (value: number | null) => ({ text: value === null ? "–" : words.numbers.percent(value), value });
  const amount = (value: number | null) => ({ text: value === null ? "–" : words.amount(metric, value), value });
  return {
    caption: words.text("table.by", {
      metric: title,
      breakdown: breakdownNoun(words, breakdown),
      span: breakdownCaption(model),
    }),
    columns: [
      { key: "name", title: breakdownTitle(words, breakdown), numeric: false },
      { key: "value", title, numeric: true },
      { key: "share", title: words.text("table.share"), numeric: true },
    ],
    rows: found.rows.map((row) => ({
      key: row.key,
      cells: [{ text: nameOf(row.source), ...hrefOf(model, row) }, amount(row.value), share(row.share)],
    })),
    foot: {
      key: "all",
      cells: [{ text: words.text("all") }, amount(found.whole), share(found.whole === null ? null : 1)],
    },
  };
}

function hrefOf({ breakdown, place }: BreakdownModel, { source }: BreakdownRow): { readonly href?: string } {
  return source.kind === "value" ? { href: pageLink(breakdown, source.id, place) } : {};
}

const MOST_SLICES = 6;
/** A ring says little where more than this is folded into one slice. */
const LARGE_REST = 0.3;

/** Whether most of a ring would be named. */
export function suitsRing({ found }: Pick<BreakdownModel, "found">): boolean {
  const named = found.rows.filter(({ source }) => source.kind === "value").slice(0, MOST_SLICES);
  const whole = found.whole ?? 0;
  const shown = named.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const none = found.rows.find(({ source }) => source.kind === "notStated")?.value ?? 0;
  return whole > 0 && (whole - shown - none) / whole <= LARGE_REST;
}

/**
 * Six slices at most and the rest; what states no value is part of the rest's picture but keeps its own row.
 * @param order of the values, which gives them their colours
 */
export function donutKeys(model: BreakdownModel, order: readonly string[]): readonly DonutKey[] {
  const { words, metric, breakdown, found } = model;
  const values = found.rows.filter(({ source, value }) => source.kind === "value" && (value ?? 0) > 0);
  const shown = values.slice(0, MOST_SLICES);
  const colours = slotsOf(
    shown.map(({ source }) => source.id),
    order,
  );
  const rest = [...values.slice(MOST_SLICES), ...found.rows.filter(({ source }) => source.kind === "other")];
  const none = found.rows.filter(({ source }) => source.kind === "notStated");
  const folded = rest.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const count = rest.reduce((sum, { source }) => sum + (source.kind === "other" ? (source.values ?? 1) : 1), 0);
  const entry = (part: { key: string; name: string; value: number; slot: Slot; choosable: boolean }): DonutKey => ({
    ...part,
    valueText: words.amount(metric, part.value),
    shareText: found.whole === null || found.whole <= 0 ? "" : words.numbers.percent(part.value / found.whole),
  });
  const nameOf = seriesNamer(model);
  const named = (row: BreakdownRow, slot: Slot): DonutKey =>
    entry({
      key: row.key,
      name: nameOf(row.source),
      value: row.value ?? 0,
      slot,
      choosable: row.source.kind === "value",
    });
  return [
    ...shown.map((row, index) => named(row, colours[index] ?? "other")),
    ...(folded <= 0
      ? []
      : [
          entry({
            key: "other",
            name: otherName(words, breakdown, count),
            value: folded,
            slot: "other",
            choosable: false,
          }),
        ]),
    ...none.map((row) => named(row, "other")),
  ];
}

import { dayNumber, parseDay } from "@community-stats/contract/days.ts";
import type { AggregationStanding, CountingRun, ScopeStanding } from "@community-stats/contract/standing.ts";
import type { Words } from "../messages/words.ts";
import type { Cell, Column, TableData } from "../ui/DataTable.tsx";
import { rankOf, type Verdict, verdictOf, worstOf } from "./verdict.ts";

/** How the tables are written: in which words, and seen from which moment. */
export interface Writing {
  readonly words: Words;
  /** Milliseconds. */
  readonly now: number;
}

const NONE = "–";

/** Each kind of numbers of one scope. */
export function kindsTable({ words, now }: Writing, scope: ScopeStanding, name: string): TableData {
  return {
    caption: words.text("standing.kindsOf", { name }),
    columns: [
      column(words.text("standing.numbers")),
      column(words.text("standing.state")),
      column(words.text("standing.completeTo")),
      column(words.text("standing.age"), true),
      column(words.text("standing.from")),
      column(words.text("standing.to")),
      column(words.text("standing.days"), true),
      column(words.text("standing.waitingDays"), true),
      column(words.text("standing.missingDays"), true),
      column(words.text("standing.lastRun")),
    ],
    rows: scope.aggregations.map((standing) => ({
      key: standing.aggregation,
      cells: [
        { text: words.textOr(`standing.kind.${standing.aggregation}`, standing.aggregation) },
        verdictCell(verdictOf(words, standing)),
        dayCell(words, standing.bookmark),
        countCell(words, standing.age),
        dayCell(words, standing.firstDay),
        dayCell(words, standing.lastDay),
        countCell(words, standing.days),
        countCell(words, standing.waitingDays),
        countCell(words, standing.missingDays),
        runCell({ words, now }, standing.lastRun),
      ],
    })),
  };
}

/** One row for each scope. @param hrefOf the page that tells all of it */
export function scopesTable(
  { words, now }: Writing,
  scopes: readonly ScopeStanding[],
  hrefOf: (scope: ScopeStanding) => string,
): TableData {
  return {
    caption: words.text("standing.scopes"),
    columns: [
      column(words.text("page.scope")),
      column(words.text("standing.state")),
      column(words.text("standing.useTo")),
      column(words.text("standing.recordsTo")),
      column(words.text("standing.from")),
      column(words.text("standing.waitingDays"), true),
      column(words.text("standing.missingDays"), true),
      column(words.text("standing.lastRun")),
    ],
    rows: scopes.map((scope) => {
      const { aggregations } = scope;
      const use = aggregations.filter(({ aggregation }) => aggregation === "usage");
      const records = aggregations.filter(({ aggregation }) => aggregation !== "usage");
      return {
        key: scope.id,
        cells: [
          { text: scopeTitle(words, scope), href: hrefOf(scope) },
          verdictCell(worstOf(words, aggregations)),
          dayCell(words, first(use, "bookmark")),
          dayCell(words, first(records, "bookmark")),
          dayCell(words, first(aggregations, "firstDay")),
          countCell(words, Math.max(0, ...aggregations.map(({ waitingDays }) => waitingDays))),
          countCell(words, Math.max(0, ...aggregations.map(({ missingDays }) => missingDays))),
          runCell({ words, now }, newestRun(aggregations)),
        ],
      };
    }),
  };
}

export function scopeTitle(words: Words, { id, slug, title }: Pick<ScopeStanding, "id" | "slug" | "title">): string {
  return id === "global" ? words.text("page.scopeAll") : (title ?? slug ?? id);
}

function column(title: string, numeric = false): Column {
  return { key: title, title, numeric };
}

function verdictCell(verdict: Verdict): Cell {
  const { text, tone } = verdict;
  return { text, value: rankOf(verdict), ...(tone === null ? {} : { tone }) };
}

function dayCell({ dates }: Words, text: string | null): Cell {
  const day = text === null ? null : parseDay(text);
  return day === null ? { text: NONE, value: null } : { text: dates.day(day), value: dayNumber(day) };
}

function countCell({ numbers }: Words, count: number | null): Cell {
  return { text: count === null ? NONE : numbers.full(count), value: count };
}

function runCell({ words, now }: Writing, run: CountingRun | null): Cell {
  if (run === null) return { text: NONE, value: null };
  const at = run.endedAt ?? run.startedAt;
  const text = words.text("standing.run", {
    state: words.text(`standing.run.${run.state}`),
    time: words.dates.time(at, now),
  });
  return { text, value: Date.parse(at) };
}

/** The first of the days that there are. */
function first(standings: readonly AggregationStanding[], day: "bookmark" | "firstDay"): string | null {
  const [found = null] = standings.flatMap((standing) => standing[day] ?? []).toSorted();
  return found;
}

function newestRun(standings: readonly AggregationStanding[]): CountingRun | null {
  const runs = standings.flatMap(({ lastRun }) => lastRun ?? []);
  return runs.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0] ?? null;
}

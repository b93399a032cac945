import { addDays, dayNumber, lengthOf, parseDay, type Day } from "@community-stats/contract/days.ts";
import { completeSpan } from "@community-stats/contract/other-period.ts";
import type { ColumnsAnswer } from "@community-stats/contract/series.ts";

/** A number beside the number of another period, both over the same days. */
export interface Compared {
  readonly value: number;
  readonly other: number;
  /** How many days both have. */
  readonly days: number;
  /** Whether that is fewer than the range holds. */
  readonly fewer: boolean;
}

/** Compares whole answers, where every day of the one has its day in the other. */
export function compareWhole(current: ColumnsAnswer, other: ColumnsAnswer, metric: string): Compared | null {
  const value = totalOf(current)?.totals[metric] ?? null;
  const before = totalOf(other)?.totals[metric] ?? null;
  const span = completeSpan(current);
  if (value === null || before === null || span === null || !isMeasure(before)) return null;
  return { value, other: before, days: lengthOf(rangeOf(span)), fewer: false };
}

/** Compares day by day over the days that both know completely. Both answers are by day. */
export function compareDays(
  current: ColumnsAnswer,
  other: ColumnsAnswer,
  by: { metric: string; shift: number },
): Compared | null {
  const now = completeDays(current, by.metric);
  const then = completeDays(other, by.metric);
  let compared: Compared = { value: 0, other: 0, days: 0, fewer: false };
  for (const [day, value] of now) {
    const before = then.get(day - by.shift);
    compared =
      before === undefined
        ? { ...compared, fewer: true }
        : { ...compared, value: compared.value + value, other: compared.other + before, days: compared.days + 1 };
  }
  return compared.days === 0 || !isMeasure(compared.other) ? null : compared;
}

/** Where more went than came, "2% more" would say the opposite of what it seems to. */
function isMeasure(other: number): boolean {
  return other >= 0;
}

/** By number of the day. */
function completeDays(answer: ColumnsAnswer, metric: string): ReadonlyMap<number, number> {
  const values = totalOf(answer)?.metrics[metric] ?? [];
  const days = new Map<number, number>();
  for (const [index, period] of answer.periods.entries()) {
    const value = values[index] ?? null;
    if (value !== null && period.state === "complete") days.set(dayNumber(dayIn(period.from)), value);
  }
  return days;
}

/** The other period's numbers under the periods of the first: per period the sum (delta) or the last (snapshot) of what lies in it. */
export function foldOther(
  current: ColumnsAnswer,
  other: ColumnsAnswer,
  by: { metric: string; shift: number },
): readonly (number | null)[] {
  const values = totalOf(other)?.metrics[by.metric] ?? [];
  const ends = other.periods.map(({ to }) => dayNumber(dayIn(to)));
  let next = 0;
  return current.periods.map((period) => {
    const end = dayNumber(dayIn(period.to)) - by.shift;
    let folded: number | null = null;
    for (; (ends[next] ?? Number.POSITIVE_INFINITY) <= end; next += 1) {
      const value = values[next] ?? null;
      if (value !== null) folded = current.kind === "delta" ? (folded ?? 0) + value : value;
    }
    return folded;
  });
}

/** The series that stands for everything asked: the total, or the one value that the page is narrowed to. */
export function totalOf(answer: ColumnsAnswer): ColumnsAnswer["series"][number] | undefined {
  return (
    answer.series.find(({ kind }) => kind === "total") ?? (answer.series.length === 1 ? answer.series[0] : undefined)
  );
}

/** Day of a text that the contract promises to be one. */
function dayIn(text: string): Day {
  const day = parseDay(text);
  if (day === null) throw new RangeError(`"${text}" is not a day.`);
  return day;
}

function rangeOf(span: { readonly from: string; readonly to: string }): { readonly from: Day; readonly to: Day } {
  return { from: dayIn(span.from), to: dayIn(span.to) };
}

/** The year that the other period is called by, if it lies in one. A day or two at its border do not count. */
export function otherYear(range: { readonly from: string; readonly to: string }, shift: number): string | null {
  const from = addDays(dayIn(range.from), 7 - shift).slice(0, 4);
  const to = addDays(dayIn(range.to), -7 - shift).slice(0, 4);
  return from === to ? to : null;
}

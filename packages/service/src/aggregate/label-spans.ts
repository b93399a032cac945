import type { DayNumber, Instant } from "@community-stats/contract/days.ts";
import { dayNumberOf } from "@community-stats/contract/days.ts";
import { compareCodePoints } from "../domain/code-points.ts";
import { IntColumn } from "../domain/columns.ts";
import { firstDayOfYear } from "../domain/periods.ts";

/** A state that names a value with a label. */
export interface LabelMention {
  readonly value: number;
  readonly label: number;
  /** When the state began. */
  readonly began: number;
  readonly record: string;
}

export interface LabelCodeSpan {
  readonly value: number;
  readonly from: DayNumber;
  readonly label: number;
}

/** Values that are called by more than one label, of one breakdown; and the only label of the others. */
export class LabelSurvey {
  readonly #only = new IntColumn();
  readonly #varied = new Set<number>();

  note(value: number, label: number): void {
    while (this.#only.length <= value) this.#only.push(NONE);
    const known = this.#only.array[value] ?? NONE;
    if (known === NONE) this.#only.array[value] = label;
    else if (known !== label) this.#varied.add(value);
  }

  isVaried(value: number): boolean {
    return this.#varied.has(value);
  }

  get hasVaried(): boolean {
    return this.#varied.size > 0;
  }

  /** Spans of all values, ascending; `mentions` are those of the varied ones, each state's first mention first. */
  spans(mentions: readonly LabelMention[]): readonly LabelCodeSpan[] {
    const byValue = Map.groupBy(mentions, ({ value }) => value);
    const spans: LabelCodeSpan[] = [];
    for (let value = 0; value < this.#only.length; value++) {
      const label = this.#only.array[value] ?? NONE;
      if (this.#varied.has(value)) spans.push(...variedSpans(value, byValue.get(value) ?? []));
      else if (label !== NONE) spans.push({ value, from: EARLIEST, label });
    }
    return spans;
  }
}
const NONE = -1;
/** Before every day of any document: the oldest label also stands for the time before it (T9.1 decision 14). */
const EARLIEST = firstDayOfYear(0);

/** At the end of a day the label counts that began last until then; among those of one instant, the one of the greatest record id. */
function variedSpans(value: number, mentions: readonly LabelMention[]): readonly LabelCodeSpan[] {
  const ordered = firstOfState(mentions).toSorted((a, b) => a.began - b.began || compareCodePoints(a.record, b.record));
  const spans: LabelCodeSpan[] = [];
  ordered.forEach(({ began, label }, index) => {
    if (index === 0) spans.push({ value, from: EARLIEST, label });
    const from = dayNumberOf(began as Instant);
    const next = ordered[index + 1];
    const isLastOfDay = next === undefined || dayNumberOf(next.began as Instant) !== from;
    if (isLastOfDay && spans.at(-1)?.label !== label) spans.push({ value, from, label });
  });
  return spans;
}

/** Of one state's mentions the first counts: creators before contributors, in the order of the document. */
function firstOfState(mentions: readonly LabelMention[]): readonly LabelMention[] {
  const first = new Map<string, LabelMention>();
  for (const mention of mentions) {
    const state = `${mention.began} ${mention.record}`;
    if (!first.has(state)) first.set(state, mention);
  }
  return [...first.values()];
}

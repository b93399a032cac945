import type { DayNumber } from "@community-stats/contract/days.ts";
import { dayNumberOf, type Instant } from "@community-stats/contract/days.ts";
import { describe, expect, it } from "vitest";
import { firstDayOfYear } from "../domain/periods.ts";
import { LabelSurvey, type LabelCodeSpan, type LabelMention } from "./label-spans.ts";

const ALWAYS = firstDayOfYear(0);
const [OLD, NEW, OTHER] = [10, 11, 12];
const at = (text: string): number => Date.parse(`${text}Z`);
const day = (text: string): DayNumber => dayNumberOf(at(`${text}T00:00`) as Instant);

function mention(began: string, label: number, more: Partial<LabelMention> = {}): LabelMention {
  return { value: 0, label, began: at(began), record: "r1", ...more };
}

/** Notes all mentions, then asks for spans with those of the varied values, as `ExtractPool` does. */
function spansOf(mentions: readonly LabelMention[]): readonly LabelCodeSpan[] {
  const survey = new LabelSurvey();
  for (const { value, label } of mentions) survey.note(value, label);
  return survey.spans(mentions.filter(({ value }) => survey.isVaried(value)));
}

describe("label spans", () => {
  it("give the only label of a value for all time, without looking at its mentions", () => {
    const survey = new LabelSurvey();
    survey.note(3, OLD);
    survey.note(3, OLD);
    expect(survey.hasVaried).toBe(false);
    expect(survey.spans([])).toEqual([{ value: 3, from: ALWAYS, label: OLD }]);
  });

  it("give nothing for a value that no state labels (T9.1 decision 15)", () => {
    const survey = new LabelSurvey();
    survey.note(2, OLD);
    expect(survey.spans([]).map(({ value }) => value)).toEqual([2]);
  });

  it("let the newest label win from its day on (T11)", () => {
    expect(spansOf([mention("2025-03-01T10:00", OLD), mention("2025-04-01T10:00", NEW)])).toEqual([
      { value: 0, from: ALWAYS, label: OLD },
      { value: 0, from: day("2025-04-01"), label: NEW },
    ]);
  });

  it("do not depend on the order of the records", () => {
    const mentions = [
      mention("2025-04-01T10:00", NEW),
      mention("2025-03-01T10:00", OLD, { record: "r2" }),
      mention("2025-05-01T10:00", OTHER, { record: "r0" }),
    ];
    expect(spansOf(mentions.toReversed())).toEqual(spansOf(mentions));
  });

  it("let the oldest label stand for the time before any state began (T9.1 decision 14)", () => {
    const [first] = spansOf([mention("2025-04-01T10:00", NEW), mention("2025-03-01T10:00", OLD)]);
    expect(first).toEqual({ value: 0, from: ALWAYS, label: OLD });
  });

  it("take of several states of one day the one that began last, as of the end of the day", () => {
    const mentions = [
      mention("2025-03-01T10:00", OLD),
      mention("2025-04-01T09:00", OTHER, { record: "r2" }),
      mention("2025-04-01T23:59", NEW, { record: "r3" }),
    ];
    expect(spansOf(mentions)).toEqual([
      { value: 0, from: ALWAYS, label: OLD },
      { value: 0, from: day("2025-04-01"), label: NEW },
    ]);
  });

  it("replace the oldest label on its own day when another began later that day", () => {
    expect(spansOf([mention("2025-03-01T10:00", OLD), mention("2025-03-01T12:00", NEW, { record: "r2" })])).toEqual([
      { value: 0, from: ALWAYS, label: OLD },
      { value: 0, from: day("2025-03-01"), label: NEW },
    ]);
  });

  it("count a state that begins at 00:00:00 to the day that begins", () => {
    const [, second] = spansOf([mention("2025-03-01T10:00", OLD), mention("2025-04-01T00:00", NEW)]);
    expect(second?.from).toBe(day("2025-04-01"));
  });

  it("take of states of one instant that of the greatest record id, by code points", () => {
    const instant = "2025-04-01T10:00";
    const mentions = [
      mention("2025-03-01T10:00", OTHER),
      mention(instant, NEW, { record: "\u{1f600}" }),
      mention(instant, OLD, { record: "\uffff" }),
    ];
    expect(spansOf(mentions).at(-1)).toEqual({ value: 0, from: day("2025-04-01"), label: NEW });
    expect(spansOf(mentions.toReversed()).at(-1)?.label).toBe(NEW);
  });

  it("take a state's first mention: creators before contributors", () => {
    const instant = "2025-04-01T10:00";
    const mentions = [mention("2025-03-01T10:00", OTHER), mention(instant, OLD), mention(instant, NEW)];
    expect(spansOf(mentions).at(-1)?.label).toBe(OLD);
  });

  it("begin no new span when a later state says the same", () => {
    const mentions = [
      mention("2025-03-01T10:00", OLD),
      mention("2025-04-01T10:00", NEW),
      mention("2025-05-01T10:00", NEW, { record: "r2" }),
      mention("2025-06-01T10:00", OLD),
    ];
    expect(spansOf(mentions).map(({ from, label }) => [from, label])).toEqual([
      [ALWAYS, OLD],
      [day("2025-04-01"), NEW],
      [day("2025-06-01"), OLD],
    ]);
  });

  it("keep values apart, ascending by value", () => {
    const mentions = [
      mention("2025-04-01T10:00", NEW, { value: 5 }),
      mention("2025-03-01T10:00", OLD, { value: 5 }),
      mention("2025-03-01T10:00", OTHER, { value: 1 }),
    ];
    expect(spansOf(mentions)).toEqual([
      { value: 1, from: ALWAYS, label: OTHER },
      { value: 5, from: ALWAYS, label: OLD },
      { value: 5, from: day("2025-04-01"), label: NEW },
    ]);
  });
});

import type { Granularity, Period } from "@community-stats/contract/series.ts";
import { isolate, type MetricRef, unitOf, type Values, type Words } from "./words.ts";

/**
 * Sentences about a series. Each is a pure function of its facts and the language; a part that does not apply is dropped,
 * never filled with zero. `<b>` marks the figure.
 */

export interface LevelFacts {
  readonly metric: MetricRef;
  readonly value: number;
  readonly from: string;
  readonly to: string;
  /** Days of the span for which nothing is known. */
  readonly gapDays: number;
}

export function levelOverPeriod(words: Words, facts: LevelFacts): string {
  const span = words.span(facts.from, facts.to);
  if (facts.value === 0 && facts.gapDays === 0) return none(words, facts.metric, { key: "none", when: { span } });
  const values = { n: words.amount(facts.metric, facts.value), metric: words.noun(facts.metric, facts.value), span };
  return facts.gapDays === 0
    ? words.text("level.period", values)
    : words.text("level.atLeast", { ...values, gap: gapText(words, facts.gapDays) });
}

export function gapText(words: Words, days: number): string {
  return words.text("gap", { n: words.numbers.full(days), count: days });
}

export interface SnapshotFacts {
  readonly metric: MetricRef;
  readonly value: number;
  readonly day: string;
  /** The value a year before, or null where none is known. */
  readonly before: number | null;
}

export function levelAt(words: Words, facts: SnapshotFacts): string {
  const { metric, value, before } = facts;
  const day = words.dates.longDay(facts.day, true);
  if (value === 0) return none(words, metric, { key: "noneAt", when: { day } });
  const values = { n: words.amount(metric, value), metric: words.noun(metric, value), day };
  if (before === null || before === 0 || before === value) return words.text("level.snapshot", values);
  const difference = {
    d: words.amount(metric, Math.abs(value - before)),
    p: words.numbers.percent(Math.abs(value / before - 1)),
  };
  return words.text(value > before ? "level.snapshotMore" : "level.snapshotFewer", { ...values, ...difference });
}

export type ChangeKind = "more" | "less" | "same" | "times" | "none";

export interface ChangeFacts {
  readonly value: number;
  readonly other: number;
}

/** under 0.5 % is the same; above 999 % is told as a multiple; nothing before is told as such. */
export function changeKind({ value, other }: ChangeFacts): ChangeKind {
  if (other === 0) return value === 0 ? "same" : "none";
  const share = value / other - 1;
  if (Math.abs(share) < 0.005) return "same";
  if (share > 9.99) return "times";
  return share > 0 ? "more" : "less";
}

/** "23%", or "12" for a multiple; empty where the change has no number. */
export function changeAmount(words: Words, facts: ChangeFacts): string {
  const kind = changeKind(facts);
  if (kind === "same" || kind === "none") return "";
  const ratio = facts.value / facts.other;
  return kind === "times" ? words.numbers.full(Math.round(ratio)) : words.numbers.percent(Math.abs(ratio - 1));
}

/** `other` says against what, after "than": "in the same days of 2025". */
export function change(words: Words, facts: ChangeFacts, other: string): string {
  const amount = changeAmount(words, facts);
  switch (changeKind(facts)) {
    case "more":
      return words.text("change.more", { p: amount, other });
    case "less":
      return words.text("change.less", { p: amount, other });
    case "times":
      return words.text("change.times", { x: amount, other });
    case "same":
      return words.text("change.same", { other });
    case "none":
      return words.text("change.none", { other });
  }
}

export interface SeriesFacts {
  readonly metric: MetricRef;
  readonly granularity: Granularity;
  readonly periods: readonly Period[];
  readonly values: readonly (number | null)[];
}

interface Peak {
  readonly index: number;
  readonly value: number;
  readonly tied: boolean;
}

/** The highest period if there are three or more and it stands out from the median by a fifth. */
export function peakOf(facts: Pick<SeriesFacts, "values">): Peak | null {
  const known = facts.values.filter((value) => value !== null).toSorted((a, b) => a - b);
  const middle = median(known);
  const highest = known.at(-1);
  if (known.length < 3 || highest === undefined || highest <= 0 || highest < 1.2 * middle) return null;
  const index = facts.values.indexOf(highest);
  return { index, value: highest, tied: known.at(-2) === highest };
}

function median(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  const low = sorted[Math.ceil(half) - 1] ?? 0;
  const high = sorted[Math.floor(half)] ?? low;
  return (low + high) / 2;
}

export function peak(words: Words, facts: SeriesFacts): string | null {
  const found = peakOf(facts);
  const period = found === null ? undefined : facts.periods[found.index];
  if (found === null || period === undefined) return null;
  return words.text(`${found.tied ? "peakTie" : "peak"}.${facts.granularity}`, {
    when: words.period(period, facts.granularity, spansYears(facts.periods) || facts.granularity !== "week"),
    n: words.amount(facts.metric, found.value),
  });
}

function spansYears(periods: readonly Period[]): boolean {
  return periods[0]?.to.slice(0, 4) !== periods.at(-1)?.from.slice(0, 4);
}

export interface NetFacts {
  readonly granularity: Granularity;
  readonly periods: readonly Period[];
  readonly added: readonly (number | null)[];
  readonly removed: readonly (number | null)[];
}

/** The period in which most more was removed than added; null if there is none. */
export function trough(words: Words, facts: NetFacts): string | null {
  const nets = facts.periods.map((_, index) => (facts.added[index] ?? 0) - (facts.removed[index] ?? 0));
  const lowest = Math.min(0, ...nets);
  const index = nets.indexOf(lowest);
  const period = facts.periods[index];
  if (lowest >= 0 || period === undefined) return null;
  return words.text("trough", {
    when: words.period(period, facts.granularity, spansYears(facts.periods)),
    a: words.numbers.full(facts.removed[index] ?? 0),
    b: words.numbers.full(facts.added[index] ?? 0),
  });
}

/** A value with its number, as the leading parts of a breakdown. */
export interface Leader {
  readonly name: string;
  readonly value: number;
}

interface LeadFacts {
  /** Descending; only real values, not the rest. */
  readonly leaders: readonly Leader[];
  readonly whole: number;
}

type LeadForm = "two" | "one" | "all" | "tie";

function leadForm({ leaders, whole }: LeadFacts): LeadForm | null {
  const [first, second] = leaders;
  // Where more was removed than added, a part can be more than the whole.
  if (first === undefined || first.value <= 0 || whole <= 0 || first.value > whole) return null;
  if (first.value === whole && (second?.value ?? 0) <= 0) return "all";
  if (second === undefined || second.value <= 0) return "one";
  return first.value === second.value ? "tie" : "two";
}

/** A sentence begins with a capital, also where its first word is written small elsewhere. */
export function begun(words: Words, sentence: string): string {
  return sentence.charAt(0).toLocaleUpperCase(words.locale) + sentence.slice(1);
}

const LONGEST_NAME = 60;

/** A sentence is no place for a name of many lines; the rows have it whole. */
function shortened(name: string): string {
  const characters = [...name];
  return characters.length <= LONGEST_NAME
    ? name
    : `${characters
        .slice(0, LONGEST_NAME - 1)
        .join("")
        .trimEnd()}…`;
}

function leadValues(words: Words, { leaders, whole }: LeadFacts): Readonly<Record<string, string>> {
  const [first, second] = leaders;
  return {
    a: isolate(shortened(first?.name ?? "")),
    b: isolate(shortened(second?.name ?? "")),
    p: words.numbers.percent((first?.value ?? 0) / whole),
    q: words.numbers.percent((second?.value ?? 0) / whole),
  };
}

export function leaders(words: Words, facts: LeadFacts): string | null {
  const form = leadForm(facts);
  return form === null ? null : words.text(`leaders.${form}`, leadValues(words, facts));
}

export interface BreakdownFacts extends LeadFacts {
  readonly metric: MetricRef;
  /** A record can have several values. */
  readonly several: boolean;
}

export function breakdownLead(words: Words, facts: BreakdownFacts): string | null {
  const form = leadForm(facts);
  if (form === null) return null;
  const lead = words.text(`breakdown.${form}`, {
    ...leadValues(words, facts),
    n: words.amount(facts.metric, facts.whole),
    metric: words.noun(facts.metric, facts.whole),
  });
  const shares = facts.leaders.reduce((sum, leader) => sum + leader.value, 0);
  return facts.several && shares > facts.whole ? `${lead} ${words.text("several")}` : lead;
}

export interface MapFacts extends LeadFacts {
  readonly metric: MetricRef;
  readonly countries: number;
}

export function mapLead(words: Words, facts: MapFacts): string | null {
  const lead = breakdownLead(words, { ...facts, several: false });
  if (lead === null) return null;
  const metric = words.metricTitle(facts.metric);
  return words.text("map", { metric, n: words.numbers.full(facts.countries), count: facts.countries, leaders: lead });
}

/** The largest round number (1, 2, 5 × 10ⁿ) that a growing series passed inside the range. */
export function threshold(words: Words, facts: SeriesFacts): string | null {
  const known = facts.values.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined || unitOf(facts.metric) === "bytes") return null;
  const round = roundBelow(last.value);
  const passed = known.find(({ value }) => value >= round);
  const period = passed === undefined ? undefined : facts.periods[passed.index];
  if (round < 10 || first.value >= round || period === undefined) return null;
  return words.text("threshold", { round: words.numbers.full(round), month: words.dates.month(period.to, "longYear") });
}

function roundBelow(value: number): number {
  if (value < 1) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [5, 2, 1].find((factor) => factor * power <= value) ?? 1;
  return step * power;
}

/** The last period, if it is not finished. */
export function caveat(words: Words, facts: Pick<SeriesFacts, "granularity" | "periods">): string | null {
  const last = facts.periods.at(-1);
  if (last?.state !== "open") return null;
  return words.text(`caveat.${facts.granularity}`, {
    name: words.period(last, facts.granularity, facts.granularity !== "week"),
  });
}

/** Bytes are not counted things: their metric has a sentence of its own. */
function none(
  words: Words,
  metric: MetricRef,
  { key, when }: { readonly key: "none" | "noneAt"; readonly when: Values },
): string {
  const values = { ...when, metric: words.noun(metric, 0) };
  return words.textOr(`${key}.${metric.side}.${metric.name}`, words.text(key, values), values);
}

/** Puts sentences one after the other, at most `most` of them, in the order given. */
export function joined(sentences: readonly (string | null)[], most: number): string {
  return sentences
    .filter((sentence) => sentence !== null)
    .slice(0, most)
    .join(" ");
}

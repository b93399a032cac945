import { addDays, dayNumber, parseDay, type Day, type DayRange } from "./days.ts";
import type { Granularity } from "./series.ts";

/** Months of a calendar unit. */
type CalendarUnit = 1 | 3 | 12;

/** How a preset is computed. Days and weeks end at the last complete day; calendar units include the present, unfinished one. */
type Rule =
  | { readonly kind: "days"; readonly days: number }
  | { readonly kind: "months"; readonly months: number; readonly unit: CalendarUnit }
  | { readonly kind: "previousQuarter" | "previousYear" | "fiscalYearToDate" | "previousFiscalYear" | "allTime" };

export interface Preset {
  readonly name: string;
  /** Message `preset.<label>`, with `count` where it counts. */
  readonly label: string;
  readonly count: number;
  readonly rule: Rule;
}

const ofDays = (name: string, label: string, unit: number): ((count: number) => Preset) => {
  return (count) => ({ name, label, count, rule: { kind: "days", days: count * unit } });
};
const nDays = (n: number): Preset => ofDays(`${n}days`, "days", 1)(n);
const nWeeks = (n: number): Preset => ofDays(n === 1 ? "1week" : `${n}weeks`, "weeks", 7)(n);
const calendar = (name: string, label: string, unit: CalendarUnit): ((count: number) => Preset) => {
  return (count) => ({ name, label, count, rule: { kind: "months", months: count * unit, unit } });
};
const nMonths = (n: number): Preset => calendar(n === 1 ? "1month" : `${n}months`, "months", 1)(n);
const nQuarters = (n: number): Preset => calendar(`${n}quarters`, "quarters", 3)(n);
const nYears = (n: number): Preset => calendar(`${n}years`, "years", 12)(n);
const YEAR_TO_DATE = calendar("yearToDate", "yearToDate", 12)(1);
/** Offered beside calendar years where a year of the institution begins in another month. */
const FISCAL: readonly Preset[] = (["fiscalYearToDate", "previousFiscalYear"] as const).map((kind) => ({
  name: kind,
  label: kind,
  count: 1,
  rule: { kind },
}));
const ALL_TIME: Preset = { name: "allTime", label: "allTime", count: 1, rule: { kind: "allTime" } };

/** The presets offered for each granularity, in order of the menu; those of fiscal years come after the first. */
const OFFERED: Readonly<Record<Granularity, readonly Preset[]>> = {
  day: [YEAR_TO_DATE, nDays(7), nDays(30), nDays(90), nMonths(6), ofDays("1year", "years", 365)(1), ALL_TIME],
  week: [YEAR_TO_DATE, ...[1, 2, 4, 8, 12, 24].map(nWeeks), ALL_TIME],
  month: [YEAR_TO_DATE, ...[1, 3, 6, 12].map(nMonths), ALL_TIME],
  quarter: [
    YEAR_TO_DATE,
    calendar("currentQuarter", "currentQuarter", 3)(1),
    { name: "previousQuarter", label: "previousQuarter", count: 1, rule: { kind: "previousQuarter" } },
    ...[2, 3, 4].map(nQuarters),
    ALL_TIME,
  ],
  year: [
    calendar("currentYear", "currentYear", 12)(1),
    { name: "previousYear", label: "previousYear", count: 1, rule: { kind: "previousYear" } },
    ...[2, 3, 4, 5].map(nYears),
    ALL_TIME,
  ],
};
const UNLISTED = [calendar("currentMonth", "currentMonth", 1)(1)];

const BY_NAME = new Map(
  [...Object.values(OFFERED).flat(), ...FISCAL, ...UNLISTED].map((preset) => [preset.name, preset]),
);

export function presetsFor(granularity: Granularity, fiscalYearStart: number): readonly Preset[] {
  return fiscalYearStart === 1 ? OFFERED[granularity] : OFFERED[granularity].toSpliced(1, 0, ...FISCAL);
}

/** Whether a range by this name may stay when the granularity becomes this one. */
export function fitsGranularity(name: string, granularity: Granularity): boolean {
  return [...OFFERED[granularity], ...FISCAL].some((preset) => preset.name === name);
}

export function presetNamed(name: string): Preset | undefined {
  return BY_NAME.get(name);
}

/** The first range of a granularity: as configured, where there is such a preset, else the first that is offered. */
export function defaultPreset(
  granularity: Granularity,
  configured: Readonly<Partial<Record<Granularity, string>>>,
): Preset {
  return presetNamed(configured[granularity] ?? "") ?? OFFERED[granularity][0] ?? ALL_TIME;
}

/** What bounds every range: nothing after today, nothing before the configured years. */
export interface Bounds {
  readonly today: Day;
  readonly maxHistoryYears: number;
  /** First month of the institution's year, 1 to 12. */
  readonly fiscalYearStart: number;
}

export function firstAllowed({ today, maxHistoryYears }: Bounds): Day {
  return firstOfMonth((yearOf(today) - maxHistoryYears) * 12);
}

export function presetRange(preset: Preset, bounds: Bounds): DayRange {
  const range = unbounded(preset.rule, bounds);
  const first = firstAllowed(bounds);
  return range.from < first ? { from: first, to: range.to < first ? first : range.to } : range;
}

function unbounded(rule: Rule, bounds: Bounds): DayRange {
  const { today, fiscalYearStart } = bounds;
  switch (rule.kind) {
    case "days": {
      const last = addDays(today, -1);
      return { from: addDays(last, 1 - rule.days), to: last };
    }
    case "months":
      return { from: addMonths(startOfUnit(today, rule.unit), rule.unit - rule.months), to: today };
    case "previousQuarter":
      return unitBefore(startOfUnit(today, 3), 3);
    case "previousYear":
      return unitBefore(startOfUnit(today, 12), 12);
    case "fiscalYearToDate":
      return { from: startOfUnit(today, 12, fiscalYearStart), to: today };
    case "previousFiscalYear":
      return unitBefore(startOfUnit(today, 12, fiscalYearStart), 12);
    case "allTime":
      return { from: firstAllowed(bounds), to: today };
  }
}

function unitBefore(start: Day, unit: CalendarUnit): DayRange {
  return { from: addMonths(start, -unit), to: addDays(start, -1) };
}

/** @param firstMonth the month in which units of twelve begin */
function startOfUnit(day: Day, unit: CalendarUnit, firstMonth = 1): Day {
  const months = monthsOf(day) + 1 - firstMonth;
  return firstOfMonth(Math.floor(months / unit) * unit + firstMonth - 1);
}

function addMonths(first: Day, count: number): Day {
  return firstOfMonth(monthsOf(first) + count);
}

/** Months since the first of year 0. */
function monthsOf(day: Day): number {
  return yearOf(day) * 12 + Number(day.slice(5, 7)) - 1;
}

function firstOfMonth(months: number): Day {
  const [year, month] = [Math.floor(months / 12), (months % 12) + 1];
  const text = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-01`;
  const parsed = parseDay(text);
  if (parsed === null) throw new RangeError(`${text} is not a day.`);
  return parsed;
}

function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}

/** The range before or after of the same kind: whole calendar units where the range is made of them, else as many days. */
export function shiftRange(range: DayRange, direction: -1 | 1, { today, fiscalYearStart }: Bounds): DayRange {
  const unit = wholeUnit(range, today, fiscalYearStart);
  if (unit === null) {
    const length = dayNumber(range.to) - dayNumber(range.from) + 1;
    return clipped(addDays(range.from, direction * length), addDays(range.to, direction * length), today);
  }
  const from = addMonths(range.from, direction * unit);
  return clipped(from, addDays(addMonths(from, unit), -1), today);
}

function clipped(from: Day, to: Day, today: Day): DayRange {
  const last = to > today ? today : to;
  return { from: from > last ? last : from, to: last };
}

/** Number of months if the range is made of whole months, quarters or years, the last of which may be the present one. */
function wholeUnit(range: DayRange, today: Day, fiscalYearStart: number): number | null {
  if (!range.from.endsWith("-01")) return null;
  const kinds = [[12], [12, fiscalYearStart], [3], [1]] as const;
  for (const [unit, firstMonth] of kinds) {
    const start = startOfUnit(range.to, unit, firstMonth);
    const end = addDays(addMonths(start, unit), -1);
    const whole = range.to === end || (range.to === today && end > today);
    if (whole && startOfUnit(range.from, unit, firstMonth) === range.from) {
      return monthsOf(start) - monthsOf(range.from) + unit;
    }
  }
  return null;
}

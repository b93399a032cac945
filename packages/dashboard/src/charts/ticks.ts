import {
  addDays,
  dayFromNumber,
  dayNumber,
  parseDay,
  type Day,
  type DayNumber,
} from "@community-stats/contract/days.ts";
import type { Granularity } from "@community-stats/contract/series.ts";

export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

const COUNT_STEPS = [1, 2, 2.5, 5, 10] as const;
const BYTE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] as const;

export interface ScaleChoice {
  readonly unit: "count" | "bytes";
  readonly binary: boolean;
  /** At most this many steps between the ends: 4, or 2 where there is little room. */
  readonly steps: number;
  /** Begin at zero, as bars and areas must. */
  readonly fromZero: boolean;
}

/** Three to five round ticks that hold all values. */
export function scaleFor(values: readonly number[], choice: ScaleChoice): Scale {
  const highest = Math.max(0, ...values);
  const lowest = Math.min(choice.fromZero ? 0 : Number.POSITIVE_INFINITY, ...values);
  const spread = highest - (Number.isFinite(lowest) ? lowest : 0) || Math.max(1, highest);
  const step = stepFor(spread / choice.steps, highest, choice);
  const min = Math.floor((Number.isFinite(lowest) ? lowest : 0) / step) * step;
  const max = Math.max(min + step, Math.ceil(highest / step - 1e-9) * step);
  const count = Math.round((max - min) / step);
  return { min, max, ticks: Array.from({ length: count + 1 }, (_, index) => min + index * step) };
}

/** Lines may begin above zero only if they vary by less than a fifth of their level. */
export function mayLeaveZero(values: readonly number[]): boolean {
  const highest = Math.max(...values);
  const lowest = Math.min(...values);
  return values.length > 1 && lowest > 0 && highest - lowest < 0.2 * highest && highest > lowest;
}

function stepFor(raw: number, highest: number, choice: ScaleChoice): number {
  if (choice.unit === "bytes") {
    const base = choice.binary ? 1024 : 1000;
    const unit = base ** Math.max(0, Math.floor(Math.log(Math.max(1, highest)) / Math.log(base)));
    const below = raw < unit ? unit / base : unit;
    const inUnit = below < 1 ? 1 : below;
    return (BYTE_STEPS.find((step) => step * inUnit >= raw) ?? 1000) * inUnit;
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(raw, 1e-9)));
  const step = (COUNT_STEPS.find((factor) => factor * power >= raw - 1e-9) ?? 10) * power;
  return Math.max(1, step);
}

export interface TimeTick {
  /** Days since 1970-01-01. */
  readonly at: number;
  readonly day: Day;
  readonly unit: "day" | "month" | "quarter" | "year";
  /** The label names the year. */
  readonly year: boolean;
}

export interface TimeTickChoice {
  readonly from: string;
  readonly to: string;
  readonly granularity: Granularity;
  /** First day of any of the weeks; by default a Monday. */
  readonly week?: string | undefined;
  readonly width: number;
}

const LEAST_LABEL_PX = 60;
const LEAST_DAY_LABEL_PX = 52;
const MONTH_STEPS = [1, 2, 3, 6] as const;
const YEAR_STEPS = [1, 2, 5, 10, 20] as const;
const DAY_STEPS = [1, 2, 7, 14] as const;
const MONDAY = dayFromNumber(4 as DayNumber);
const LONGEST_BY_DAY = 62;
const DAYS_PER_MONTH = 30.4;

/** Where the time axis is labelled: at starts of days, months, quarters or years, as many as have room. */
export function timeTicks(choice: TimeTickChoice): readonly TimeTick[] {
  const from = parseDay(choice.from);
  const to = parseDay(choice.to);
  if (from === null || to === null) return [];
  const length = dayNumber(to) - dayNumber(from) + 1;
  const pxPerDay = choice.width / length;
  if (length <= LONGEST_BY_DAY && (choice.granularity === "day" || choice.granularity === "week")) {
    return dayTicks({
      from,
      to,
      pxPerDay,
      week: parseDay(choice.week ?? "") ?? MONDAY,
      weekly: choice.granularity === "week",
    });
  }
  const pxPerMonth = pxPerDay * DAYS_PER_MONTH;
  const quarterly = choice.granularity === "quarter";
  const months = quarterly
    ? [3, 6].find((step) => step * pxPerMonth >= LEAST_LABEL_PX)
    : MONTH_STEPS.find((step) => step * pxPerMonth >= LEAST_LABEL_PX);
  const inMonths = choice.granularity === "year" || months === undefined ? null : months;
  if (inMonths !== null) return monthTicks({ from, to, step: inMonths, unit: quarterly ? "quarter" : "month" });
  const years = YEAR_STEPS.find((step) => step * 12 * pxPerMonth >= LEAST_LABEL_PX) ?? 50;
  return monthTicks({ from, to, step: 12 * years, unit: "year" });
}

interface DayTickChoice {
  readonly from: Day;
  readonly to: Day;
  readonly pxPerDay: number;
  readonly week: Day;
  readonly weekly: boolean;
}

function dayTicks({ from, to, pxPerDay, week, weekly }: DayTickChoice): readonly TimeTick[] {
  const step = DAY_STEPS.find((days) => (!weekly || days >= 7) && days * pxPerDay >= LEAST_DAY_LABEL_PX) ?? 28;
  const ticks: TimeTick[] = [];
  const intoWeek = (((dayNumber(from) - dayNumber(week)) % 7) + 7) % 7;
  let day = step >= 7 || weekly ? addDays(from, (7 - intoWeek) % 7) : from;
  for (; day <= to; day = addDays(day, step)) {
    ticks.push({ at: dayNumber(day), day, unit: "day", year: false });
  }
  return ticks;
}

interface MonthTickChoice {
  readonly from: Day;
  readonly to: Day;
  readonly step: number;
  readonly unit: TimeTick["unit"];
}

/** Steps count from January, so that the same months are labelled in every year. The first label and each January tell the year. */
function monthTicks({ from, to, step, unit }: MonthTickChoice): readonly TimeTick[] {
  const begin = Number(from.slice(0, 4)) * 12 + Number(from.slice(5, 7)) - (from.endsWith("-01") ? 1 : 0);
  const end = Number(to.slice(0, 4)) * 12 + Number(to.slice(5, 7)) - 1;
  const ticks: TimeTick[] = [];
  for (let month = Math.ceil(begin / step) * step; month <= end; month += step) {
    const day = parseDay(`${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-01`);
    if (day === null) continue;
    ticks.push({ at: dayNumber(day), day, unit, year: unit === "year" || month % 12 === 0 || ticks.length === 0 });
  }
  return ticks;
}

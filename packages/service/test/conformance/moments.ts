import { dayText, MICROS_PER_DAY } from "../oracle/instants.ts";
import type { Random } from "./random.ts";

/** Days on which something happens: one stretch, or several with gaps of years between them. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
}

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;

/** Around a leap day, year borders, a month's end, and an ordinary day. */
const STARTS = ["2024-02-27", "2023-12-29", "2020-12-30", "2025-04-29", "2025-03-10", "2023-02-27", "2019-12-31"];

export function stretches(random: Random): readonly Stretch[] {
  const count = random.pick([1, 1, 1, 2, 3]);
  const days = random.pick([1, 2, 3, 5, 8, 13, 30, 60]);
  const starts = random.shuffled(STARTS).slice(0, count);
  const lengths = starts.map(() => Math.max(1, Math.floor(days / count)));
  const found = starts.map((start, index) => {
    const first = Date.parse(start) / 86_400_000;
    return { first, last: first + (lengths[index] ?? 1) - 1 };
  });
  return found.toSorted((left, right) => left.first - right.first);
}

/** An instant in microseconds; borders of days are as likely as everything else together. */
export function moment(random: Random, days: readonly Stretch[]): number {
  const { first, last } = random.pick(days);
  return random.between(first, last) * MICROS_PER_DAY + timeOfDay(random);
}

export function timeOfDay(random: Random): number {
  const end = MICROS_PER_DAY;
  const seconds = () => random.int(86_400) * SECOND;
  return random.pick([
    () => 0,
    () => 0,
    () => 1,
    () => end - SECOND,
    () => end - 1,
    () => 12 * 60 * MINUTE,
    seconds,
    seconds,
    () => seconds() + random.int(1000) * 1000,
    () => seconds() + random.int(SECOND),
  ])();
}

/** One of the many ways to write an instant. */
export function written(random: Random, instant: number): string {
  const zone = random.pick(["", "", "Z", "+00:00", "+05:30", "-11:00", "+14:00"]);
  const [hours, minutes] = [Number(zone.slice(0, 3)), Number(zone.slice(4))];
  const offset = zone.length === 6 ? (hours * 60 + (zone.startsWith("-") ? -minutes : minutes)) * MINUTE : 0;
  return `${local(instant + offset, random)}${zone}`;
}

function local(instant: number, random: Random): string {
  const text = new Date(Math.floor(instant / 1000)).toISOString().slice(0, 19);
  const fraction = ((instant % SECOND) + SECOND) % SECOND;
  if (fraction % 1000 !== 0) return `${text}.${String(fraction).padStart(6, "0")}`;
  if (fraction !== 0) return `${text}.${String(fraction / 1000).padStart(3, "0")}`;
  return random.chance(80) ? text : `${text}${random.pick([".0", ".000", ".000000"])}`;
}

export function daysAround({ first, last }: Stretch): { from: string; to: string } {
  return { from: dayText(first - 1), to: dayText(last + 1) };
}

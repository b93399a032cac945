import { dayNumber, MS_PER_DAY, parseDay, parseInstant } from "@community-stats/contract/days.ts";

const ZERO = 48;

/**
 * `parseInstant` for millions of times that mostly fall on few days: the day of the last text is remembered, the usual forms (seconds, fraction,
 * UTC) are read by position, all others by `parseInstant`. NaN for what is no time.
 */
export class TimeReader {
  #dayText = "";
  #dayStart = Number.NaN;

  read(text: string): number {
    const { length } = text;
    const usual =
      length >= 19 && text.charCodeAt(10) === 84 && text.charCodeAt(13) === 58 && text.charCodeAt(16) === 58;
    if (!usual) return parseInstant(text) ?? Number.NaN;
    const time = this.#startOfDay(text) + clock(text);
    if (length === 19) return time;
    const end = endOfFraction(text);
    const utc = end === length || (end === length - 1 && text.charCodeAt(end) === 90) || text.endsWith("+00:00");
    if (!utc || end > 29 || (end !== length && end < length - 6)) return parseInstant(text) ?? Number.NaN;
    return time + microsOf(text, end) / 1000;
  }

  #startOfDay(text: string): number {
    if (!text.startsWith(this.#dayText) || this.#dayText === "") {
      this.#dayText = text.slice(0, 10);
      const day = parseDay(this.#dayText);
      this.#dayStart = day === null ? Number.NaN : dayNumber(day) * MS_PER_DAY;
    }
    return this.#dayStart;
  }
}

/** Milliseconds of "THH:MM:SS" from position 10 on; NaN where it is no time of day. */
function clock(text: string): number {
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  return hour > 23 || minute > 59 || second > 59 ? Number.NaN : ((hour * 60 + minute) * 60 + second) * 1000;
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Position after the seconds and their fraction. */
function endOfFraction(text: string): number {
  if (text.charCodeAt(19) !== 46) return 19;
  let at = 20;
  while (at < text.length && text.charCodeAt(at) >= ZERO && text.charCodeAt(at) <= ZERO + 9) at++;
  return at === 20 ? Number.POSITIVE_INFINITY : at;
}

function microsOf(text: string, end: number): number {
  let micros = 0;
  for (let at = 20; at < 26; at++) micros = micros * 10 + (at < end ? text.charCodeAt(at) - ZERO : 0);
  return micros;
}

import { TimeReader } from "./event-time.ts";

const ZERO = 48;
const LATIN = new TextDecoder("latin1");
const DATE_LENGTH = 10;
const SECONDS_LENGTH = 19;
/** "2025-03-10T12:00:00.123456789+00:00" */
const LONGEST = 35;

/** Times of the usual forms from their bytes, NaN for all others: what is given is what `TimeReader` gives for the same text. */
export class TimeBytes {
  readonly #times = new TimeReader();
  readonly #date = new Uint8Array(DATE_LENGTH);
  #dayStart = Number.NaN;

  read(bytes: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (length < SECONDS_LENGTH || length > LONGEST) return Number.NaN;
    if (bytes[from + 10] !== 84 || bytes[from + 13] !== 58 || bytes[from + 16] !== 58) return Number.NaN;
    const end = endOfFraction(bytes, from + SECONDS_LENGTH, to);
    if (!endsInUtc(bytes, end, to)) return Number.NaN;
    const hour = twoDigits(bytes, from + 11);
    const minute = twoDigits(bytes, from + 14);
    const second = twoDigits(bytes, from + 17);
    if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
    return (
      this.#startOfDay(bytes, from) + ((hour * 60 + minute) * 60 + second) * 1000 + micros(bytes, from, end) / 1000
    );
  }

  #startOfDay(bytes: Uint8Array, from: number): number {
    for (let index = 0; index < DATE_LENGTH; index++) {
      if (this.#date[index] !== bytes[from + index]) return this.#otherDay(bytes, from);
    }
    return this.#dayStart;
  }

  #otherDay(bytes: Uint8Array, from: number): number {
    this.#date.set(bytes.subarray(from, from + DATE_LENGTH));
    this.#dayStart = this.#times.read(`${LATIN.decode(this.#date)}T00:00:00`);
    return this.#dayStart;
  }
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Behind the one to nine digits of the fraction, if there is one; behind everything where it is none. */
function endOfFraction(bytes: Uint8Array, at: number, to: number): number {
  if (at === to || bytes[at] !== 46) return at;
  let end = at + 1;
  while (end < to && (bytes[end] ?? 0) >= ZERO && (bytes[end] ?? 0) <= ZERO + 9) end++;
  return end === at + 1 || end > at + 10 ? to + 1 : end;
}

/** Nothing, "Z" or "+00:00". */
function endsInUtc(bytes: Uint8Array, at: number, to: number): boolean {
  if (at === to) return true;
  if (at === to - 1) return bytes[at] === 90;
  return (
    at === to - 6 &&
    bytes[at] === 43 &&
    bytes[at + 1] === ZERO &&
    bytes[at + 2] === ZERO &&
    bytes[at + 3] === 58 &&
    bytes[at + 4] === ZERO &&
    bytes[at + 5] === ZERO
  );
}

/** Six digits count; the others are cut off. */
function micros(bytes: Uint8Array, from: number, end: number): number {
  let value = 0;
  for (let at = from + 20; at < from + 26; at++) value = value * 10 + (at < end ? (bytes[at] ?? 0) - ZERO : 0);
  return value;
}

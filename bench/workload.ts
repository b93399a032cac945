import { chance, word, zipf, zipfSet } from "./chance.ts";

/**
 * A research repository and a year of its use: popular records and countries, growth over the year, visits of one or two events,
 * three downloads in ten events, and metadata with ten breakdowns. Pure numbers; other files make lines and columns of them.
 */
export interface Workload {
  readonly events: number;
  readonly days: number;
  readonly records: number;
  readonly parents: number;
  readonly communities: number;
}
export const FULL: Workload = { events: 10_000_000, days: 365, records: 50_000, parents: 40_000, communities: 500 };
export const SMOKE: Workload = { events: 60_000, days: 40, records: 2_000, parents: 1_600, communities: 40 };

/** A leap year: its 366th day is the "one more day" of the same year. */
export const FIRST_DAY = Math.floor(Date.UTC(2024, 0, 1) / 86_400_000);
const EVENTS_PER_VISIT = 1 / 0.6;
const VISITORS = 8000;

export interface BenchRecord {
  readonly number: number;
  readonly parent: number;
  readonly communities: readonly number[];
  readonly fileTypes: readonly number[];
  readonly files: number;
  /** Value numbers by field. */
  readonly values: Readonly<Record<ValueField, readonly number[]>>;
}
export type ValueField =
  | "resourceTypes"
  | "accessStatuses"
  | "languages"
  | "rights"
  | "funders"
  | "periodicals"
  | "publishers"
  | "affiliations";

export function benchRecord(workload: Workload, number: number): BenchRecord {
  const draw = (purpose: number): number => chance(number, purpose);
  const files = 1 + Math.floor(6 * draw(1) ** 2);
  return {
    number,
    parent: number <= workload.parents ? number : 1 + (word(number, 2) % workload.parents),
    communities: zipfSet(number, 1000, { size: stepOf(draw(3), [0.2, 0.65, 0.9]), count: workload.communities }),
    files,
    fileTypes: Array.from({ length: files }, (_, file) => zipf(number, 2000 + file, 30)),
    values: {
      resourceTypes: [zipf(number, 4, 25)],
      accessStatuses: [zipf(number, 5, 4)],
      languages: zipfSet(number, 3000, { size: draw(6) < 0.85 ? 1 : 2, count: 40 }),
      rights: zipfSet(number, 4000, { size: stepOf(draw(7), [0.1, 0.9]), count: 15 }),
      funders: zipfSet(number, 5000, { size: stepOf(draw(8), [0.6, 0.85, 0.95]), count: 300 }),
      periodicals: draw(9) < 0.4 ? [zipf(number, 10, 5000)] : [],
      publishers: draw(11) < 0.8 ? [zipf(number, 12, 2000)] : [],
      affiliations: zipfSet(number, 6000, { size: 1 + Math.floor(5 * draw(13) ** 2), count: 5000 }),
    },
  };
}

/** How many of the ascending steps lie at or below the share. */
function stepOf(share: number, steps: readonly number[]): number {
  return steps.filter((step) => share >= step).length;
}

/** Events of one day as plain numbers. */
export interface BenchDay {
  readonly day: number;
  readonly count: number;
  /** Number of each event in the whole workload: makes identities and times of day. */
  readonly event: Int32Array;
  readonly record: Int32Array;
  readonly visitor: Int32Array;
  readonly country: Uint8Array;
  readonly download: Uint8Array;
}

/** Day of every visit, from 0 on. */
function dayOfVisit(workload: Workload, visit: number): number {
  return Math.floor(workload.days * chance(visit, 20) ** 0.85);
}

/** All days in order. */
export function* benchDays(workload: Workload): Generator<BenchDay> {
  const visits = Math.ceil(workload.events / EVENTS_PER_VISIT);
  const starts = new Int32Array(workload.days + 2);
  const dayOf = new Int16Array(visits);
  for (let visit = 0; visit < visits; visit++) {
    const day = dayOfVisit(workload, visit);
    dayOf[visit] = day;
    starts[day + 2] = (starts[day + 2] ?? 0) + 1;
  }
  for (let day = 2; day < starts.length; day++) starts[day] = (starts[day] ?? 0) + (starts[day - 1] ?? 0);
  const order = new Int32Array(visits);
  for (let visit = 0; visit < visits; visit++) {
    const day = dayOf[visit] ?? 0;
    const at = starts[day + 1] ?? 0;
    order[at] = visit;
    starts[day + 1] = at + 1;
  }
  for (let day = 0; day < workload.days; day++) {
    yield benchDay(workload, FIRST_DAY + day, order.subarray(starts[day], starts[day + 1]));
  }
}

/** A day after the year with about as many events as asked for; `drawn` visits after the year were given out before. */
export function oneMoreDay(workload: Workload, events: number, drawn = 0): BenchDay {
  const first = Math.ceil(workload.events / EVENTS_PER_VISIT) + 1 + drawn;
  const visits = Int32Array.from({ length: Math.round(events / EVENTS_PER_VISIT) }, (_, visit) => first + visit);
  return benchDay(workload, FIRST_DAY + workload.days, visits);
}

function benchDay(workload: Workload, day: number, visits: Int32Array): BenchDay {
  const most = visits.length * 2;
  const event = new Int32Array(most);
  const record = new Int32Array(most);
  const visitor = new Int32Array(most);
  const country = new Uint8Array(most);
  const download = new Uint8Array(most);
  let count = 0;
  for (const visit of visits) {
    const first = Math.ceil(visit * EVENTS_PER_VISIT);
    const last = Math.ceil((visit + 1) * EVENTS_PER_VISIT);
    const person = Math.floor(VISITORS * chance(visit, 21) ** 1.5);
    const ofRecord = zipf(visit, 22, workload.records);
    for (let number = first; number < last; number++) {
      event[count] = number;
      record[count] = ofRecord;
      visitor[count] = person;
      country[count] = zipf(person + day * VISITORS, 23, 200);
      download[count] = chance(number, 24) < 0.3 ? 1 : 0;
      count++;
    }
  }
  return { day, count, event, record, visitor, country, download };
}

/** Which file of its record a download fetches, and the file's size. */
export function downloadedFile(record: BenchRecord, event: number): { file: number; bytes: number } {
  const file = word(event, 25) % record.files;
  return { file, bytes: Math.floor(1000 * Math.exp(12 * chance(record.number * 8 + file, 26))) };
}

/** Millisecond of the day. */
export function timeOfDay(event: number): number {
  return Math.floor(chance(event, 27) * 86_400_000);
}

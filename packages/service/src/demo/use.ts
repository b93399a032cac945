import { dayFromNumber, MS_PER_DAY } from "@community-stats/contract/days.ts";
import { COUNTRIES, HOURS, MONTHS, REFERRERS, WEEKDAYS, YEARLY_GROWTH } from "./audience.ts";
import { Choice, Random } from "./random.ts";
import type { UsedRecord } from "./subjects-of-use.ts";

export interface UseOptions {
  readonly seed: number;
  readonly firstDay: number;
  /** Inclusive. */
  readonly lastDay: number;
  /** 1 gives every record about its published totals. */
  readonly scale: number;
}

const ROBOTS = 0.06;
const DOUBLE_CLICKS = 0.03;
const LATE = 0.01;
const MACHINES = 0.02;
const RETURNING = 0.25;

/**
 * Events of invented readers as NDJSON lines in the shape of processed usage events, one array of lines per day, ascending.
 * Every line carries `"synthetic": true`. A record's days follow its age, the weekday, the season, the growth of the repository and a few
 * bursts; robots, double clicks and late arrivals occur as in life.
 */
export function* generateUse(records: readonly UsedRecord[], options: UseOptions): Generator<readonly string[]> {
  const random = new Random(options.seed);
  const curves = records.map((record) => new Curve(record, options, random));
  const audience = new Audience(random);
  for (let day = options.firstDay; day <= options.lastDay; day++) {
    audience.startDay();
    yield curves.flatMap((curve) => recordDayLines(curve, { day, audience, random }));
  }
}

/** How a record's use is spread over the days of its life. */
class Curve {
  readonly record: UsedRecord;
  readonly #bursts: readonly { readonly day: number; readonly height: number }[];
  readonly #start: number;
  readonly #scale: number;

  constructor(record: UsedRecord, options: UseOptions, random: Random) {
    this.record = record;
    this.#start = Math.max(record.createdDay, options.firstDay);
    const span = Math.max(1, options.lastDay - this.#start);
    this.#bursts = Array.from({ length: random.below(3) }, () => ({
      day: this.#start + random.below(span),
      height: 2 + 6 * random.unit(),
    }));
    let sum = 0;
    for (let day = this.#start; day <= options.lastDay; day++) sum += this.#shape(day);
    this.#scale = sum === 0 ? 0 : options.scale / sum;
  }

  /** Share of the record's totals that falls on the day. */
  share(day: number): number {
    return day < this.#start ? 0 : this.#shape(day) * this.#scale;
  }

  #shape(day: number): number {
    const age = Math.max(0, day - this.record.createdDay);
    const date = new Date(day * MS_PER_DAY);
    const weekday = WEEKDAYS[(date.getUTCDay() + 6) % 7] ?? 1;
    const season = MONTHS[date.getUTCMonth()] ?? 1;
    const growth = YEARLY_GROWTH ** ((day - 17_897) / 365.25);
    let burst = 1;
    for (const { day: start, height } of this.#bursts) {
      if (day >= start && day < start + 21) burst += height * Math.exp((start - day) / 6);
    }
    return ((age + 20) ** -0.6 + 0.03) * weekday * season * growth * burst;
  }
}

interface Reader {
  readonly visitor: string;
  readonly country: string | null;
  readonly referrer: string | null;
}

/** The readers of one day; some look at more than one record. */
class Audience {
  readonly #random: Random;
  readonly #countries = new Choice(COUNTRIES);
  readonly #referrers = new Choice(REFERRERS);
  readonly #hours = new Choice(HOURS);
  #today: Reader[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  startDay(): void {
    this.#today = [];
  }

  reader(): Reader {
    const random = this.#random;
    const known = this.#today[random.below(Math.max(1, this.#today.length))];
    if (known !== undefined && random.unit() < RETURNING) return known;
    const reader = {
      visitor: random.hex(7),
      country: this.#countries.pick(random),
      referrer: this.#referrers.pick(random),
    };
    this.#today.push(reader);
    return reader;
  }

  second(): number {
    return this.#hours.pick(this.#random) * 3600 + this.#random.below(3600);
  }
}

interface RecordDay {
  readonly record: UsedRecord;
  readonly day: number;
  readonly audience: Audience;
  readonly random: Random;
}

function recordDayLines(curve: Curve, { day, audience, random }: Omit<RecordDay, "record">): readonly string[] {
  const share = curve.share(day);
  if (share === 0) return [];
  const { record } = curve;
  const at = { record, day, audience, random };
  const views = random.poisson(record.views * share);
  const downloads = record.files.length === 0 ? 0 : random.poisson(record.downloads * share);
  return [
    ...Array.from({ length: views }, () => eventLines(at, null)),
    ...Array.from({ length: downloads }, () => eventLines(at, random.below(record.files.length))),
  ].flat();
}

/** One use, now and then with a second click, and a robot that comes by. */
function eventLines(at: RecordDay, file: number | null): readonly string[] {
  const { audience, random } = at;
  const reader = audience.reader();
  const second = audience.second();
  const delayDays = random.unit() < LATE ? 1 + random.below(5) : 0;
  const machine = random.unit() < MACHINES;
  const lines = [line(at, file, { reader, second, robot: false, machine, delayDays })];
  // A second click within the same ten seconds is the same use: it is stored once.
  if (random.unit() < DOUBLE_CLICKS) {
    const again = second - (second % 10) + random.below(10);
    lines.push(line(at, file, { reader, second: again, robot: false, machine, delayDays }));
  }
  if (random.unit() < ROBOTS) {
    const robot = { visitor: random.hex(7), country: "US", referrer: null };
    lines.push(line(at, file, { reader: robot, second: audience.second(), robot: true, machine: false, delayDays: 0 }));
  }
  return lines;
}

interface Use {
  readonly reader: Reader;
  readonly second: number;
  readonly robot: boolean;
  readonly machine: boolean;
  readonly delayDays: number;
}

function line({ record, day }: RecordDay, file: number | null, use: Use): string {
  const { reader, second } = use;
  const event = {
    event: file === null ? "record-view" : "file-download",
    timestamp: stamp(day, second),
    updated_timestamp: stamp(day + use.delayDays, Math.min(86_399, second + 1200)),
    recid: record.id,
    parent_recid: record.parent,
    visitor_id: reader.visitor,
    country: reader.country,
    referrer: reader.referrer === null ? null : `https://${reader.referrer}/`,
    via_api: false,
    is_robot: use.robot,
    is_machine: use.machine,
    synthetic: true,
    ...(file === null ? { unique_id: `ui_${record.id}` } : fileFields(record, file)),
  };
  return JSON.stringify(event);
}

function fileFields(record: UsedRecord, index: number): Record<string, unknown> {
  const file = record.files[index];
  if (file === undefined) throw new RangeError(`record ${record.id} has no file ${index}`);
  const [bucket, id] = [`bucket-${record.id}`, `file-${record.id}-${index}`];
  return { unique_id: `${bucket}_${id}`, bucket_id: bucket, file_id: id, file_key: file.key, size: file.size };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function stamp(day: number, second: number): string {
  return `${dayFromNumber(day)}T${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
}

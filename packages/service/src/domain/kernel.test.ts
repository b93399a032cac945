import { USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import type { DayNumber } from "@community-stats/contract/days.ts";
import { MS_PER_DAY } from "@community-stats/contract/days.ts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageKernel } from "./kernel.ts";
import type { UsageBreakdown, UsageDims } from "./kernel-dims.ts";
import { UnknownTermError } from "./kernel-dims.ts";
import { NO_TERM, ROBOT, type UsageDay as EventDay } from "./kernel-events.ts";
import type { PackedDay, RecordUse } from "./kernel-output.ts";
import { packRecordUse, USAGE_WIDTH } from "./kernel-output.ts";
import { unpackRecordUse, unpackRows } from "./packing.ts";
import type { RecordHistory, ValueColumn } from "./record-history.ts";
import { communitiesAt, recordAt, stateAtEndOfDay } from "./record-history.ts";

const GLOBAL = 7;
const DAY = 20_000 as DayNumber;
const START = DAY * MS_PER_DAY;
const TERMS = 5;
const VIEW = 0;
const DOWNLOAD = 1;

interface StateSpec {
  readonly from: number;
  readonly subjects: readonly number[];
  readonly types: readonly number[];
}
interface MembershipSpec {
  readonly community: number;
  readonly open: number;
  readonly close: number;
}
/** Record `n` of the list has FactStore code `n`. */
interface RecordSpec {
  readonly states: readonly StateSpec[];
  readonly memberships: readonly MembershipSpec[];
}
interface EventSpec {
  readonly kind: number;
  readonly robot: boolean;
  readonly record: number;
  readonly parent: number;
  readonly country: number;
  readonly fileType: number;
  readonly set: number;
  readonly visitor: number;
  readonly file: number;
  readonly bytes: number;
  readonly second: number;
}

const SETS: readonly (readonly number[])[] = [[], [11], [11, 12], [13]];

describe("UsageKernel", () => {
  it("counts what sets and loops count, day after day, within its bounds", () => {
    fc.assert(
      fc.property(worlds(), fc.boolean(), ({ records, days }, forgetful) => {
        const dims = dimsOf(records);
        const kernel = new UsageKernel(dims, forgetful ? { listed: 3 } : undefined);
        for (const events of days) {
          const day = dayOf(events);
          const counted = kernel.count(day);
          expect(rowsOf(counted.packed)).toEqual(naiveRows(dims, day));
          expect(recordRows(counted.records, kernel)).toEqual(naiveRecordRows(dims, day));
        }
      }),
      { seed: 20_250_310, numRuns: 400 },
    );
  });

  it("tells files apart beyond eight of one record, and counts one file of two records once in their scope", () => {
    const dims = dimsOf([record([1]), record([1])]);
    const many = Array.from({ length: 40 }, (_, file) =>
      download({ record: file % 2, file: 1 + (file >> 1), bytes: 10 }),
    );
    const global = rowsOf(new UsageKernel(dims).count(dayOf(many)).packed).get(`${GLOBAL}||0`);
    expect(global?.[USAGE_COUNTERS.indexOf("downloadFiles")]).toBe(20);
    expect(global?.[USAGE_COUNTERS.indexOf("downloadBytes")]).toBe(400);
    expect(global?.[USAGE_COUNTERS.indexOf("downloadRecords")]).toBe(2);
  });

  it("works with codes beyond two radix passes", () => {
    const base = record([5_000_000]);
    const dims = dimsOf([base], 5_000_001);
    const counted = new UsageKernel(dims).count(dayOf([view({ record: 4_999_999, set: 1 }), view({ record: 0 })]));
    const rows = rowsOf(counted.packed);
    expect(rows.get(`${GLOBAL}|subjects|5000000`)?.[0]).toBe(1);
    expect(rows.get(`${GLOBAL}||0`)?.[0]).toBe(2);
  });

  it("does not carry stamps from one day to the next", () => {
    const dims = dimsOf([record([1]), record([1])]);
    const kernel = new UsageKernel(dims);
    const events = [view({ record: 0 }), view({ record: 1 }), download({ record: 1, file: 3, bytes: 1 })];
    const first = rowsOf(kernel.count(dayOf(events)).packed);
    for (let round = 0; round < 50; round++) expect(rowsOf(kernel.count(dayOf(events)).packed)).toEqual(first);
  });

  it("asks for newer tables when events use newer codes, and goes on with the next day", () => {
    const dims = dimsOf([record([1])]);
    const kernel = new UsageKernel(dims);
    const events = [view({ record: 0 })];
    const expected = rowsOf(kernel.count(dayOf(events)).packed);
    expect(() => kernel.count(dayOf([view({ record: 0, set: SETS.length })]))).toThrow(UnknownTermError);
    expect(() => kernel.count(dayOf([view({ record: 0, country: TERMS })]))).toThrow(UnknownTermError);
    expect(rowsOf(kernel.count(dayOf(events)).packed)).toEqual(expected);
  });

  it("gives an empty day for robots alone", () => {
    const kernel = new UsageKernel(dimsOf([record([1])]));
    const { packed, records } = kernel.count(dayOf([{ ...view({ record: 0 }), robot: true }]));
    expect(packed.scope).toHaveLength(0);
    expect(records.count).toBe(0);
  });
});

function record(subjects: readonly number[]): RecordSpec {
  return { states: [{ from: 0, subjects, types: [] }], memberships: [] };
}

const EVENT: EventSpec = {
  kind: VIEW,
  robot: false,
  record: 0,
  parent: NO_TERM,
  country: NO_TERM,
  fileType: NO_TERM,
  set: NO_TERM,
  visitor: 1,
  file: 0,
  bytes: 0,
  second: 0,
};

function view(event: Partial<EventSpec>): EventSpec {
  return { ...EVENT, ...event };
}

function download(event: Partial<EventSpec>): EventSpec {
  return { ...EVENT, kind: DOWNLOAD, ...event };
}

function codes(most: number): fc.Arbitrary<number[]> {
  return fc.uniqueArray(fc.nat(most), { maxLength: 3 });
}

function maybe(most: number): fc.Arbitrary<number> {
  return fc.integer({ min: NO_TERM, max: most });
}

function worlds(): fc.Arbitrary<{ records: RecordSpec[]; days: EventSpec[][] }> {
  const state = fc.record({ from: fc.integer({ min: -2, max: 2 }), subjects: codes(4), types: codes(4) });
  const membership = fc
    .record({ community: fc.nat(2), open: fc.nat(30), length: fc.nat(30) })
    .map(({ community, open, length }) => ({
      community,
      open: START + open * 3000,
      close: START + (open + length) * 3000,
    }));
  const spec = fc.record({
    states: fc
      .uniqueArray(state, { minLength: 1, maxLength: 3, selector: ({ from }) => from })
      .map((states) =>
        states.toSorted((a, b) => a.from - b.from).map((one) => ({ ...one, from: START + one.from * MS_PER_DAY })),
      ),
    memberships: fc.array(membership, { maxLength: 3 }),
  });
  const event = fc.record({
    kind: fc.constantFrom(VIEW, DOWNLOAD),
    robot: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    record: fc.nat(5),
    parent: maybe(3),
    country: maybe(TERMS - 1),
    fileType: maybe(TERMS - 1),
    set: maybe(SETS.length - 1),
    visitor: fc.nat(4),
    file: fc.nat(4),
    bytes: fc.nat(1000),
    second: fc.nat(80),
  });
  return fc.record({
    records: fc.array(spec, { maxLength: 5 }),
    days: fc.array(fc.array(event, { maxLength: 40 }), { minLength: 1, maxLength: 3 }),
  });
}

function dayOf(events: readonly EventSpec[]): EventDay {
  const column = (pick: (event: EventSpec) => number): Int32Array => Int32Array.from(events, pick);
  const words = (pick: (event: EventSpec) => number): Uint32Array =>
    Uint32Array.from(events.flatMap((event) => [Math.imul(pick(event), 0x9e37_79b1), pick(event)]));
  return {
    day: DAY,
    count: events.length,
    instant: Float64Array.from(events, ({ second }) => START + second * 1000),
    kind: Uint8Array.from(events, ({ kind }) => kind),
    reader: Uint8Array.from(events, ({ robot }) => (robot ? ROBOT : 0)),
    record: column((event) => event.record),
    parent: column((event) => event.parent),
    country: column((event) => event.country),
    referrer: new Int32Array(events.length).fill(NO_TERM),
    fileType: column((event) => (event.kind === DOWNLOAD ? event.fileType : NO_TERM)),
    communitySet: column((event) => event.set),
    visitor: words((event) => event.visitor),
    file: words((event) => (event.kind === DOWNLOAD ? event.file : 0)),
    bytes: Float64Array.from(events, (event) => (event.kind === DOWNLOAD ? event.bytes : 0)),
  };
}

const NOT_STATED = 0;

function dimsOf(records: readonly RecordSpec[], codeCount = 6): UsageDims {
  const byTerm = Int32Array.from({ length: TERMS }, (_, term) => term + 1);
  const breakdown = (name: string, from: UsageBreakdown["from"], field: UsageBreakdown["field"]): UsageBreakdown => ({
    name,
    from,
    field,
    codeOfTerm: field === null ? new Int32Array(0) : byTerm,
    notStated: NOT_STATED,
    codes: codeCount,
  });
  return {
    history: historyOf(records, codeCount),
    breakdowns: [
      breakdown("subjects", "record", null),
      breakdown("countries", "event", "country"),
      breakdown("file_types", "file", "fileType"),
    ],
    globalScope: GLOBAL,
    scopeOfCommunity: Int32Array.of(11, 12, 14),
    setStart: Int32Array.from([0, ...SETS.map((_, index) => SETS.slice(0, index + 1).flat().length)]),
    setScopes: Int32Array.from(SETS.flat()),
  };
}

function starts(lengths: readonly number[]): Int32Array {
  return Int32Array.from([0, ...lengths.map((_, index) => lengths.slice(0, index + 1).reduce((a, b) => a + b, 0))]);
}

function historyOf(records: readonly RecordSpec[], codeCount: number): RecordHistory {
  const states = records.flatMap((spec) => spec.states);
  const memberships = records.flatMap((spec) => spec.memberships);
  const none = new Int32Array(records.length + 1);
  return {
    records: {
      count: records.length,
      indexOfCode: Int32Array.from(records, (_, index) => index),
      code: Int32Array.from(records, (_, index) => index),
      group: Int32Array.from(records, (_, index) => index),
      created: new Float64Array(records.length),
      published: new Int32Array(records.length),
      firstState: starts(records.map((spec) => spec.states.length)),
      firstDeletion: none,
      firstMembership: starts(records.map((spec) => spec.memberships.length)),
    },
    states: {
      count: states.length,
      from: Float64Array.from(states, ({ from }) => from),
      parent: new Int32Array(states.length),
      owner: new Int32Array(states.length),
      withFiles: new Uint8Array(states.length),
      fileSet: new Int32Array(states.length),
    },
    files: {
      setStart: Int32Array.of(0, 0),
      setBytes: new Float64Array(1),
      id: new Int32Array(0),
      bytes: new Float64Array(0),
      type: new Int32Array(0),
    },
    deletions: { open: new Float64Array(0), close: new Float64Array(0) },
    memberships: {
      community: Int32Array.from(memberships, ({ community }) => community),
      open: Float64Array.from(memberships, ({ open }) => open),
      close: Float64Array.from(memberships, ({ close }) => close),
    },
    values: [
      valueColumnOf(
        "subjects",
        states.map(({ subjects }) => subjects),
        codeCount,
      ),
      valueColumnOf(
        "file_types",
        states.map(({ types }) => types),
        codeCount,
      ),
    ],
    communities: ["a", "b", "c"],
  };
}

function valueColumnOf(breakdown: string, lists: readonly (readonly number[])[], codeCount: number): ValueColumn {
  const full = lists.map((list) => (list.length === 0 ? [NOT_STATED] : list.toSorted((a, b) => a - b)));
  return {
    breakdown,
    side: "both",
    byFile: false,
    notStated: NOT_STATED,
    setOf: Int32Array.from(full, (_, index) => index),
    setStart: Int32Array.from([0, ...full.map((_, index) => full.slice(0, index + 1).flat().length)]),
    setValues: Int32Array.from(full.flat()),
    codes: codeCount,
  };
}

type Rows = Map<string, number[]>;

function rowsOf(packed: PackedDay): Rows {
  const names = ["", "subjects", "countries", "file_types"];
  const rows: Rows = new Map();
  packed.scope.forEach((scope, blob) => {
    const data = packed.data.subarray(packed.start[blob], packed.start[blob + 1]);
    unpackRows(data, USAGE_WIDTH, (key, counters) => {
      rows.set(`${scope}|${names[packed.breakdown[blob] ?? 0]}|${key}`, [...counters]);
    });
  });
  return sorted(rows);
}

function identity(length: number): Int32Array {
  return Int32Array.from({ length }, (_, index) => index);
}

function recordRows(use: RecordUse, kernel: UsageKernel): Rows {
  const rows: Rows = new Map();
  const data = packRecordUse(use, identity(10), identity(kernel.sets.count));
  unpackRecordUse(data, USAGE_WIDTH, (code, set, counters) => {
    rows.set(`${code}|${kernel.sets.text(set)}`, [...counters]);
  });
  return sorted(rows);
}

function sorted(rows: Rows): Rows {
  return new Map([...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

interface NaiveEvent {
  readonly download: boolean;
  readonly record: number;
  readonly parent: number;
  readonly visitor: number;
  readonly file: string | null;
  readonly bytes: number;
}

function naiveRows(dims: UsageDims, day: EventDay): Rows {
  const found = new Map<string, NaiveEvent[]>();
  for (const at of counting(day)) {
    for (const scope of [GLOBAL, ...naiveScopes(dims, day, at)]) {
      for (const value of naiveValues(dims, day, at)) add(found, `${scope}|${value}`, naiveEvent(day, at));
    }
  }
  return countAll(found);
}

function naiveRecordRows(dims: UsageDims, day: EventDay): Rows {
  const found = new Map<string, NaiveEvent[]>();
  for (const at of counting(day)) {
    add(found, `${day.record[at]}|${JSON.stringify(naiveScopes(dims, day, at))}`, naiveEvent(day, at));
  }
  return countAll(found);
}

function counting(day: EventDay): number[] {
  return Array.from({ length: day.count }, (_, at) => at).filter((at) => day.reader[at] !== ROBOT);
}

function add(found: Map<string, NaiveEvent[]>, key: string, event: NaiveEvent): void {
  found.set(key, [...(found.get(key) ?? []), event]);
}

function naiveEvent(day: EventDay, at: number): NaiveEvent {
  const file = `${day.file[2 * at]},${day.file[2 * at + 1]}`;
  return {
    download: day.kind[at] === DOWNLOAD,
    record: day.record[at] ?? 0,
    parent: day.parent[at] ?? 0,
    visitor: day.visitor[2 * at + 1] ?? 0,
    file: file === "0,0" ? null : file,
    bytes: day.bytes[at] ?? 0,
  };
}

function naiveScopes(dims: UsageDims, day: EventDay, at: number): number[] {
  const set = day.communitySet[at] ?? NO_TERM;
  if (set !== NO_TERM) return [...(SETS[set] ?? [])];
  const index = recordAt(dims.history, day.record[at] ?? 0);
  if (index < 0) return [];
  const codes = communitiesAt(dims.history, index, (day.instant[at] ?? 0) as never);
  return [...new Set(codes.map((code) => dims.scopeOfCommunity[code] ?? 0))].toSorted((a, b) => a - b);
}

function naiveValues(dims: UsageDims, day: EventDay, at: number): string[] {
  const index = recordAt(dims.history, day.record[at] ?? 0);
  const state = index < 0 ? -1 : stateAtEndOfDay(dims.history, index, day.day);
  const types =
    day.kind[at] === DOWNLOAD ? [valueOfTerm(day.fileType[at])] : statedValues(dims.history, "file_types", state);
  return [
    "|0",
    ...statedValues(dims.history, "subjects", state).map((code) => `subjects|${code}`),
    `countries|${valueOfTerm(day.country[at])}`,
    ...types.map((code) => `file_types|${code}`),
  ];
}

function valueOfTerm(code: number | undefined): number {
  return code === undefined || code === NO_TERM ? NOT_STATED : code + 1;
}

function statedValues(history: RecordHistory, name: string, state: number): number[] {
  const column = history.values.find(({ breakdown }) => breakdown === name);
  if (state < 0 || column === undefined) return [NOT_STATED];
  const set = column.setOf[state] ?? 0;
  return [...column.setValues.subarray(column.setStart[set], column.setStart[set + 1])];
}

function countAll(found: Map<string, NaiveEvent[]>): Rows {
  return sorted(new Map([...found].map(([key, events]) => [key, naiveCount(events)])));
}

function distinct(list: readonly (number | string | null)[]): number {
  return new Set(list.filter((value) => value !== null && value !== NO_TERM)).size;
}

function naiveCount(events: readonly NaiveEvent[]): number[] {
  const views = events.filter(({ download: isDownload }) => !isDownload);
  const downloads = events.filter(({ download: isDownload }) => isDownload);
  const side = (list: readonly NaiveEvent[]): number[] => [
    list.length,
    distinct(list.map(({ visitor }) => visitor)),
    distinct(list.map(({ record: of }) => of)),
    distinct(list.map(({ parent }) => parent)),
  ];
  return [
    ...side(views),
    ...side(downloads),
    distinct(downloads.map(({ file }) => file)),
    downloads.reduce((sum, { bytes }) => sum + bytes, 0),
    distinct(events.map(({ visitor }) => visitor)),
  ];
}

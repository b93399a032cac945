import { readWorld, type Facts, type World } from "./facts.ts";
import type { Basis } from "./holdings.ts";
import { dayNamed } from "./instants.ts";
import { recordChange, recordStanding, usageChange, usageStanding, type DayMetrics } from "./metrics.ts";
import {
  firstRecordDay,
  recordBooks,
  recordDelta,
  recordLabel,
  recordSnapshot,
  type Settings,
} from "./record-documents.ts";
import { DEFAULT_SUBCOUNTS, type Label, type Subcount } from "./subcounts.ts";
import { compareText } from "./text.ts";
import {
  distinct,
  firstUsageDay,
  isView,
  scopesOf,
  usageBooks,
  usageDelta,
  usageLabel,
  usageSnapshot,
} from "./usage-documents.ts";

export type { World } from "./facts.ts";
export type OracleConfig = Settings;
export const DEFAULT_CONFIG: OracleConfig = { subcounts: DEFAULT_SUBCOUNTS, topLimit: 20 };

export const BASES: readonly Basis[] = ["added", "created", "published"];
export type FactKind = "usage" | Basis;
export type DocumentQuery =
  | `community-record-delta-${Basis}`
  | `community-record-snapshot-${Basis}`
  | "community-usage-delta"
  | "community-usage-snapshot";
export const QUERIES: readonly DocumentQuery[] = [
  ...BASES.map((basis) => `community-record-delta-${basis}` as const),
  ...BASES.map((basis) => `community-record-snapshot-${basis}` as const),
  "community-usage-delta",
  "community-usage-snapshot",
];
export interface OracleQuery {
  readonly query: DocumentQuery;
  /** "global" or a community's id. */
  readonly scope: string;
  /** Days, YYYY-MM-DD, both included. */
  readonly from: string;
  readonly to: string;
}
export interface Range {
  readonly scope: string;
  readonly from: string;
  readonly to: string;
}
/** Optional fields of T9: distinct over the whole range, not sums of days. */
export interface TrueDistinct {
  readonly view: { readonly records: number; readonly parents: number };
  readonly download: { readonly records: number; readonly parents: number; readonly files: number };
}
export interface RecordUse {
  readonly day: number;
  readonly id: string;
  readonly views: number;
  readonly downloads: number;
}
/** One side and kind of one scope, with one subcount or none. */
export interface Book {
  readonly query: DocumentQuery;
  readonly scope: string;
  readonly subcount: Subcount | null;
}

/** The numbers of a world by the book: sets and loops over input lines, nothing kept, nothing clever. */
export interface Oracle {
  /** One document per day from max(from, first day of the whole repository) on, zero-filled. */
  documents(query: OracleQuery): readonly object[];
  /** The same documents with what carries no value, as the item "", in the place of the published items. */
  notStated(query: OracleQuery): readonly object[];
  /** Every metric of one day (delta) or up to its end (snapshot): the totals, and each value with anything counted. */
  metrics(book: Book, day: number): DayMetrics;
  /** The label of a value in documents of the day. */
  label(book: Book, id: string, day: number): Label;
  /** Day number of the first event of the scope in that kind; null if there is none. */
  firstDay(kind: FactKind, scope: string): number | null;
  /** Day number of the first event of any scope. */
  firstDayOfAll(kind: FactKind): number | null;
  trueDistinct(range: Range): TrueDistinct;
  /** Events of each day and record, by day and id. */
  useOfRecords(range: Range): readonly RecordUse[];
  /** "global" and every community that holds a record or an event, by id. */
  scopes(): readonly string[];
}

export function documents(world: World, config: OracleConfig, query: OracleQuery): readonly object[] {
  return openOracle(world, config).documents(query);
}

export function openOracle(world: World, config: OracleConfig = DEFAULT_CONFIG): Oracle {
  const facts = readWorld(world);
  const records = recordBooks(facts.records, config);
  const usage = usageBooks(facts, config);
  const firstDay = (kind: FactKind, scope: string) =>
    kind === "usage" ? firstUsageDay(usage(scope)) : firstRecordDay(records({ scope, basis: kind }));
  const firstDays = new Map<FactKind, number | null>();
  const firstDayOfAll = (kind: FactKind) => {
    const known = firstDays.get(kind);
    if (known !== undefined) return known;
    const first = smallest(allScopes(facts).map((scope) => firstDay(kind, scope)));
    firstDays.set(kind, first);
    return first;
  };
  const write = ({ query, scope, from, to }: OracleQuery, stated: boolean) => {
    const { kind, basis } = partsOf(query);
    const days = daysOf(firstDayOfAll(basis ?? "usage"), from, to);
    if (basis === null) {
      const books = usage(scope);
      return days.map((day) => (kind === "delta" ? usageDelta : usageSnapshot)(books, day, stated));
    }
    const books = records({ scope, basis });
    return days.map((day) => (kind === "delta" ? recordDelta : recordSnapshot)(books, day, stated));
  };
  const metrics = ({ query, scope, subcount }: Book, day: number) => {
    const { kind, basis } = partsOf(query);
    const name = subcount?.name ?? null;
    if (basis === null) return (kind === "delta" ? usageChange : usageStanding)(usage(scope), day, name);
    return (kind === "delta" ? recordChange : recordStanding)(records({ scope, basis }), day, name);
  };
  const label = ({ query, scope, subcount }: Book, id: string, day: number) => {
    const { basis } = partsOf(query);
    if (subcount === null) return "";
    if (basis === null) return usageLabel(usage(scope), subcount, { id, day });
    return recordLabel(records({ scope, basis }), subcount, { id, day });
  };
  const eventsIn = ({ scope, from, to }: Range) => {
    const days = daysOf(-Infinity, from, to);
    return usage(scope).events.filter((event) => days.includes(event.day));
  };
  return {
    documents: (query) => write(query, true),
    notStated: (query) => write(query, false),
    metrics,
    label,
    firstDay,
    firstDayOfAll,
    trueDistinct: (range) => distinctOver(eventsIn(range)),
    useOfRecords: (range) => useOf(eventsIn(range)),
    scopes: () => allScopes(facts),
  };
}

function partsOf(query: DocumentQuery): { kind: string; basis: Basis | null } {
  const [, , kind = "", name] = query.split("-");
  return { kind, basis: BASES.find((basis) => basis === name) ?? null };
}

/** No first day, no documents. */
function daysOf(first: number | null, from: string, to: string): readonly number[] {
  const [start, end] = [dayNamed(from), dayNamed(to)];
  if (start === null || end === null) throw new Error(`no range of days: ${from} to ${to}`);
  if (first === null) return [];
  const begin = Math.max(start, first);
  return Array.from({ length: Math.max(0, end - begin + 1) }, (_, index) => begin + index);
}

function smallest(days: readonly (number | null)[]): number | null {
  const known = days.filter((day) => day !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function allScopes(facts: Facts): readonly string[] {
  const scopes = [
    ...facts.records.flatMap((record) => Array.from(record.memberships.keys())),
    ...facts.events.flatMap((event) => scopesOf(facts, event)),
  ];
  return Array.from(new Set(["global", ...scopes])).toSorted(compareText);
}

type Events = ReturnType<ReturnType<typeof usageBooks>>["events"];

function distinctOver(events: Events): TrueDistinct {
  const [views, downloads] = [events.filter(isView), events.filter((event) => !isView(event))];
  return {
    view: { records: distinct(views, (event) => event.record), parents: distinct(views, (event) => event.parent) },
    download: {
      records: distinct(downloads, (event) => event.record),
      parents: distinct(downloads, (event) => event.parent),
      files: distinct(downloads, (event) => event.file),
    },
  };
}

function useOf(events: Events): readonly RecordUse[] {
  const pairs = new Map(events.map((event) => [JSON.stringify([event.day, event.record]), event]));
  const uses = Array.from(pairs.values(), ({ day, record }) => {
    const own = events.filter((event) => event.day === day && event.record === record);
    const views = own.filter(isView).length;
    return { day, id: record, views, downloads: own.length - views };
  });
  return uses.toSorted((left, right) => left.day - right.day || compareText(left.id, right.id));
}

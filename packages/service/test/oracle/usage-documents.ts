import { type UsageEvent } from "./events.ts";
import { stateAt, type Facts } from "./facts.ts";
import { isActive } from "./holdings.ts";
import { dayText, justBefore, startOf } from "./instants.ts";
import type { Settings } from "./record-documents.ts";
import { labelOn, labelOrStandIn, labelsOf, valuesOf, type Label, type Labels, type Subcount } from "./subcounts.ts";
import { compareText } from "./text.ts";

/** What the usage documents of one scope are made from: its events, each with its values per subcount ("" for none). */
export interface UsageBooks {
  readonly scope: string;
  readonly settings: Settings;
  readonly labels: ReadonlyMap<string, Labels>;
  readonly events: readonly ValuedEvent[];
}
interface ValuedEvent extends UsageEvent {
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
}

export function usageBooks(facts: Facts, settings: Settings): (scope: string) => UsageBooks {
  const used = settings.subcounts.filter((subcount) => subcount.usage !== null);
  const labels = new Map(used.map((subcount) => [subcount.name, usageLabels(facts, subcount)]));
  const events = facts.events.map((event) => ({
    ...event,
    values: new Map(used.map((subcount) => [subcount.name, valuesOfEvent(facts, event, subcount)])),
    scopes: scopesOf(facts, event),
  }));
  return (scope) => ({ scope, settings, labels, events: events.filter((event) => event.scopes.includes(scope)) });
}

/** T8, T9.1 decisions 11, 12 and 21: as recorded, else where the record is active at the very instant. */
export function scopesOf(facts: Facts, event: UsageEvent): readonly string[] {
  if (event.communities !== null) return ["global", ...event.communities.filter((id) => id !== "global")];
  const record = facts.records.find((known) => known.id === event.record);
  const communities = Array.from(record?.memberships.keys() ?? []);
  const open = communities.filter((scope) => record && isActive(record, { scope, basis: "added" }, event.at));
  return ["global", ...open];
}

/** Values of the event itself, or of the record in its state at the end of the event's day. */
function valuesOfEvent(facts: Facts, event: UsageEvent, { usage }: Subcount): ReadonlySet<string> {
  const record = facts.records.find((known) => known.id === event.record);
  const state = record === undefined ? null : stateAt(record, justBefore(startOf(event.day + 1)));
  if (usage?.from === "event") return new Set([event[usage.field] ?? ""]);
  if (usage?.from === "file" && event.kind === "download") return new Set([event.fileType ?? ""]);
  const values = state === null || usage === null ? new Set<string>() : valuesOf(state, usage.sources);
  return values.size === 0 ? new Set([""]) : values;
}

function usageLabels(facts: Facts, { usage, label }: Subcount): Labels {
  return labelsOf(facts.records, usage === null || usage.from === "event" ? [] : usage.sources, label);
}

export function firstUsageDay({ events }: UsageBooks): number | null {
  return events.length === 0 ? null : Math.min(...events.map((event) => event.day));
}

export interface Numbers {
  readonly view: Readonly<Record<"total_events" | "unique_visitors" | "unique_records" | "unique_parents", number>>;
  readonly download: Readonly<
    Record<
      "total_events" | "unique_visitors" | "unique_records" | "unique_parents" | "unique_files" | "total_volume",
      number
    >
  >;
}

/** What a usage document counts, over a set of events. */
export function numbersOf(events: readonly UsageEvent[]): Numbers {
  const [views, downloads] = [events.filter(isView), events.filter((event) => !isView(event))];
  return {
    view: sideNumbers(views),
    download: {
      ...sideNumbers(downloads),
      unique_files: distinct(downloads, (event) => event.file),
      total_volume: downloads.reduce((sum, event) => sum + event.size, 0),
    },
  };
}

function sideNumbers(events: readonly UsageEvent[]): Numbers["view"] {
  return {
    total_events: events.length,
    unique_visitors: distinct(events, (event) => event.visitor),
    unique_records: distinct(events, (event) => event.record),
    unique_parents: distinct(events, (event) => event.parent),
  };
}

export function isView(event: UsageEvent): boolean {
  return event.kind === "view";
}

/** Null is no value. */
export function distinct(events: readonly UsageEvent[], key: (event: UsageEvent) => string | null): number {
  return new Set(events.map(key).filter((value) => value !== null)).size;
}

/** T9: every metric is the sum of its daily values. */
function sum(days: readonly Numbers[]): Numbers {
  const zero = numbersOf([]);
  return {
    view: mapValues(zero.view, (name) => total(days.map((day) => day.view[name]))),
    download: mapValues(zero.download, (name) => total(days.map((day) => day.download[name]))),
  };
}

function mapValues<Name extends string>(
  names: Readonly<Record<Name, number>>,
  value: (name: Name) => number,
): Record<Name, number> {
  const result: Record<Name, number> = { ...names };
  for (const name in names) result[name] = value(name);
  return result;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Section 4. `stated` false gives what carries no value instead of the published items. */
export function usageDelta(books: UsageBooks, day: number, stated = true): object {
  const events = books.events.filter((event) => event.day === day);
  return {
    community_id: books.scope,
    period_start: `${dayText(day)}T00:00:00`,
    period_end: `${dayText(day)}T23:59:59`,
    totals: numbersOf(events),
    subcounts: perSubcount(books, (subcount) =>
      valuesIn(events, subcount, stated).map((id) => ({
        id,
        label: usageLabel(books, subcount, { id, day }),
        ...numbersOf(events.filter((event) => event.values.get(subcount.name)?.has(id))),
      })),
    ),
  };
}

/** Section 5. */
export function usageSnapshot(books: UsageBooks, day: number, stated = true): object {
  const events = books.events.filter((event) => event.day <= day);
  const days = Array.from(new Set(events.map((event) => event.day)));
  const summed = (chosen: readonly UsageEvent[]) =>
    sum(days.map((day) => numbersOf(chosen.filter((event) => event.day === day))));
  return {
    community_id: books.scope,
    snapshot_date: `${dayText(day)}T00:00:00`,
    totals: summed(events),
    subcounts: perSubcount(books, (subcount) => {
      const items = valuesIn(events, subcount, stated).map((id) => ({
        id,
        label: usageLabel(books, subcount, { id, day }),
        ...summed(events.filter((event) => event.values.get(subcount.name)?.has(id))),
      }));
      if (subcount.usage?.snapshot !== "top") return items;
      const { topLimit } = books.settings;
      return { by_view: topUsage(items, "view", topLimit), by_download: topUsage(items, "download", topLimit) };
    }),
  };
}

/** T10: the value is the number of events of the side, above zero; ties by id. */
function topUsage<Item extends Numbers & { readonly id: string }>(
  items: readonly Item[],
  side: "view" | "download",
  limit: number,
): readonly Item[] {
  return items
    .filter((item) => item[side].total_events > 0)
    .toSorted((left, right) => right[side].total_events - left[side].total_events || compareText(left.id, right.id))
    .slice(0, limit);
}

function perSubcount<Items>(books: UsageBooks, items: (subcount: Subcount) => Items): Record<string, Items> {
  const used = books.settings.subcounts.filter((subcount) => subcount.usage !== null);
  return Object.fromEntries(used.map((subcount) => [subcount.name, items(subcount)]));
}

function valuesIn(events: readonly ValuedEvent[], { name }: Subcount, stated: boolean): readonly string[] {
  const values = new Set(events.flatMap((event) => Array.from(event.values.get(name) ?? [])));
  return Array.from(values)
    .filter((value) => (value !== "") === stated)
    .toSorted(compareText);
}

export function usageLabel(books: UsageBooks, subcount: Subcount, { id, day }: { id: string; day: number }): Label {
  const known = labelOn(day, books.labels.get(subcount.name)?.get(id));
  return labelOrStandIn(known, subcount.label, { id, none: id });
}

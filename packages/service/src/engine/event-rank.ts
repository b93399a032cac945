import { MACHINE, ROBOT } from "./facts.ts";

/**
 * Which of several lines of one event wins (T9.1 decision 10): greatest timestamp, then greatest `updated_timestamp`, then the greatest line
 * as JSON with sorted keys. Of the line only the kept fields are compared: the addresses and sessions that it also had are nowhere stored.
 */

/** Optional source fields whose absence, null and value differ in that JSON text. Two bits each, in this order from the lowest. */
export const PRESENCE_FIELDS = [
  "community_ids",
  "country",
  "is_machine",
  "is_robot",
  "referrer",
  "size",
  "via_api",
] as const;
export type PresenceField = (typeof PRESENCE_FIELDS)[number];

const ABSENT = 0;
const NULL = 1;
const VALUE = 2;
/** Only `is_machine`: the reader class of a robot does not say whether it was also a machine. */
const VALUE_TRUE = 3;

/** The `presence` column of a line, from the fields of its source: undefined is absent. */
export function packPresence(source: { readonly [Field in PresenceField]?: unknown }): number {
  return (
    stateOf(source.community_ids) |
    (stateOf(source.country) << 2) |
    ((source.is_machine === true ? VALUE_TRUE : stateOf(source.is_machine)) << 4) |
    (stateOf(source.is_robot) << 6) |
    (stateOf(source.referrer) << 8) |
    (stateOf(source.size) << 10) |
    (stateOf(source.via_api) << 12)
  );
}

function stateOf(value: unknown): number {
  if (value === undefined) return ABSENT;
  return value === null ? NULL : VALUE;
}

/** What is kept of one line, its codes resolved to texts; null stands for `NO_TERM`. */
export interface RankedEvent {
  readonly instant: number;
  /** NaN where the source has none. */
  readonly updated: number;
  readonly communitySet: string | null;
  readonly country: string | null;
  /** Two words of the hash of the file id. */
  readonly file: readonly [number, number];
  readonly fileType: string | null;
  readonly reader: number;
  readonly parent: string | null;
  readonly record: string | null;
  readonly referrer: string | null;
  readonly bytes: number;
  readonly viaApi: number;
  readonly presence: number;
}

/** Positive when `a` wins, negative when `b` does, 0 when nothing that is kept tells them apart. */
export function compareRank(a: RankedEvent, b: RankedEvent): number {
  const time = a.instant - b.instant || compareUpdated(a.updated, b.updated);
  if (time !== 0) return time;
  const left = sortedValues(a);
  const right = sortedValues(b);
  for (const [index, value] of left.entries()) {
    const order = compareValues(value, right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareUpdated(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a - b;
}

/** JSON texts of the kept fields in the alphabetical order of their source names; undefined where the line does not have the field. */
function sortedValues(event: RankedEvent): readonly (string | undefined)[] {
  const optional = (field: PresenceField, text: string | undefined): string | undefined =>
    present(event.presence, field, text);
  return [
    optional("community_ids", event.communitySet ?? "[]"),
    optional("country", json(event.country)),
    event.file.map((word) => word.toString(16).padStart(8, "0")).join(""),
    json(event.fileType),
    optional("is_machine", String(isMachine(event))),
    optional("is_robot", String(event.reader === ROBOT)),
    json(event.parent),
    json(event.record),
    optional("referrer", json(event.referrer)),
    optional("size", String(event.bytes)),
    optional("via_api", String(event.viaApi === 1)),
  ];
}

function isMachine(event: RankedEvent): boolean {
  return event.reader === MACHINE || stateIn(event.presence, "is_machine") === VALUE_TRUE;
}

function present(presence: number, field: PresenceField, text: string | undefined): string | undefined {
  const state = stateIn(presence, field);
  if (state === ABSENT) return undefined;
  // A value without a kept text is the empty text.
  return state === NULL ? "null" : (text ?? `""`);
}

function stateIn(presence: number, field: PresenceField): number {
  return (presence >> (2 * PRESENCE_FIELDS.indexOf(field))) & 3;
}

function json(text: string | null): string | undefined {
  return text === null ? undefined : JSON.stringify(text);
}

/** A line without a field goes on with a later name, and so is the greater text. */
function compareValues(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -1 : 1;
}

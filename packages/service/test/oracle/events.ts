import { dayOf, instantOf } from "./instants.ts";
import { canonicalJson, compareText, field, isObject, textOf } from "./text.ts";

const SLOT_MICROS = 10_000_000;

export interface UsageEvent {
  readonly kind: "view" | "download";
  readonly at: number;
  readonly day: number;
  readonly record: string;
  readonly parent: string | null;
  readonly visitor: string;
  readonly country: string | null;
  readonly referrer: string | null;
  readonly file: string | null;
  readonly fileType: string | null;
  readonly size: number;
  /** Null where the source recorded none. */
  readonly communities: readonly string[] | null;
}

/** One event per identity, robots left out (T8). */
export function readEvents(lines: readonly unknown[]): readonly UsageEvent[] {
  const winners = new Map<string, EventLine>();
  for (const line of lines.map(readLine).filter((line) => line !== null)) {
    const best = winners.get(line.identity);
    if (best === undefined || outranks(line, best)) winners.set(line.identity, line);
  }
  return Array.from(winners.values())
    .filter((line) => field(line.document, "is_robot") !== true)
    .map(eventOf);
}

interface EventLine {
  readonly identity: string;
  readonly kind: "view" | "download";
  readonly at: number;
  readonly updated: number;
  readonly document: unknown;
}

function readLine(line: unknown): EventLine | null {
  const index = field(line, "_index");
  const document = typeof index === "string" ? field(line, "_source") : withoutKind(line);
  const kind = kindNamed(typeof index === "string" ? index.replace(/^.*events-stats-/, "") : field(line, "event"));
  const at = instantOf(field(document, "timestamp"));
  const [item, visitor] = [textOf(field(document, "unique_id")), textOf(field(document, "visitor_id"))];
  if (kind === null || at === null || item === null || visitor === null) return null;
  if (textOf(field(document, "recid")) === null) return null;
  const updated = instantOf(field(document, "updated_timestamp")) ?? -Infinity;
  return { identity: JSON.stringify([kind, Math.floor(at / SLOT_MICROS), item, visitor]), kind, at, updated, document };
}

function kindNamed(name: unknown): "view" | "download" | null {
  if (typeof name !== "string") return null;
  if (name.startsWith("record-view")) return "view";
  return name.startsWith("file-download") ? "download" : null;
}

function withoutKind(line: unknown): unknown {
  return Object.fromEntries(Object.entries(isObject(line) ? line : {}).filter(([name]) => name !== "event"));
}

/** T9.1 decision 10. */
function outranks(line: EventLine, other: EventLine): boolean {
  if (line.at !== other.at) return line.at > other.at;
  if (line.updated !== other.updated) return line.updated > other.updated;
  return compareText(canonicalJson(line.document), canonicalJson(other.document)) > 0;
}

function eventOf({ kind, at, document }: EventLine): UsageEvent {
  const [size, communities] = [field(document, "size"), field(document, "community_ids")];
  return {
    kind,
    at,
    day: dayOf(at),
    record: String(field(document, "recid")),
    parent: textOf(field(document, "parent_recid")),
    visitor: String(field(document, "visitor_id")),
    country: textOf(field(document, "country")),
    referrer: hostOf(field(document, "referrer")),
    file: textOf(field(document, "file_id")) ?? textOf(field(document, "unique_id")),
    fileType: typeOf(textOf(field(document, "file_key"))),
    size: typeof size === "number" ? size : 0,
    communities: Array.isArray(communities) ? communities.filter(isText) : null,
  };
}

/** T9.1 decision 13. */
function typeOf(key: string | null): string | null {
  if (key === null || !key.includes(".")) return null;
  return textOf(key.slice(key.lastIndexOf(".") + 1).toLowerCase());
}

function hostOf(referrer: unknown): string | null {
  return typeof referrer === "string" && URL.canParse(referrer) ? textOf(new URL(referrer).hostname) : null;
}

function isText(value: unknown): value is string {
  return textOf(value) !== null;
}

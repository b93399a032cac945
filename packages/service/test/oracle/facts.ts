import { readEvents, type UsageEvent } from "./events.ts";
import { instantOf, publicationDay, startOf } from "./instants.ts";
import { canonicalJson, compareText, field, fieldAt, isObject, textOf } from "./text.ts";

/** Parsed input lines, in the shapes that the service accepts. */
export interface World {
  readonly records: readonly unknown[];
  readonly memberships: readonly unknown[];
  readonly communities: readonly unknown[];
  readonly events: readonly unknown[];
}

/** Half open; instants in microseconds. */
export interface Interval {
  readonly open: number;
  readonly close: number;
}
export interface StoredFile {
  readonly key: string;
  readonly ext: string | null;
  readonly size: number | null;
  readonly checksum: string | null;
}
export interface RecordState {
  readonly begin: number;
  readonly line: unknown;
  readonly parent: string;
  readonly owner: string | null;
  readonly withFiles: boolean;
  readonly files: readonly StoredFile[];
}
export interface RecordHistory {
  readonly id: string;
  readonly created: number;
  /** Start of the publication day of the newest state (T9.1 decision 4). */
  readonly published: number | null;
  readonly states: readonly RecordState[];
  readonly deletions: readonly Interval[];
  /** The membership switch per community, before the basis moves its first interval. */
  readonly memberships: ReadonlyMap<string, readonly Interval[]>;
}
export interface Facts {
  readonly records: readonly RecordHistory[];
  readonly events: readonly UsageEvent[];
}

export function readWorld(world: World): Facts {
  const lines = world.records.map(readRecordLine).filter((line) => line !== null);
  const memberships = world.memberships.map(readMembership).filter((line) => line !== null);
  const records = Array.from(
    groupBy(lines, (line) => line.id),
    ([id, own]) =>
      history(
        own,
        memberships.filter((line) => line.record === id),
      ),
  );
  records.sort((left, right) => compareText(left.id, right.id));
  return { records, events: readEvents(world.events) };
}

/** The last state that has begun; before the first one, the first (T9.1 decision 5). */
export function stateAt(record: RecordHistory, instant: number): RecordState {
  const [first] = record.states;
  if (first === undefined) throw new Error(`record ${record.id} has no state`);
  return record.states.findLast((state) => state.begin <= instant) ?? first;
}

export function within(intervals: readonly Interval[], instant: number): boolean {
  return intervals.some((interval) => interval.open <= instant && instant < interval.close);
}

export function groupBy<Value>(values: readonly Value[], key: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}

interface RecordLine {
  readonly id: string;
  readonly created: number;
  readonly updated: number;
  readonly deleted: boolean;
  readonly removed: number | null;
  readonly line: unknown;
}

function readRecordLine(line: unknown): RecordLine | null {
  const id = textOf(field(line, "id"));
  const created = instantOf(field(line, "created"));
  if (id === null || created === null) return null;
  if (field(line, "is_draft") === true || field(line, "is_published") === false) return null;
  const updated = instantOf(field(line, "updated")) ?? created;
  const removed = instantOf(fieldAt(line, "tombstone", "removal_date"));
  return { id, created, updated, deleted: saysDeleted(line), removed, line };
}

function saysDeleted(line: unknown): boolean {
  const status = field(line, "deletion_status");
  return (
    field(line, "is_deleted") === true ||
    status === "D" ||
    status === "X" ||
    field(status, "is_deleted") === true ||
    isObject(field(line, "tombstone"))
  );
}

function history(unordered: readonly RecordLine[], memberships: readonly MembershipLine[]): RecordHistory {
  const lines = inOrder(unordered);
  const [first, newest] = [lines[0], lines.at(-1)];
  if (first === undefined || newest === undefined) throw new Error("a record without lines");
  const day = publicationDay(fieldAt(newest.line, "metadata", "publication_date"));
  return {
    id: first.id,
    created: first.created,
    published: day === null ? null : startOf(day),
    states: lines.map((line) => stateOf(line, line === first ? first.created : line.updated)),
    deletions: [...deletionsOfLines(lines), ...deletionsOfMemberships(lines, memberships)],
    memberships: membershipsOf(newest, first.created, memberships),
  };
}

/** Ascending by `updated`; of several lines with one `updated` only the greatest text counts. */
function inOrder(lines: readonly RecordLine[]): readonly RecordLine[] {
  const winners = Array.from(groupBy(lines, (line) => String(line.updated)).values(), (same) =>
    same.reduce((best, line) => (compareText(canonicalJson(line.line), canonicalJson(best.line)) > 0 ? line : best)),
  );
  return winners.toSorted((left, right) => left.updated - right.updated);
}

function stateOf({ id, line }: RecordLine, begin: number): RecordState {
  const owner = fieldAt(line, "parent", "access", "owned_by", "user");
  return {
    begin,
    line,
    parent: textOf(fieldAt(line, "parent", "id")) ?? id,
    owner: typeof owner === "number" ? String(owner) : textOf(owner),
    withFiles: fieldAt(line, "files", "enabled") === true,
    files: filesOf(line),
  };
}

/** `files.entries` is a list in the index and an object by key in REST answers. */
function filesOf(line: unknown): readonly StoredFile[] {
  const entries = fieldAt(line, "files", "entries");
  const named: [string, unknown][] = Array.isArray(entries)
    ? entries.map((entry) => ["", entry])
    : Object.entries(isObject(entries) ? entries : {});
  return named.map(([name, entry]) => {
    const size = field(entry, "size");
    return {
      key: textOf(field(entry, "key")) ?? name,
      ext: textOf(field(entry, "ext")),
      size: typeof size === "number" ? size : null,
      checksum: textOf(field(entry, "checksum")),
    };
  });
}

/** T9.1 decision 6: from the first line that says deleted to the next one that does not. */
function deletionsOfLines(lines: readonly RecordLine[]): readonly Interval[] {
  return lines.flatMap((line, index) => {
    if (!line.deleted || lines[index - 1]?.deleted === true) return [];
    const restored = lines.slice(index).find((later) => !later.deleted);
    return [{ open: line.removed ?? line.updated, close: restored?.updated ?? Infinity }];
  });
}

function deletionsOfMemberships(
  lines: readonly RecordLine[],
  memberships: readonly MembershipLine[],
): readonly Interval[] {
  return memberships.flatMap(({ deleted }) => {
    if (deleted === null) return [];
    const restored = lines.find((line) => !line.deleted && line.updated > deleted);
    return [{ open: deleted, close: restored?.updated ?? Infinity }];
  });
}

interface MembershipLine {
  readonly record: string;
  readonly community: string;
  readonly type: "added" | "removed";
  readonly at: number;
  readonly deleted: number | null;
}

function readMembership(line: unknown): MembershipLine | null {
  const [record, community] = [textOf(field(line, "record_id")), textOf(field(line, "community_id"))];
  const [type, at] = [field(line, "event_type"), instantOf(field(line, "event_date"))];
  if (record === null || community === null || at === null) return null;
  if (type !== "added" && type !== "removed") return null;
  const deleted = field(line, "is_deleted") === true ? instantOf(field(line, "deleted_date")) : null;
  return { record, community, type, at, deleted };
}

/** T9.1 decision 7: without any line (those of `global` aside), the communities of the newest state from the creation on. */
function membershipsOf(
  newest: RecordLine,
  created: number,
  lines: readonly MembershipLine[],
): ReadonlyMap<string, readonly Interval[]> {
  const local = lines.filter((line) => line.community !== "global");
  const byCommunity = groupBy(local, (line) => line.community);
  if (local.length > 0) return new Map(Array.from(byCommunity, ([id, same]) => [id, fold(same)]));
  const ids = fieldAt(newest.line, "parent", "communities", "ids");
  const communities = (Array.isArray(ids) ? ids : []).filter((id) => textOf(id) !== null && id !== "global");
  return new Map(communities.map((id) => [String(id), [{ open: created, close: Infinity }]]));
}

/** T2 and T9.1 decision 8: `added` opens if closed, `removed` closes if open; at one instant `added` comes first. */
function fold(lines: readonly MembershipLine[]): readonly Interval[] {
  const ordered = lines.toSorted((left, right) => left.at - right.at || compareText(left.type, right.type));
  const intervals: Interval[] = [];
  let open: number | null = null;
  for (const { type, at } of ordered) {
    if (type === "added") open ??= at;
    if (type === "removed" && open !== null) {
      intervals.push({ open, close: at });
      open = null;
    }
  }
  return open === null ? intervals : [...intervals, { open, close: Infinity }];
}

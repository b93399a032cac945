import { dayNamed } from "../oracle/instants.ts";
import { readWorld, type Facts, type RecordHistory, type World } from "../oracle/facts.ts";
import type { UsageEvent } from "../oracle/events.ts";
import { compareText, field, fieldAt, textOf } from "../oracle/text.ts";
import { scopesOf } from "../oracle/usage-documents.ts";

/** Use of single records by the book: filters and sets over the events of a world, nothing kept. */
export interface UseQuestion {
  readonly scope: string;
  readonly from: string;
  readonly to: string;
}
export interface ListQuestion extends UseQuestion {
  readonly metric: "views" | "downloads";
  readonly per: "record" | "parent";
}
export interface ExpectedNumbers {
  readonly views: number;
  readonly downloads: number;
  readonly dataVolume: number;
  readonly viewVisitors: number | null;
  readonly downloadVisitors: number | null;
  readonly visitors: number | null;
}
interface Use extends UsageEvent {
  readonly scopes: readonly string[];
}

export class ExpectedUse {
  readonly #facts: Facts;
  readonly #restrictedScopes: ReadonlySet<string>;

  constructor(world: World) {
    this.#facts = readWorld(world);
    const restricted = world.communities.filter((line) => fieldAt(line, "access", "visibility") === "restricted");
    this.#restrictedScopes = new Set(restricted.map((line) => String(field(line, "id"))));
  }

  get records(): readonly RecordHistory[] {
    return this.#facts.records;
  }

  list(question: ListQuestion): { readonly records: readonly object[]; readonly count: number } {
    const { scope, metric, per } = question;
    const groups = new Map<string, Use[]>();
    for (const use of this.#uses(question)) {
      const key = per === "record" ? use.record : this.#parentOf(use.record);
      groups.set(key, [...(groups.get(key) ?? []), use]);
    }
    const counted = Array.from(groups, ([key, uses]) => ({ key, numbers: numbersOf(uses) })).filter(
      ({ numbers }) => numbers[metric] > 0,
    );
    const ranked = counted.toSorted(
      (left, right) => right.numbers[metric] - left.numbers[metric] || compareText(left.key, right.key),
    );
    const records = ranked.flatMap(({ key, numbers }) => {
      const versions = this.records.filter((record) => (per === "record" ? record.id : parentNow(record)) === key);
      const named = this.#nameOf(scope, versions);
      return named === null ? [] : [{ ...named, metrics: numbers }];
    });
    return { records: records.map((record, index) => ({ rank: index + 1, ...record })), count: counted.length };
  }

  totals(question: UseQuestion): ExpectedNumbers {
    return numbersOf(this.#uses(question));
  }

  /** Of one record alone and of all versions of its work; null where the record may not be named. */
  usage(question: UseQuestion, id: string): { readonly own: ExpectedNumbers; readonly all: ExpectedNumbers } | null {
    const record = this.records.find((known) => known.id === id);
    if (record === undefined || this.#nameOf(question.scope, [record]) === null) return null;
    const uses = this.#uses(question);
    const versions = this.records.filter((known) => parentNow(known) === parentNow(record)).map((known) => known.id);
    return {
      own: numbersOf(uses.filter((use) => use.record === id)),
      all: numbersOf(uses.filter((use) => versions.includes(use.record))),
    };
  }

  #uses({ scope, from, to }: UseQuestion): readonly Use[] {
    const [first, last] = [dayNamed(from) ?? NaN, dayNamed(to) ?? NaN];
    return this.#facts.events
      .filter((event) => first <= event.day && event.day <= last)
      .map((event) => ({ ...event, scopes: scopesOf(this.#facts, event) }))
      .filter((event) => event.scopes.includes(scope));
  }

  #parentOf(id: string): string {
    const record = this.records.find((known) => known.id === id);
    return record === undefined ? id : parentNow(record);
  }

  #nameOf(scope: string, versions: readonly RecordHistory[]): object | null {
    const open = versions.filter((record) => !isRestricted(record) || this.#isOwn(scope, record));
    const ordered = open.toSorted(
      (left, right) =>
        Number(isDeleted(left)) - Number(isDeleted(right)) ||
        right.created - left.created ||
        compareText(right.id, left.id),
    );
    const [best] = ordered;
    return best === undefined ? null : described(best);
  }

  #isOwn(scope: string, record: RecordHistory): boolean {
    const ids = fieldAt(newest(record), "parent", "communities", "ids");
    return this.#restrictedScopes.has(scope) && Array.isArray(ids) && ids.includes(scope);
  }
}

function newest(record: RecordHistory): unknown {
  return record.states.at(-1)?.line;
}

function parentNow(record: RecordHistory): string {
  return record.states.at(-1)?.parent ?? record.id;
}

function isDeleted(record: RecordHistory): boolean {
  return record.deletions.some(({ close }) => close === Infinity);
}

function isRestricted(record: RecordHistory): boolean {
  const line = newest(record);
  return (fieldAt(line, "access", "record") ?? fieldAt(line, "access", "status")) === "restricted";
}

function described(record: RecordHistory): object {
  const gone = isDeleted(record);
  const title = textOf(fieldAt(newest(record), "metadata", "title"));
  return {
    record: record.id,
    parent: parentNow(record),
    state: gone ? "deleted" : isRestricted(record) ? "restricted" : "public",
    title: gone ? null : title,
  };
}

function numbersOf(uses: readonly Use[]): ExpectedNumbers {
  const [views, downloads] = [
    uses.filter(({ kind }) => kind === "view"),
    uses.filter(({ kind }) => kind === "download"),
  ];
  const days = [...new Set(uses.map(({ day }) => day))];
  const onDay = (list: readonly Use[], day: number) => list.filter((use) => use.day === day);
  // Visitors of different records, or of one record in different communities, cannot be added.
  const rows = (day: number) => new Set(onDay(uses, day).map((use) => JSON.stringify([use.record, setOf(use)]))).size;
  const isKnown = days.every((day) => rows(day) === 1);
  const visitors = (list: readonly Use[]) =>
    isKnown ? sum(days.map((day) => new Set(onDay(list, day).map((use) => use.visitor)).size)) : null;
  return {
    views: views.length,
    downloads: downloads.length,
    dataVolume: sum(downloads.map(({ size }) => size)),
    viewVisitors: visitors(views),
    downloadVisitors: visitors(downloads),
    visitors: visitors(uses),
  };
}

function setOf({ scopes }: Use): readonly string[] {
  return [...new Set(scopes)].toSorted(compareText);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

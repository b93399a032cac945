import type { DayNumber } from "@community-stats/contract/days.ts";
import type { CountedDay, RollupPart, RollupRange, UsageBatch, UsePlaces } from "../../engine/rollup-store.ts";
import { bulk } from "./bulk.ts";
import { distinctScopes } from "./distinct-scopes.ts";
import { changeDocument } from "./documents.ts";
import { firstOfWindow } from "../../engine/window-packing.ts";
import { allHits, numberField } from "./hits.ts";
import type { NumbersPlace } from "./numbers-place.ts";
import type { Json } from "./requests.ts";
import { breakdownField } from "./templates.ts";
import { takenDocuments } from "./taken-use.ts";
import { TOGETHER } from "./window-columns.ts";
import { groupOf, useDocuments } from "./use-documents.ts";
import { columnOf, type FoundUse, ValidUse, type YearWrite } from "./valid-use.ts";
import { manifestSource, yearManifest, yearOfDayNumber, type DayWrite, type YearManifest } from "./year-manifests.ts";

const PAGE = 5000;
const SCOPES_AT_ONCE = 128;
/** Documents with all their columns have hundreds of kilobytes in a large repository. */
const LARGE_PAGE = 200;

/**
 * Use by day: one document per scope and window of days that were written together, with a column per breakdown. What is written anew
 * stands in another place than all valid days of its window and so never touches these; a year's manifest tells for each day which write
 * is valid, and comes with every search.
 */
export class UseNumbers {
  readonly valid: ValidUse;
  readonly #place: NumbersPlace;
  readonly #breakdowns = new Set<string>();

  constructor(place: NumbersPlace) {
    this.#place = place;
    this.valid = new ValidUse(place);
  }

  async replace(batch: UsageBatch): Promise<void> {
    const at = { places: await this.places(batch.days.map(({ day }) => day)), attempt: 1 };
    await this.stage(batch, at);
    await this.validate(batch.days, at);
  }

  /** Years are claimed with the token of the lease: an earlier holder can make nothing of them valid any more. */
  async places(days: readonly DayNumber[]): Promise<UsePlaces> {
    const { requests, index, fence, nextWrite } = this.#place;
    const slots = new Map<DayNumber, number>();
    for (const [year, its] of byYear(days, (day) => day)) {
      await changeDocument(requests, { index, id: yearId(year) }, (source) => {
        const manifest = yearManifest(source);
        const claimed = manifestSource(year, manifest, fence.pass(source));
        for (const group of Map.groupBy(its, groupOf).values()) {
          const slot = freeSlot(manifest, group[0] ?? 0);
          for (const day of group) slots.set(day, slot);
        }
        return claimed["token"] === source?.["token"] ? null : claimed;
      });
    }
    return { write: await nextWrite(), slots: [...slots] };
  }

  /** A document of a later write stays: whoever was overtaken can no longer harm what is valid. */
  async stage(batch: UsageBatch, { places, attempt }: StagedAt): Promise<void> {
    const { requests, index } = this.#place;
    await this.#provideColumns(batch.breakdowns);
    const slots = new Map(places.slots);
    const write = places.write + attempt;
    const documents = useDocuments(batch, { write, slotOf: (day) => slots.get(day) ?? 0 });
    await bulk(requests, index, Array.from(documents));
  }

  async validate(days: readonly CountedDay[], { places, attempt }: StagedAt): Promise<void> {
    const { nextWrite, wrote } = this.#place;
    const written = { write: places.write + attempt, slots: new Map(places.slots), change: await nextWrite() };
    for (const [year, its] of byYear(days, ({ day }) => day)) await this.#validate(year, its, written);
    wrote();
  }

  /**
   * Takes breakdowns out of another generation, in columns of their own, for the days that are counted here. The documents carry the
   * write of their days: they are valid as long as that is, and a day that is counted again has all its columns in one document.
   */
  async take(from: UseNumbers, columns: ReadonlyMap<string, string>, mark: number): Promise<void> {
    const { requests, index, wrote } = this.#place;
    await this.#provideColumns([...columns.values()]);
    const fields = Array.from(columns, ([name, column]) => [breakdownField(name), breakdownField(column)] as const);
    for (const { days } of await this.manifests()) {
      for (const window of Map.groupBy(days.values(), ({ day }) => firstOfWindow(day)).values()) {
        const found = from.byScopes({ kinds: ["usage"], fields: fields.map(([there]) => there), days: window });
        for await (const some of found) {
          const taken = some.documents.flatMap((document) => takenDocuments(document, some, { days, fields, mark }));
          await bulk(requests, index, taken);
        }
      }
    }
    wrote();
  }

  async counted(): Promise<readonly CountedDay[]> {
    const manifests = await this.manifests();
    const days = manifests.flatMap((manifest) => Array.from(manifest.days.values()));
    days.sort((a, b) => a.day - b.day);
    return days.map(({ day, eventVersion, recordSeq }) => ({ day, eventVersion, recordSeq }));
  }

  async read({ kind, scope, breakdown, from, to }: RollupRange): Promise<readonly RollupPart[]> {
    // The use of single records has no breakdowns.
    if (kind !== "usage" && breakdown !== "") return [];
    const field = kind === "usage" ? breakdownField(breakdown) : "data";
    const filter = [{ term: { t: kind } }, { term: { scope } }, hasColumn(field)];
    return columnOf(await this.valid.find({ filter, fields: [field], from, to }), field);
  }

  /** Days of several breakdowns of a scope in one request, ascending. */
  async columns({ scope, breakdowns, from, to }: ColumnsRequest): Promise<ReadonlyMap<string, readonly RollupPart[]>> {
    const filter = [{ term: { t: "usage" } }, { term: { scope } }];
    const found = await this.valid.find({ filter, fields: breakdowns.map(breakdownField), from, to });
    return new Map(breakdowns.map((name) => [name, columnOf(found, breakdownField(name))]));
  }

  async scopes(kind: "usage" | "usage-records"): Promise<readonly number[]> {
    const runs = validRuns(await this.manifests());
    const scopes = new Set<number>();
    for (let from = 0; from < runs.length; from += RUNS_AT_ONCE) {
      const should = runs.slice(from, from + RUNS_AT_ONCE).map(({ write, first, last }) => {
        return { bool: { filter: [{ term: { w: write } }, { range: { period: { gte: first, lte: last } } }] } };
      });
      const query = { bool: { filter: [{ term: { t: kind } }], should, minimum_should_match: 1 } };
      for (const scope of await distinctScopes(this.#place, query)) scopes.add(scope);
    }
    return Array.from(scopes).toSorted((a, b) => a - b);
  }

  /** What all scopes have on neighbouring days, for some scopes at a time: all of them can be too much for the memory. */
  async *byScopes({ kinds, fields, days }: ScopesRequest): AsyncGenerator<FoundUse> {
    const [first, last] = [days[0], days.at(-1)];
    if (first === undefined || last === undefined) return;
    const range = { from: first.day, to: last.day };
    const ofKinds = { terms: { t: kinds } };
    await this.#place.seen();
    const filter = [ofKinds, { range: { period: { gte: range.from, lte: range.to } } }];
    const scopes = await distinctScopes(this.#place, { bool: { filter } });
    for (let from = 0; from < scopes.length; from += SCOPES_AT_ONCE) {
      const some = { terms: { scope: scopes.slice(from, from + SCOPES_AT_ONCE) } };
      const search = { filter: [ofKinds, some], fields: ["scope", ...fields], ...range, pageSize: LARGE_PAGE };
      yield await this.valid.find(search);
    }
  }

  /** The newest write of any day of each year up to this one. */
  async newestWritesByYear(year: number): Promise<readonly YearWrite[]> {
    const { requests, index, seen } = this.#place;
    await seen();
    const filter = [{ term: { t: "year" } }, { range: { period: { lte: year } } }];
    const body = {
      query: { bool: { filter } },
      sort: [{ period: "asc" }],
      stored_fields: "_none_",
      docvalue_fields: ["period", "w"],
    };
    const hits = await allHits(requests, { index, body, pageSize: PAGE });
    return hits.map((hit) => [numberField(hit, "period"), numberField(hit, "w")]);
  }

  async #validate(year: number, days: readonly CountedDay[], at: WrittenAt): Promise<void> {
    const { requests, index, fence } = this.#place;
    await changeDocument(requests, { index, id: yearId(year) }, (source) => {
      const before = yearManifest(source);
      const fresh = days.map(({ day, eventVersion, recordSeq }): [DayNumber, DayWrite] => {
        return [day, { day, eventVersion, recordSeq, write: at.write, slot: at.slots.get(day) ?? 0 }];
      });
      const after = { write: Math.max(before.write, at.change), days: new Map([...before.days, ...fresh]) };
      return manifestSource(year, after, fence.pass(source));
    });
  }

  async manifests(): Promise<readonly YearManifest[]> {
    const { requests, index, seen } = this.#place;
    await seen();
    const body = { query: { term: { t: "year" } }, sort: [{ period: "asc" }] };
    const hits = await allHits(requests, { index, body, pageSize: PAGE });
    return hits.map(({ source }) => yearManifest(source));
  }

  /** The template knows the breakdowns of the contract; a configuration may have more. */
  async #provideColumns(breakdowns: readonly string[]): Promise<void> {
    const fresh = breakdowns.filter((name) => !this.#breakdowns.has(name));
    if (fresh.length === 0) return;
    const properties = Object.fromEntries(fresh.map((name) => [breakdownField(name), BYTES]));
    await this.#place.requests.send("PUT", `/${this.#place.index}/_mapping`, { body: { properties } });
    for (const name of fresh) this.#breakdowns.add(name);
  }
}

const BYTES = { type: "binary", doc_values: true };
const RUNS_AT_ONCE = 500;

export interface ScopesRequest {
  readonly kinds: readonly ("usage" | "usage-records")[];
  readonly fields: readonly string[];
  /** Ascending. */
  readonly days: readonly CountedDay[];
}
interface ColumnsRequest {
  readonly scope: number;
  readonly breakdowns: readonly string[];
  readonly from: number;
  readonly to: number;
}
interface StagedAt {
  readonly places: UsePlaces;
  readonly attempt: number;
}
interface WrittenAt {
  readonly write: number;
  /** Tells readers that the year is not what they remember. */
  readonly change: number;
  readonly slots: ReadonlyMap<DayNumber, number>;
}

/** Neighbouring counted days of one valid write. */
function validRuns(
  manifests: readonly YearManifest[],
): readonly { readonly write: number; readonly first: number; readonly last: number }[] {
  const days = manifests.flatMap((manifest) => Array.from(manifest.days.values())).toSorted((a, b) => a.day - b.day);
  const runs: { write: number; first: number; last: number }[] = [];
  for (const { day, write } of days) {
    const last = runs.at(-1);
    if (last !== undefined && last.write === write) last.last = day;
    else runs.push({ write, first: day, last: day });
  }
  return runs;
}

/** Small documents do not tell which columns they have. */
function hasColumn(field: string): Json {
  return { bool: { should: [{ exists: { field } }, { exists: { field: TOGETHER } }] } };
}

function yearId(year: number): string {
  return `year/${year}`;
}

function byYear<T>(days: readonly T[], dayOf: (one: T) => DayNumber): ReadonlyMap<number, readonly T[]> {
  return Map.groupBy(days, (one) => yearOfDayNumber(dayOf(one)));
}

/** The first place of a window that none of its valid days has. @param day any of the window. */
function freeSlot({ days }: YearManifest, day: number): number {
  const used = new Set<number>();
  for (const its of days.values()) if (firstOfWindow(its.day) === firstOfWindow(day)) used.add(its.slot);
  let slot = 0;
  while (used.has(slot)) slot++;
  return slot;
}

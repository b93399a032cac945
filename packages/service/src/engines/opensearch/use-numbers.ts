import type { DayNumber } from "@community-stats/contract/days.ts";
import type { CountedDay, DayOfUse, RollupPart, RollupRange, UsageBatch } from "../../engine/rollup-store.ts";
import { z } from "zod";
import { bulk, type BulkWrite } from "./bulk.ts";
import { changeDocument, getDocument } from "./documents.ts";
import type { Fence } from "./fence.ts";
import { allHits, base64, bytesField, numberField, textField, type Hit } from "./hits.ts";
import type { Json, Requests } from "./requests.ts";
import { breakdownField } from "./templates.ts";
import {
  manifestSource,
  yearManifest,
  yearOfDayNumber,
  yearsAround,
  type DayWrite,
  type YearManifest,
} from "./year-manifests.ts";

const PAGE = 5000;

/** What the writers of one generation share. */
export interface NumbersPlace {
  readonly requests: Requests;
  readonly index: string;
  readonly fence: Fence;
  /** A number that grows with every write. */
  readonly nextWrite: () => Promise<number>;
  /** Makes what this process has written visible to its next search. */
  readonly seen: () => Promise<void>;
  /** Notes that something was written. */
  readonly wrote: () => void;
}

/**
 * Use by day: one document per scope and day with a column per breakdown. A day has two places, used in turn, so that its new documents
 * never touch those that are valid; a year's manifest tells for each day which write is valid, and comes with every search.
 */
export class UseNumbers {
  readonly #place: NumbersPlace;
  readonly #manifests = new Map<number, YearManifest>();
  readonly #breakdowns = new Set<string>();

  constructor(place: NumbersPlace) {
    this.#place = place;
  }

  async replace(batch: UsageBatch): Promise<void> {
    const { requests, index, nextWrite, wrote } = this.#place;
    await this.#provideColumns(batch.breakdowns);
    const write = await nextWrite();
    const slots = await this.#freeSlots(batch.days);
    const writes = batch.days.flatMap((day) => documentsOf(day, batch, { write, slot: slots.get(day.day) ?? 0 }));
    await bulk(requests, index, writes);
    for (const [year, days] of byYear(batch.days)) await this.#validate(year, days, { write, slots });
    wrote();
  }

  async counted(): Promise<readonly CountedDay[]> {
    const manifests = await this.#allManifests();
    const days = manifests.flatMap((manifest) => Array.from(manifest.days.values()));
    days.sort((a, b) => a.day - b.day);
    return days.map(({ day, eventVersion, recordSeq }) => ({ day, eventVersion, recordSeq }));
  }

  async read({ kind, scope, breakdown, from, to }: RollupRange): Promise<readonly RollupPart[]> {
    const field = kind === "usage" ? breakdownField(breakdown) : "data";
    const wanted = [
      { term: { t: kind } },
      { term: { scope } },
      { exists: { field } },
      { range: { period: { gte: from, lte: to } } },
    ];
    const found = await this.#valid({ filter: wanted, fields: [field], from, to });
    return found.flatMap((hit) => {
      const data = bytesField(hit, field);
      return data === undefined ? [] : [{ period: numberField(hit, "period"), data: Uint8Array.from(data) }];
    });
  }

  async scopes(kind: "usage" | "usage-records"): Promise<readonly number[]> {
    const runs = validRuns(await this.#allManifests());
    const scopes = new Set<number>();
    for (let from = 0; from < runs.length; from += RUNS_AT_ONCE) {
      const should = runs.slice(from, from + RUNS_AT_ONCE).map(({ write, first, last }) => {
        return { bool: { filter: [{ term: { w: write } }, { range: { period: { gte: first, lte: last } } }] } };
      });
      const query = { bool: { filter: [{ term: { t: kind } }], should, minimum_should_match: 1 } };
      for (const scope of await this.#distinctScopes(query)) scopes.add(scope);
    }
    return Array.from(scopes).toSorted((a, b) => a - b);
  }

  async #distinctScopes(query: Json): Promise<readonly number[]> {
    const { requests, index } = this.#place;
    const scopes: number[] = [];
    let after: Json | undefined;
    do {
      const composite = { size: PAGE, sources: [{ scope: { terms: { field: "scope" } } }] };
      const aggs = { scopes: { composite: after === undefined ? composite : { ...composite, after } } };
      const answer = await requests.search(index, { size: 0, track_total_hits: false, query, aggs });
      const { buckets, after_key } = scopesSchema.parse(answer).aggregations.scopes;
      scopes.push(...buckets.map(({ key }) => key.scope));
      after = after_key;
    } while (after !== undefined);
    return scopes;
  }

  /** The newest write of any day of each year up to this one. */
  async newestWritesByYear(year: number): Promise<readonly (readonly [year: number, write: number])[]> {
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

  /** Documents whose write is the valid one of their day; ascending by day. One request, unless a year changed since the last. */
  async #valid(search: ValidSearch): Promise<readonly Hit[]> {
    const hits = await this.#search(search, false);
    if (this.#isCurrent(hits)) return this.#onlyValid(hits);
    // The manifests come in the same answer as the documents: nothing can change between them.
    const again = await this.#search(search, true);
    for (const hit of again.filter(isManifest))
      this.#manifests.set(numberField(hit, "period"), yearManifest(hit.source));
    return this.#onlyValid(again);
  }

  async #search({ filter, fields, from, to }: ValidSearch, withManifests: boolean): Promise<readonly Hit[]> {
    const { requests, index, seen } = this.#place;
    await seen();
    const manifests = [{ term: { t: "year" } }, { range: { period: yearsAround(from, to) } }];
    const body = {
      query: { bool: { should: [{ bool: { filter } }, { bool: { filter: manifests } }] } },
      sort: [{ period: "asc" }, { w: "asc" }, { scope: "asc" }],
      docvalue_fields: ["t", "period", "w", ...fields],
      ...(withManifests ? { _source: ["w", "days"] } : { stored_fields: "_none_" }),
    };
    return await allHits(requests, { index, body, pageSize: PAGE });
  }

  #isCurrent(hits: readonly Hit[]): boolean {
    return hits
      .filter(isManifest)
      .every((hit) => this.#manifests.get(numberField(hit, "period"))?.write === numberField(hit, "w"));
  }

  #onlyValid(hits: readonly Hit[]): readonly Hit[] {
    const years = hits.filter(isManifest).map((hit) => this.#manifests.get(numberField(hit, "period")));
    const writes = new Map<number, number>();
    for (const manifest of years) for (const { day, write } of manifest?.days.values() ?? []) writes.set(day, write);
    return hits.filter((hit) => !isManifest(hit) && writes.get(numberField(hit, "period")) === numberField(hit, "w"));
  }

  async #freeSlots(days: readonly DayOfUse[]): Promise<ReadonlyMap<DayNumber, number>> {
    const slots = new Map<DayNumber, number>();
    for (const [year, its] of byYear(days)) {
      const { index, requests } = this.#place;
      const manifest = yearManifest((await getDocument(requests, index, yearId(year)))?.source ?? null);
      for (const { day } of its) slots.set(day, 1 - (manifest.days.get(day)?.slot ?? 1));
    }
    return slots;
  }

  async #validate(year: number, days: readonly DayOfUse[], at: WrittenAt): Promise<void> {
    const { requests, index, fence } = this.#place;
    await changeDocument(requests, { index, id: yearId(year) }, (source) => {
      const before = yearManifest(source);
      const fresh = days.map(({ day, eventVersion, recordSeq }): [DayNumber, DayWrite] => {
        return [day, { day, eventVersion, recordSeq, write: at.write, slot: at.slots.get(day) ?? 0 }];
      });
      const after = { write: Math.max(before.write, at.write), days: new Map([...before.days, ...fresh]) };
      return manifestSource(year, after, fence.pass(source));
    });
  }

  async #allManifests(): Promise<readonly YearManifest[]> {
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
const scopesSchema = z.object({
  aggregations: z.object({
    scopes: z.object({
      buckets: z.array(z.object({ key: z.object({ scope: z.number() }) })),
      after_key: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
});

interface ValidSearch {
  readonly filter: readonly Json[];
  readonly fields: readonly string[];
  readonly from: number;
  readonly to: number;
}
interface WrittenAt {
  readonly write: number;
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

function isManifest(hit: Hit): boolean {
  return textField(hit, "t") === "year";
}

function yearId(year: number): string {
  return `year/${year}`;
}

function byYear(days: readonly DayOfUse[]): ReadonlyMap<number, readonly DayOfUse[]> {
  return Map.groupBy(days, ({ day }) => yearOfDayNumber(day));
}

/** A document for each scope of a day, and one for the use of single records. */
function documentsOf(day: DayOfUse, batch: UsageBatch, at: { write: number; slot: number }): readonly BulkWrite[] {
  const columns = new Map<number, Record<string, string>>();
  for (let blob = 0; blob < day.scope.length; blob++) {
    const scope = day.scope[blob] ?? 0;
    const ofScope = columns.get(scope) ?? {};
    const field = breakdownField(batch.breakdowns[day.breakdown[blob] ?? 0] ?? "");
    ofScope[field] = base64(day.data.subarray(day.start[blob], day.start[blob + 1]));
    columns.set(scope, ofScope);
  }
  const common = { period: day.day, w: at.write };
  const writes = Array.from(columns, ([scope, ofScope]): BulkWrite => {
    const id = `usage/${day.day}/${scope}/${at.slot}`;
    return { action: "index", id, source: { t: "usage", scope, ...common, ...ofScope } };
  });
  if (day.records.length === 0) return writes;
  const source = { t: "usage-records", scope: batch.globalScope, ...common, data: base64(day.records) };
  return [...writes, { action: "index", id: `usage-records/${day.day}/${at.slot}`, source }];
}

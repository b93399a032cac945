import { allHits, numberField, textField, type Hit } from "./hits.ts";
import type { NumbersPlace } from "./numbers-place.ts";
import type { Json } from "./requests.ts";
import { yearManifest, yearsAround, type YearManifest } from "./year-manifests.ts";

const PAGE = 5000;

/** The newest write of any day of a year. */
export type YearWrite = readonly [year: number, write: number];

export interface UseSearch {
  /** Which documents of days. */
  readonly filter: readonly Json[];
  /** Columns that are wanted beside `t`, `period` and `w`. */
  readonly fields: readonly string[];
  readonly from: number;
  readonly to: number;
  /** Documents of other kinds that come along. */
  readonly beside?: readonly Json[];
  /** Whether `years` must hold all years up to the range. */
  readonly allYears?: boolean;
}
export interface FoundUse {
  /** Documents whose write is the valid one of their day; ascending by day. */
  readonly days: readonly Hit[];
  readonly beside: readonly Hit[];
  /** Ascending. */
  readonly years: readonly YearWrite[];
}

/** Finds the valid use of days: the manifests of their years come in the same answer, so nothing can change between them. */
export class ValidUse {
  readonly #place: NumbersPlace;
  readonly #manifests = new Map<number, YearManifest>();

  constructor(place: NumbersPlace) {
    this.#place = place;
  }

  /** One request, unless a year changed since the last. */
  async find(search: UseSearch): Promise<FoundUse> {
    const hits = await this.#search(search, false);
    if (this.#isCurrent(hits)) return this.#found(hits);
    const again = await this.#search(search, true);
    for (const hit of again.filter(isManifest))
      this.#manifests.set(numberField(hit, "period"), yearManifest(hit.source));
    return this.#found(again);
  }

  async #search(
    { filter, fields, from, to, beside = [], allYears = false }: UseSearch,
    withManifests: boolean,
  ): Promise<readonly Hit[]> {
    const { requests, index, seen } = this.#place;
    await seen();
    const { gte, lte } = yearsAround(from, to);
    const manifests = [{ term: { t: "year" } }, { range: { period: allYears ? { lte } : { gte, lte } } }];
    const body = {
      query: { bool: { should: [{ bool: { filter } }, { bool: { filter: manifests } }, ...beside] } },
      sort: [{ period: "asc" }, { w: "asc" }, { scope: "asc" }, { part: "asc" }],
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

  #found(hits: readonly Hit[]): FoundUse {
    const manifests = hits.filter(isManifest);
    const writes = new Map<number, number>();
    for (const hit of manifests) {
      const manifest = this.#manifests.get(numberField(hit, "period"));
      for (const { day, write } of manifest?.days.values() ?? []) writes.set(day, write);
    }
    return {
      days: hits.filter((hit) => isDay(hit) && writes.get(numberField(hit, "period")) === numberField(hit, "w")),
      beside: hits.filter((hit) => !isDay(hit) && !isManifest(hit)),
      years: manifests.map((hit) => [numberField(hit, "period"), numberField(hit, "w")]),
    };
  }
}

function isManifest(hit: Hit): boolean {
  return textField(hit, "t") === "year";
}

function isDay(hit: Hit): boolean {
  const t = textField(hit, "t");
  return t === "usage" || t === "usage-records";
}

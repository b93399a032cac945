import type { RollupPart } from "../../engine/rollup-store.ts";
import { firstOfWindow } from "../../engine/window-packing.ts";
import { allHits, numberField, textField, type Hit } from "./hits.ts";
import type { NumbersPlace } from "./numbers-place.ts";
import type { Json } from "./requests.ts";
import { daysOfColumn, TOGETHER } from "./window-columns.ts";
import { yearManifest, yearsAround, type YearManifest } from "./year-manifests.ts";

const PAGE = 5000;

/** The newest write of any day of a year. */
export type YearWrite = readonly [year: number, write: number];

export interface UseSearch {
  /** Which of the documents of use that have a day of the range. */
  readonly filter: readonly Json[];
  /** Columns that are wanted beside `t`, `period` and `w`. */
  readonly fields: readonly string[];
  /** Days, inclusive. */
  readonly from: number;
  readonly to: number;
  /** Documents of other kinds that come along. */
  readonly beside?: readonly Json[];
  /** Whether `years` must hold all years up to the range. */
  readonly allYears?: boolean;
  /** Documents of one answer of OpenSearch: fewer where each is large. */
  readonly pageSize?: number;
}
export interface FoundUse {
  /** Each has the write of at least one day of the range; ascending by their first day. */
  readonly documents: readonly Hit[];
  /** What a document has of a column on those days of the range whose valid write is its own; ascending. */
  readonly daysOf: (document: Hit, column: string) => readonly RollupPart[];
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
    if (this.#isCurrent(hits)) return this.#found(hits, search);
    const again = await this.#search(search, true);
    for (const hit of again.filter(isManifest))
      this.#manifests.set(numberField(hit, "period"), yearManifest(hit.source));
    return this.#found(again, search);
  }

  async #search(
    { filter, fields, from, to, beside = [], allYears = false, pageSize = PAGE }: UseSearch,
    withManifests: boolean,
  ): Promise<readonly Hit[]> {
    const { requests, index, seen } = this.#place;
    await seen();
    const { gte, lte } = yearsAround(from, to);
    const use = [...filter, { range: { period: { gte: from, lte: to } } }];
    const manifests = [{ term: { t: "year" } }, { range: { period: allYears ? { lte } : { gte, lte } } }];
    const body = {
      query: { bool: { should: [{ bool: { filter: use } }, { bool: { filter: manifests } }, ...beside] } },
      sort: [{ period: "asc" }, { w: "asc" }, { scope: "asc" }, { part: "asc" }, { _seq_no: "asc" }],
      docvalue_fields: ["t", "period", "w", TOGETHER, ...fields],
      ...(withManifests ? { _source: ["w", "days"] } : { stored_fields: "_none_" }),
    };
    return await allHits(requests, { index, body, pageSize });
  }

  #isCurrent(hits: readonly Hit[]): boolean {
    return hits
      .filter(isManifest)
      .every((hit) => this.#manifests.get(numberField(hit, "period"))?.write === numberField(hit, "w"));
  }

  #found(hits: readonly Hit[], { from, to }: UseSearch): FoundUse {
    const manifests = hits.filter(isManifest);
    const writes = new Map<number, number>();
    for (const hit of manifests) {
      const manifest = this.#manifests.get(numberField(hit, "period"));
      for (const { day, write } of manifest?.days.values() ?? []) if (day >= from && day <= to) writes.set(day, write);
    }
    const valid = new Set(writes.values());
    return {
      documents: hits.filter((hit) => isUse(hit) && valid.has(numberField(hit, "w"))),
      daysOf: (document, column) => validDays(document, column, writes),
      beside: hits.filter((hit) => !isUse(hit) && !isManifest(hit)),
      years: manifests.map((hit) => [numberField(hit, "period"), numberField(hit, "w")]),
    };
  }
}

/** A column as it is valid, ascending by day. */
export function columnOf({ documents, daysOf }: FoundUse, column: string): readonly RollupPart[] {
  const days = documents.flatMap((document) => daysOf(document, column));
  // Two documents of a window can have days between each other's.
  return days.toSorted((a, b) => a.period - b.period);
}

function validDays(document: Hit, column: string, writes: ReadonlyMap<number, number>): readonly RollupPart[] {
  const [write, start] = [numberField(document, "w"), firstOfWindow(numberField(document, "period"))];
  return daysOfColumn(document, column).flatMap(({ offset, data }) => {
    const period = start + offset;
    return writes.get(period) === write ? [{ period, data }] : [];
  });
}

function isManifest(hit: Hit): boolean {
  return textField(hit, "t") === "year";
}

function isUse(hit: Hit): boolean {
  const t = textField(hit, "t");
  return t === "usage" || t === "usage-records";
}

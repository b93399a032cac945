import type { RollupBlob, RollupPart, RollupRange, UseSinceCheckpoint } from "../../engine/rollup-store.ts";
import { bulk } from "./bulk.ts";
import { firstDayOfYear } from "../../domain/periods.ts";
import { allHits, numberField, pages, textField, type Hit } from "./hits.ts";
import { BLOB_FIELDS, blobParts, blobWrites, takenBlob } from "./number-blobs.ts";
import { checkpointOf } from "./series-numbers.ts";
import type { NumbersPlace, UseNumbers } from "./use-numbers.ts";

const PAGE = 100;

/** Sums of use up to the ends of years. One is valid while no day of its year or before was written after it. */
export class UseCheckpoints {
  readonly #place: NumbersPlace;
  readonly #use: UseNumbers;

  constructor(place: NumbersPlace, use: UseNumbers) {
    this.#place = place;
    this.#use = use;
  }

  async write(blobs: readonly RollupBlob[]): Promise<void> {
    const { requests, index, nextWrite, wrote } = this.#place;
    const write = await nextWrite();
    const at = (blob: RollupBlob) => ({ t: checkpointOf(blob.kind), slot: 0, write });
    await bulk(
      requests,
      index,
      blobs.flatMap((blob) => Array.from(blobWrites(blob, at(blob)))),
    );
    wrote();
  }

  /** Takes those of breakdowns out of another generation, under names of their own. */
  async take(from: UseCheckpoints, columns: ReadonlyMap<string, string>): Promise<void> {
    const { requests, index, seen } = from.#place;
    await seen();
    const filter = [{ term: { t: checkpointOf("usage") } }, { terms: { kind: [...columns.keys()] } }];
    const body = {
      query: { bool: { filter } },
      sort: ["scope", "kind", "period", "part"].map((field) => ({ [field]: "asc" })),
      stored_fields: "_none_",
      docvalue_fields: ["scope", "kind", ...BLOB_FIELDS],
    };
    const writes = await from.#use.newestWritesByYear(LAST_YEAR);
    const write = await this.#place.nextWrite();
    for await (const hits of pages(requests, { index, body, pageSize: PAGE })) {
      const valid = hits.filter((hit) => isValid(hit, writes));
      await bulk(
        this.#place.requests,
        this.#place.index,
        valid.map((hit) => takenBlob(hit, { t: checkpointOf("usage"), columns, write, slot: 0 })),
      );
    }
    this.#place.wrote();
  }

  /** Three requests, however many breakdowns there are. */
  async since({ scope, breakdowns, lastYear }: SinceRequest): Promise<ReadonlyMap<string, UseSinceCheckpoint>> {
    const newest = await this.#newestOf(scope, breakdowns, lastYear);
    const behind = breakdowns.filter((name) => newest.get(name)?.period !== lastYear);
    const starts = behind.map((name) => dayAfter(newest.get(name)));
    const range = { from: Math.min(...starts), to: firstDayOfYear(lastYear + 1) - 1 };
    const days = behind.length === 0 ? NO_DAYS : await this.#use.columns({ scope, breakdowns: behind, ...range });
    return new Map(
      breakdowns.map((name) => {
        const checkpoint = newest.get(name);
        const after = (days.get(name) ?? []).filter(({ period }) => period >= dayAfter(checkpoint));
        return [name, { checkpoint: checkpoint ?? null, days: after }];
      }),
    );
  }

  async #newestOf(
    scope: number,
    breakdowns: readonly string[],
    year: number,
  ): Promise<ReadonlyMap<string, RollupPart>> {
    const { requests, index, seen } = this.#place;
    await seen();
    const filter = [
      { term: { t: checkpointOf("usage") } },
      { term: { scope } },
      { terms: { kind: breakdowns } },
      { range: { period: { lte: year } } },
    ];
    const body = {
      query: { bool: { filter } },
      sort: [{ kind: "asc" }, { period: "asc" }, { part: "asc" }],
      stored_fields: "_none_",
      docvalue_fields: ["kind", ...BLOB_FIELDS],
    };
    const hits = await allHits(requests, { index, body, pageSize: PAGE });
    if (hits.length === 0) return new Map();
    const writes = await this.#use.newestWritesByYear(year);
    const valid = hits.filter((hit) => isValid(hit, writes));
    const newest = new Map<string, RollupPart>();
    for (const [name, its] of Map.groupBy(valid, (hit) => textField(hit, "kind"))) {
      const part = blobParts(its).at(-1);
      if (part !== undefined) newest.set(name, part);
    }
    return newest;
  }

  async newest({ kind, scope, breakdown }: Omit<RollupRange, "from" | "to">, year: number): Promise<RollupPart | null> {
    const { requests, index, seen } = this.#place;
    await seen();
    const filter = [
      { term: { t: checkpointOf(kind) } },
      { term: { scope } },
      { term: { kind: breakdown } },
      { range: { period: { lte: year } } },
    ];
    const body = {
      query: { bool: { filter } },
      sort: [{ period: "asc" }, { part: "asc" }],
      stored_fields: "_none_",
      docvalue_fields: BLOB_FIELDS,
    };
    const hits = await allHits(requests, { index, body, pageSize: PAGE });
    if (hits.length === 0) return null;
    const writes = await this.#use.newestWritesByYear(year);
    return blobParts(hits.filter((hit) => isValid(hit, writes))).at(-1) ?? null;
  }
}

export interface SinceRequest {
  readonly scope: number;
  readonly breakdowns: readonly string[];
  readonly lastYear: number;
}

const LAST_YEAR = 9999;
const EARLIEST = -10_000_000;
const NO_DAYS: ReadonlyMap<string, readonly RollupPart[]> = new Map();

function dayAfter(checkpoint: RollupPart | undefined): number {
  return checkpoint === undefined ? EARLIEST : firstDayOfYear(checkpoint.period + 1);
}

function isValid(hit: Hit, writes: readonly (readonly [year: number, write: number])[]): boolean {
  const [period, its] = [numberField(hit, "period"), numberField(hit, "w")];
  return writes.every(([of, write]) => of > period || write < its);
}

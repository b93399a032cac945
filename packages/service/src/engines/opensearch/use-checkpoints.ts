import type { RollupBlob, RollupPart, RollupRange } from "../../engine/rollup-store.ts";
import { bulk } from "./bulk.ts";
import { allHits, numberField, pages, type Hit } from "./hits.ts";
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

const LAST_YEAR = 9999;

function isValid(hit: Hit, writes: readonly (readonly [year: number, write: number])[]): boolean {
  const [period, its] = [numberField(hit, "period"), numberField(hit, "w")];
  return writes.every(([of, write]) => of > period || write < its);
}

import type { RollupBlob, RollupPart, RollupRange } from "../../engine/rollup-store.ts";
import { bulk } from "./bulk.ts";
import { allHits, numberField } from "./hits.ts";
import { BLOB_FIELDS, blobParts, blobWrites } from "./number-blobs.ts";
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
    const valid = hits.filter((hit) => {
      const [period, its] = [numberField(hit, "period"), numberField(hit, "w")];
      return writes.every(([of, write]) => of > period || write < its);
    });
    return blobParts(valid).at(-1) ?? null;
  }
}

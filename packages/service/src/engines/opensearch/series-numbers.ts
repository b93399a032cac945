import type { RollupBlob, RollupKind, RollupPart, RollupRange } from "../../engine/rollup-store.ts";
import { bulk, type BulkWrite } from "./bulk.ts";
import { changeDocument, getDocument } from "./documents.ts";
import { allHits, numberField, pages, type Hit } from "./hits.ts";
import { BLOB_FIELDS, blobParts, blobWrites, takenBlob } from "./number-blobs.ts";
import type { NumbersPlace } from "./numbers-place.ts";
import { digestsOf, seriesDigests } from "./series-digests.ts";
import { blobsOf, checkpointOf, seriesOf, validBlobs } from "./valid-series.ts";

const PAGE = 2000;
/** Parts of blobs, each of a megabyte at most. */
const TAKEN_AT_ONCE = 32;

/**
 * Holdings by year: the blobs of one kind and scope are replaced together. They have two places, used in turn; a document per kind and scope
 * tells which write is valid, and comes with every search.
 */
export class SeriesNumbers {
  readonly #place: NumbersPlace;

  constructor(place: NumbersPlace) {
    this.#place = place;
  }

  // oxlint-disable-next-line eslint/max-params -- the port's signature without its generation
  async replace(
    kind: RollupKind,
    scope: number,
    blobs: readonly RollupBlob[],
    checkpoints: readonly RollupBlob[],
  ): Promise<void> {
    const { requests, index, fence, nextWrite, wrote } = this.#place;
    const line = seriesDigests(blobs, checkpoints);
    const found = await getDocument(requests, index, seriesId(kind, scope));
    fence.pass(found?.source ?? null);
    // Most scopes do not change from one run to the next.
    if (found !== null && digestsOf(found.source).all === line.all) return;
    const write = await nextWrite();
    const slot = found?.source["part"] === 0 ? 1 : 0;
    const writes = [
      ...blobs.flatMap((blob) => Array.from(blobWrites(blob, { t: kind, slot, write }))),
      ...checkpoints.flatMap((blob) => Array.from(blobWrites(blob, { t: checkpointOf(kind), slot, write }))),
    ];
    await bulk(requests, index, writes);
    await changeDocument(requests, { index, id: seriesId(kind, scope) }, (source) => {
      return { t: seriesOf(kind), scope, part: slot, count: blobs.length, w: write, token: fence.pass(source), line };
    });
    wrote();
  }

  /** Takes breakdowns out of another generation, under names of their own; valid as long as the scope's other numbers are. */
  async take(kind: RollupKind, from: SeriesNumbers, columns: ReadonlyMap<string, string>): Promise<void> {
    const [here, there] = [await this.#series(kind), await from.#series(kind)];
    const { requests, index, wrote } = this.#place;
    for (const t of [kind, checkpointOf(kind)]) {
      for await (const hits of from.#all(t, [...columns.keys()])) {
        const writes = hits.flatMap((hit): BulkWrite[] => {
          const scope = numberField(hit, "scope");
          const series = here.get(scope);
          if (series === undefined || there.get(scope)?.write !== numberField(hit, "w")) return [];
          return [takenBlob(hit, { t, columns, ...series })];
        });
        await bulk(requests, index, writes);
      }
    }
    wrote();
  }

  /** By scope and year. */
  async digests(kind: RollupKind): Promise<ReadonlyMap<number, ReadonlyMap<number, string>>> {
    const { requests, index, seen } = this.#place;
    await seen();
    const body = { query: { term: { t: seriesOf(kind) } }, sort: [{ scope: "asc" }], docvalue_fields: ["scope"] };
    const hits = await allHits(requests, { index, body, pageSize: PAGE });
    return new Map(hits.map((hit) => [numberField(hit, "scope"), new Map(digestsOf(hit.source).years)]));
  }

  /** Which write of each scope is valid, and where it stands. */
  async #series(kind: RollupKind): Promise<ReadonlyMap<number, ValidWrite>> {
    const { requests, index, seen } = this.#place;
    await seen();
    const body = {
      query: { term: { t: seriesOf(kind) } },
      sort: [{ scope: "asc" }],
      stored_fields: "_none_",
      docvalue_fields: ["scope", "part", "w"],
    };
    const hits = await allHits(requests, { index, body, pageSize: PAGE });
    return new Map(
      hits.map((hit) => [numberField(hit, "scope"), { write: numberField(hit, "w"), slot: numberField(hit, "part") }]),
    );
  }

  #all(t: string, names: readonly string[]): AsyncGenerator<readonly Hit[]> {
    const { requests, index } = this.#place;
    const filter = [{ term: { t } }, { terms: { kind: names } }];
    const body = {
      query: { bool: { filter } },
      sort: ["scope", "kind", "period", "part", "w"].map((field) => ({ [field]: "asc" })),
      stored_fields: "_none_",
      docvalue_fields: ["scope", "kind", ...BLOB_FIELDS],
    };
    return pages(requests, { index, body, pageSize: TAKEN_AT_ONCE });
  }

  async read({ kind, scope, breakdown, from, to }: RollupRange): Promise<readonly RollupPart[]> {
    const years = blobsOf(kind, { scope, breakdowns: [breakdown], from, to });
    return blobParts((await validBlobs(this.#place, { kind, scope }, [years])).valid);
  }

  async checkpoint(
    { kind, scope, breakdown }: Omit<RollupRange, "from" | "to">,
    year: number,
  ): Promise<RollupPart | null> {
    const sums = blobsOf(checkpointOf(kind), { scope, breakdowns: [breakdown], to: year });
    return blobParts((await validBlobs(this.#place, { kind, scope }, [sums])).valid).at(-1) ?? null;
  }

  async scopes(kind: RollupKind): Promise<readonly number[]> {
    const { requests, index, seen } = this.#place;
    await seen();
    const filter = [{ term: { t: seriesOf(kind) } }, { range: { count: { gt: 0 } } }];
    const body = {
      query: { bool: { filter } },
      sort: [{ scope: "asc" }],
      stored_fields: "_none_",
      docvalue_fields: ["scope"],
    };
    const hits = await allHits(requests, { index, body, pageSize: PAGE });
    return hits.map((hit) => numberField(hit, "scope"));
  }
}

interface ValidWrite {
  readonly write: number;
  readonly slot: number;
}

function seriesId(kind: RollupKind, scope: number): string {
  return `series/${kind}/${scope}`;
}

import type { RollupKind } from "../../engine/rollup-store.ts";
import { allHits, numberField, textField, type Hit } from "./hits.ts";
import { LABELS_HEAD, labelsWriteOf } from "./labels.ts";
import { BLOB_FIELDS } from "./number-blobs.ts";
import type { NumbersPlace } from "./numbers-place.ts";
import type { Json } from "./requests.ts";

const PAGE = 2000;

export interface ValidBlobs {
  /** Ascending by period and part. */
  readonly valid: readonly Hit[];
  /** Which writing of the labels was there at that moment. */
  readonly labelsWrite: number | null;
}

/**
 * Those of the wanted blobs of a kind and scope that are of its valid write. Its head tells that, and comes in the same answer: nothing can
 * change in between.
 */
export async function validBlobs(
  { requests, index, seen }: NumbersPlace,
  { kind, scope }: { readonly kind: RollupKind; readonly scope: number },
  wanted: readonly Json[],
): Promise<ValidBlobs> {
  await seen();
  const head = { bool: { filter: [{ term: { t: seriesOf(kind) } }, { term: { scope } }] } };
  const body = {
    query: { bool: { should: [...wanted, head, LABELS_HEAD] } },
    sort: [{ period: { order: "asc", missing: "_first" } }, { part: "asc" }, { w: "asc" }],
    stored_fields: "_none_",
    docvalue_fields: ["t", "kind", ...BLOB_FIELDS],
  };
  const hits = await allHits(requests, { index, body, pageSize: PAGE });
  const found = hits.find((hit) => textField(hit, "t") === seriesOf(kind));
  const write = found === undefined ? null : numberField(found, "w");
  const valid = hits.filter((hit) => isBlob(hit) && numberField(hit, "w") === write);
  return { valid, labelsWrite: labelsWriteOf(hits) };
}

export interface BlobRange {
  readonly scope: number;
  readonly breakdowns: readonly string[];
  /** Without it, from the beginning. */
  readonly from?: number;
  readonly to: number;
}

/** Finds blobs. @param t a kind, or `checkpointOf` one. */
export function blobsOf(t: string, { scope, breakdowns, from, to }: BlobRange): Json {
  const period = from === undefined ? { lte: to } : { gte: from, lte: to };
  return {
    bool: { filter: [{ term: { t } }, { term: { scope } }, { terms: { kind: breakdowns } }, { range: { period } }] },
  };
}

export function checkpointOf(kind: RollupKind): string {
  return `checkpoint:${kind}`;
}

export function seriesOf(kind: RollupKind): string {
  return `series:${kind}`;
}

/** Heads have no name of a breakdown. */
function isBlob({ fields }: Hit): boolean {
  return fields["kind"] !== undefined;
}

import type { RollupBlob, RollupPart } from "../../engine/rollup-store.ts";
import type { BulkWrite } from "./bulk.ts";
import { base64, bytesField, numberField, textField, type Hit } from "./hits.ts";

/** A blob is cut into documents of this size: a request must hold one, whatever the cluster allows. */
const PART_BYTES = 1 << 20;

/** Under which ids and with which write a blob is stored. */
export interface BlobPlace {
  readonly t: string;
  readonly slot: number;
  readonly write: number;
}

/** The documents of one blob. */
export function* blobWrites(blob: RollupBlob, { t, slot, write }: BlobPlace): Generator<BulkWrite> {
  const { scope, breakdown, period, data } = blob;
  for (let part = 0; part === 0 || part * PART_BYTES < data.length; part++) {
    const piece = data.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
    const id = `${t}/${scope}/${breakdown}/${period}/${slot}/${part}`;
    const source = { t, scope, kind: breakdown, period, part, w: write, data: base64(piece) };
    yield { action: "index", id, version: write, source };
  }
}

export interface TakenPlace extends BlobPlace {
  /** Names there and here. */
  readonly columns: ReadonlyMap<string, string>;
}

/** A part of a blob of another index, under the name that it has here. */
export function takenBlob(hit: Hit, { t, columns, slot, write }: TakenPlace): BulkWrite {
  const field = (name: string): number => numberField(hit, name);
  const [scope, period, part] = [field("scope"), field("period"), field("part")];
  const kind = columns.get(textField(hit, "kind")) ?? "";
  const data = base64(bytesField(hit, "data") ?? new Uint8Array(0));
  return {
    action: "index",
    id: `${t}/${scope}/${kind}/${period}/${slot}/${part}`,
    source: { t, scope, kind, period, part, w: write, data },
  };
}

export const BLOB_FIELDS = ["period", "part", "w", "data"];

/** The blobs of hits that ascend by period and part. */
export function blobParts(hits: readonly Hit[]): readonly RollupPart[] {
  const parts: { period: number; pieces: Uint8Array[] }[] = [];
  for (const hit of hits) {
    const period = numberField(hit, "period");
    const piece = bytesField(hit, "data") ?? new Uint8Array(0);
    const last = parts.at(-1);
    if (last !== undefined && last.period === period) last.pieces.push(piece);
    else parts.push({ period, pieces: [piece] });
  }
  return parts.map(({ period, pieces }) => ({ period, data: plain(pieces) }));
}

/** Bytes of their own, not a view of a shared buffer. */
function plain(pieces: readonly Uint8Array[]): Uint8Array {
  const data = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    data.set(piece, at);
    at += piece.length;
  }
  return data;
}

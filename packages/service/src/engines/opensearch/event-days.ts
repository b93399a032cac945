import type { DayNumber } from "@community-stats/contract/days.ts";
import { z } from "zod";
import { FactsUnreadableError } from "../../engine/errors.ts";
import { type EventRows, gatherRows } from "../../engine/event-rows.ts";
import { packRows, partId, partPlace, unpackRows } from "./event-parts.ts";
import { base64 } from "./hits.ts";
import { changeDocument, getDocument, getDocuments } from "./documents.ts";
import { type DayEntry, dayEntry, dayId, daySource, isSame, type PartEntry, PART_ROWS } from "./day-entry.ts";
import { bulk } from "./bulk.ts";
import type { KeptParts } from "./kept-parts.ts";
import type { Requests } from "./requests.ts";

export interface EventPartsOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Null where nothing is kept on this machine. */
  readonly kept: KeptParts | null;
}

/** The parts of days, in the index of facts. A part is never changed: its id is the digest of its bytes. */
export class EventParts {
  readonly #requests: Requests;
  readonly #index: string;
  readonly #now: () => number;
  readonly #kept: KeptParts | null;

  constructor(requests: Requests, index: string, { now, kept }: EventPartsOptions) {
    this.#requests = requests;
    this.#index = index;
    this.#now = now;
    this.#kept = kept;
  }

  /** @returns the entries of the parts, and their bytes together. */
  async write(day: DayNumber, rows: EventRows): Promise<{ entries: readonly PartEntry[]; bytes: number }> {
    const packed = partsOf(rows).map((part) => {
      const data = packRows(part);
      const id = partId(day, data);
      return { id, data, entry: { id, count: part.count, ...spanOf(part) } };
    });
    const writes = packed.map(({ id, data }) => {
      const source = { t: "part", period: day, version: this.#now(), payload: base64(data) };
      return { action: "index", id, source } as const;
    });
    await bulk(this.#requests, this.#index, writes);
    return {
      entries: packed.map(({ entry }) => entry),
      bytes: packed.reduce((sum, { data }) => sum + data.length, 0),
    };
  }

  /** As `read`, of all parts of a day, as far as possible out of what is kept on this machine. */
  async readDay({ period, parts }: DayEntry): Promise<readonly EventRows[] | null> {
    const kept = this.#kept;
    if (kept === null) return await this.read(parts);
    const rows = await this.#read(parts, (ids) => this.#keptOrStored(kept, ids));
    const ids = parts.map(({ id }) => id);
    if (rows !== null) await kept.keepOnly(period as DayNumber, ids);
    return rows;
  }

  /** The rows of these parts in their order; null when one of them is gone: the day was packed meanwhile. */
  async read(entries: readonly PartEntry[]): Promise<readonly EventRows[] | null> {
    return await this.#read(entries, (ids) => this.#stored(ids));
  }

  async #read(
    entries: readonly PartEntry[],
    packedOf: (ids: readonly string[]) => Promise<readonly (Uint8Array | null)[]>,
  ): Promise<readonly EventRows[] | null> {
    const rows: EventRows[] = [];
    for (let from = 0; from < entries.length; from += PARTS_AT_ONCE) {
      for (const packed of await packedOf(entries.slice(from, from + PARTS_AT_ONCE).map(({ id }) => id))) {
        if (packed === null) return null;
        rows.push(unpackRows(packed));
      }
    }
    return rows;
  }

  async #keptOrStored(kept: KeptParts, ids: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    const found = await Promise.all(ids.map((id) => kept.read(id)));
    const missing = ids.filter((_, at) => found[at] === null);
    const stored = await this.#stored(missing);
    for (const [at, packed] of stored.entries()) if (packed !== null) await kept.keep(missing[at] ?? "", packed);
    return ids.map((id, at) => found[at] ?? stored[missing.indexOf(id)] ?? null);
  }

  /** @throws FactsUnreadableError where a part is not what it was when it got its name. */
  async #stored(ids: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    const found = await getDocuments(this.#requests, this.#index, ids);
    return found.map((one, at) => {
      if (one === null) return null;
      const [id = "", packed] = [ids[at], Buffer.from(z.string().parse(one.source["payload"]), "base64")];
      const { day } = partPlace(id);
      if (partId(day, packed) === id) return packed;
      throw new FactsUnreadableError(day, `${this.#index}/${id}`, "its bytes are not those that it is named after");
    });
  }

  /** False when the day is not as it was `before`. */
  async list(before: DayEntry | null, after: DayEntry): Promise<boolean> {
    const at = { index: this.#index, id: dayId(after.period as DayNumber) };
    const written = await changeDocument(this.#requests, at, (source) => {
      const now = source === null ? null : dayEntry(source);
      return isSame(now, before) ? daySource(after) : null;
    });
    return written !== null;
  }

  /** Puts these rows in the place of all that the day holds. False when the day is not as it was `before`. */
  async replace(before: DayEntry, rows: EventRows, change: Partial<DayEntry>): Promise<boolean> {
    const { entries, bytes } = await this.write(before.period as DayNumber, rows);
    if (!(await this.list(before, { ...before, ...change, bytes, parts: [...entries] }))) return false;
    const kept = new Set(entries.map(({ id }) => id));
    await this.#remove(before.parts.filter(({ id }) => !kept.has(id)));
    return true;
  }

  async #remove(entries: readonly PartEntry[]): Promise<void> {
    for (const { id } of entries) {
      const path = `/${this.#index}/_doc/${encodeURIComponent(id)}`;
      await this.#requests.send("DELETE", path, { accept: [404] });
    }
  }

  async entryOf(day: DayNumber): Promise<DayEntry | null> {
    const found = await getDocument(this.#requests, this.#index, dayId(day));
    return found === null ? null : dayEntry(found.source);
  }

  /** As `entryOf`, for many. */
  async entriesOf(days: readonly DayNumber[]): Promise<readonly (DayEntry | null)[]> {
    const found = await getDocuments(this.#requests, this.#index, days.map(dayId));
    return found.map((one) => (one === null ? null : dayEntry(one.source)));
  }
}

const PARTS_AT_ONCE = 4;

function spanOf(rows: EventRows): { readonly from: number; readonly to: number } {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const instant of rows.instant.subarray(0, rows.count)) {
    if (instant < from) from = instant;
    if (instant > to) to = instant;
  }
  return { from, to };
}

/** The rows cut into parts; no rows are no part. */
function partsOf(rows: EventRows): readonly EventRows[] {
  if (rows.count > 0 && rows.count <= PART_ROWS) return [rows];
  const parts: EventRows[] = [];
  for (let from = 0; from < rows.count; from += PART_ROWS) {
    const count = Math.min(PART_ROWS, rows.count - from);
    parts.push(
      gatherRows(
        rows,
        Int32Array.from({ length: count }, (_, row) => from + row),
      ),
    );
  }
  return parts;
}

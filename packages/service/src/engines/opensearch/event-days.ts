import { createHash } from "node:crypto";
import type { DayNumber } from "@community-stats/contract/days.ts";
import { z } from "zod";
import type { EventRows } from "../../engine/event-rows.ts";
import { packRows, unpackRows } from "./event-parts.ts";
import { base64 } from "./hits.ts";
import { getDocument, getDocuments } from "./documents.ts";
import { bulk } from "./bulk.ts";
import type { Json, Requests } from "./requests.ts";

const partSchema = z.object({ id: z.string(), count: z.number(), from: z.number(), to: z.number() });
/** A piece of a day; `from` and `to` are its first and last instant. */
export type PartEntry = z.infer<typeof partSchema>;

const daySchema = z.object({
  period: z.number(),
  version: z.number(),
  count: z.number(),
  generated: z.boolean(),
  bytes: z.number(),
  parts: z.array(partSchema),
});
/** What a day consists of. A part that no day names does not exist; the oldest part stands first. */
export type DayEntry = z.infer<typeof daySchema>;

export const NO_DAY: Omit<DayEntry, "period"> = { version: 0, count: 0, generated: false, bytes: 0, parts: [] };

export function dayId(day: DayNumber): string {
  return `day/${day}`;
}

export function dayEntry(source: Json): DayEntry {
  return daySchema.parse(source);
}

export function daySource(entry: DayEntry): Json {
  return { t: "day", ...entry };
}

/** The parts of days, in the index of facts. A part is never changed: its id is the digest of its bytes. */
export class EventParts {
  readonly #requests: Requests;
  readonly #index: string;
  readonly #now: () => number;

  /** @param now epoch milliseconds. */
  constructor(requests: Requests, index: string, now: () => number) {
    this.#requests = requests;
    this.#index = index;
    this.#now = now;
  }

  /** @returns the entries of the parts, and their bytes together. */
  async write(day: DayNumber, parts: readonly EventRows[]): Promise<{ entries: readonly PartEntry[]; bytes: number }> {
    const packed = parts.map((rows) => {
      const data = packRows(rows);
      const id = `part/${day}/${createHash("sha256").update(data).digest("base64url").slice(0, 24)}`;
      return { id, data, entry: { id, count: rows.count, ...spanOf(rows) } };
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

  /** The rows of these parts in their order; null when one of them is gone: the day was packed meanwhile. */
  async read(entries: readonly PartEntry[]): Promise<readonly EventRows[] | null> {
    const rows: EventRows[] = [];
    for (let from = 0; from < entries.length; from += PARTS_AT_ONCE) {
      const ids = entries.slice(from, from + PARTS_AT_ONCE).map(({ id }) => id);
      for (const found of await getDocuments(this.#requests, this.#index, ids)) {
        if (found === null) return null;
        rows.push(unpackRows(Buffer.from(z.string().parse(found.source["payload"]), "base64")));
      }
    }
    return rows;
  }

  async remove(entries: readonly PartEntry[]): Promise<void> {
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

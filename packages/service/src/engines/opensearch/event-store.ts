import type { DayNumber } from "@community-stats/contract/days.ts";
import { BatchIdentity, distinctRows } from "../../engine/event-identity.ts";
import {
  concatRows,
  gatherRows,
  observedRows,
  rowsByDay,
  withCodes,
  type DayOfRows,
  type EventRows,
} from "../../engine/event-rows.ts";
import type { AppendCount, EventBatch, EventDay, EventDayInfo, GeneratedDay } from "../../engine/facts.ts";
import { type DayEntry, dayEntry, grown, nearParts, NO_DAY, smallParts } from "./day-entry.ts";
import { EventParts, type EventPartsOptions } from "./event-days.ts";
import { EventReading } from "./event-reading.ts";
import type { FactTerms } from "./fact-terms.ts";
import { allHits, numberField, pages } from "./hits.ts";
import type { IndexNames } from "./names.ts";
import type { Requests } from "./requests.ts";

const MOST_SMALL_PARTS = 8;
const DAY_PAGE = 2000;

export const NO_EVENTS: AppendCount = { accepted: 0, known: 0, superseded: 0 };

interface EventStoreParts extends EventPartsOptions {
  readonly terms: FactTerms;
}

/**
 * Events as packed parts of days. A day is one document that names its parts; it is changed only by whoever has seen all of it, so two
 * processes can append to one day at once, and neither loses or doubles an event.
 */
export class EventStore {
  readonly #requests: Requests;
  readonly #index: string;
  readonly #terms: FactTerms;
  readonly #parts: EventParts;
  readonly #reading: EventReading;

  constructor(requests: Requests, names: IndexNames, { terms, ...options }: EventStoreParts) {
    this.#requests = requests;
    this.#index = names.facts;
    this.#terms = terms;
    this.#parts = new EventParts(requests, this.#index, options);
    this.#reading = new EventReading(this.#parts, this.#index);
  }

  async append(batch: EventBatch, signal?: AbortSignal): Promise<AppendCount> {
    const rows = await this.#coded(batch);
    const total = { ...NO_EVENTS };
    for (const [day, its] of rowsByDay(rows, allRows(rows))) {
      signal?.throwIfAborted();
      add(total, await this.#appendDay(day, gatherRows(rows, its)));
    }
    return total;
  }

  async preview(batch: EventBatch): Promise<AppendCount> {
    const { rows, text } = await this.#terms.previewed(batch);
    const total = { ...NO_EVENTS };
    for (const [day, its] of rowsByDay(rows, allRows(rows))) {
      const ofDay = gatherRows(rows, its);
      const identity = new BatchIdentity(ofDay, text);
      for (const part of (await this.#near(ofDay, await this.#parts.entryOf(day))) ?? []) identity.meet(part);
      add(total, identity.count());
    }
    return total;
  }

  /** Days, ascending. */
  async days(): Promise<readonly EventDayInfo[]> {
    const entries = await this.entries();
    return entries
      .filter(({ count }) => count > 0)
      .map(({ period, count, version }) => ({ day: period as DayNumber, count, version }));
  }

  async generatedDays(): Promise<readonly GeneratedDay[]> {
    const days: GeneratedDay[] = [];
    for (const { period, generated } of await this.entries()) {
      if (!generated) continue;
      const day = period as DayNumber;
      const rows = await this.#reading.day(day, await this.#parts.entryOf(day));
      const count = rows === null ? 0 : rows.count - observedRows(rows).count;
      if (count > 0) days.push({ day, count });
    }
    return days;
  }

  async removeGenerated(days: readonly DayNumber[]): Promise<number> {
    let removed = 0;
    for (const day of days) removed += await this.#purge(day);
    return removed;
  }

  /** As an append: again from the start when the day was changed in between. */
  async #purge(day: DayNumber): Promise<number> {
    for (;;) {
      const before = await this.#parts.entryOf(day);
      if (before === null || !before.generated) return 0;
      const parts = await this.#parts.read(before.parts);
      if (parts === null) continue;
      const rows = distinctRows(concatRows(parts));
      const observed = observedRows(rows);
      const change = { version: before.version + 1, count: observed.count, generated: false };
      if (await this.#parts.replace(before, observed, change)) return rows.count - observed.count;
    }
  }

  /** What is told of every day, without its parts. */
  async entries(): Promise<readonly Omit<DayEntry, "parts">[]> {
    await this.#requests.refresh(this.#index);
    const fields = ["period", "count", "version", "bytes", "generated"];
    const body = {
      query: { term: { t: "day" } },
      sort: [{ period: "asc" }],
      stored_fields: "_none_",
      docvalue_fields: fields,
    };
    const hits = await allHits(this.#requests, { index: this.#index, body, pageSize: DAY_PAGE });
    return hits.map((hit) => ({
      period: numberField(hit, "period"),
      count: numberField(hit, "count"),
      version: numberField(hit, "version"),
      bytes: numberField(hit, "bytes"),
      generated: hit.fields["generated"]?.[0] === true,
    }));
  }

  scan(days: readonly DayNumber[]): AsyncGenerator<EventDay> {
    return this.#reading.scan(days);
  }

  rows(days: readonly DayNumber[]): AsyncGenerator<DayOfRows> {
    return this.#reading.rows(days);
  }

  /** Packs the days that consist of more than one small part. */
  async settle(signal?: AbortSignal): Promise<void> {
    await this.#requests.refresh(this.#index);
    const body = { query: { term: { t: "day" } }, sort: [{ period: "asc" }] };
    for await (const hits of pages(this.#requests, { index: this.#index, body, pageSize: DAY_PAGE })) {
      for (const entry of hits.map(({ source }) => dayEntry(source))) {
        if (signal?.aborted === true) return;
        if (smallParts(entry) > 1) await this.#pack(entry);
      }
    }
  }

  /** Looks at the day, writes what is new and lists it, again from the start when the day was changed in between. */
  async #appendDay(day: DayNumber, rows: EventRows): Promise<AppendCount> {
    for (;;) {
      const before = await this.#parts.entryOf(day);
      const near = await this.#near(rows, before);
      if (near === null) continue;
      // Only now: parts of other processes may hold texts that this one has not seen yet.
      const identity = new BatchIdentity(rows, await this.#terms.reader(near.length > 0));
      for (const part of near) identity.meet(part);
      const kept = identity.kept();
      if (kept.length === 0) return identity.count();
      const fresh = gatherRows(rows, kept);
      const { entries, bytes } = await this.#parts.write(day, fresh);
      const after = grown(before ?? { ...NO_DAY, period: day }, {
        entries,
        bytes,
        added: fresh.count - identity.superseding(kept),
        generated: fresh.generated.includes(1),
      });
      if (!(await this.#parts.list(before, after))) continue;
      if (smallParts(after) > MOST_SMALL_PARTS) await this.#pack(after);
      return identity.count();
    }
  }

  /** The stored parts in which an event of the batch can have its like; null when the day was packed meanwhile. */
  async #near(rows: EventRows, entry: DayEntry | null): Promise<readonly EventRows[] | null> {
    return entry === null ? [] : await this.#parts.read(nearParts(entry.parts, rows));
  }

  /** Neither count nor version change: packing changes no fact. */
  async #pack(entry: DayEntry): Promise<void> {
    const parts = await this.#parts.read(entry.parts);
    if (parts !== null) await this.#parts.replace(entry, distinctRows(concatRows(parts)), {});
  }

  async #coded(batch: EventBatch): Promise<EventRows> {
    const codes = await this.#terms.internAll(batch.dictionaries);
    return withCodes(batch, (kind) => codes[kind]);
  }
}

function add(total: Writable<AppendCount>, count: AppendCount): void {
  total.accepted += count.accepted;
  total.known += count.known;
  total.superseded += count.superseded;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function allRows(rows: EventRows): Int32Array {
  return Int32Array.from({ length: rows.count }, (_, row) => row);
}

import { dayNumberOf, type DayNumber, type Instant } from "@community-stats/contract/days.ts";
import { compareRank, type RankedEvent } from "../../engine/event-rank.ts";
import { type EventBatch, type EventDay, type EventDayInfo, type EventTermKind, NO_TERM } from "../../engine/facts.ts";
import type { Terms } from "./terms.ts";

/** One stored event: what decides its rank, and the rest of its columns. */
interface StoredEvent {
  readonly ranked: RankedEvent;
  readonly kind: number;
  readonly visitor: readonly [number, number];
  readonly generated: boolean;
}
type Day = Map<string, StoredEvent>;
export type Outcome = "accepted" | "known" | "superseded";

/** Events by day and identity; the winner of each identity only. */
export class MemoryEvents {
  readonly #days = new Map<number, Day>();
  readonly #versions = new Map<number, number>();
  #version = 0;

  /** What each event of the batch would come to; stores them unless `dry`. */
  add(batch: EventBatch, dry: boolean): Record<Outcome, number> {
    const counts = { accepted: 0, known: 0, superseded: 0 };
    const touched = new Set<number>();
    const seen = dry ? new Map<number, Day>() : this.#days;
    for (let index = 0; index < batch.count; index++) {
      const event = eventAt(batch, index);
      const day = dayNumberOf((batch.instant[index] ?? 0) as Instant);
      const id = batch.id.subarray(4 * index, 4 * index + 4).join(" ");
      const before = seen.get(day)?.get(id) ?? this.#days.get(day)?.get(id);
      const outcome = outcomeOf(before, event);
      counts[outcome]++;
      if (outcome === "known") continue;
      touched.add(day);
      const events = seen.get(day) ?? new Map<string, StoredEvent>();
      seen.set(day, events.set(id, event));
    }
    if (!dry && touched.size > 0) this.#touch(touched);
    return counts;
  }

  days(): readonly EventDayInfo[] {
    return [...this.#days]
      .map(([day, events]) => ({ day: day as DayNumber, count: events.size, version: this.#versions.get(day) ?? 0 }))
      .toSorted((a, b) => a.day - b.day);
  }

  day(day: DayNumber, terms: Readonly<Record<EventTermKind, Terms>>): EventDay | null {
    const events = this.#days.get(day);
    return events === undefined ? null : columnsOf(day, [...events.values()], terms);
  }

  get generated(): boolean {
    return [...this.#days.values()].some((events) => [...events.values()].some((event) => event.generated));
  }

  #touch(days: ReadonlySet<number>): void {
    this.#version++;
    for (const day of days) this.#versions.set(day, this.#version);
  }
}

function outcomeOf(before: StoredEvent | undefined, event: StoredEvent): Outcome {
  if (before === undefined) return "accepted";
  return compareRank(event.ranked, before.ranked) > 0 ? "superseded" : "known";
}

function eventAt(batch: EventBatch, index: number): StoredEvent {
  const text = (kind: EventTermKind) => {
    const code = batch[kind][index] ?? NO_TERM;
    return code === NO_TERM ? null : (batch.dictionaries[kind][code] ?? null);
  };
  return {
    ranked: {
      instant: batch.instant[index] ?? 0,
      updated: batch.updated[index] ?? Number.NaN,
      communitySet: text("communitySet"),
      country: text("country"),
      file: [batch.file[2 * index] ?? 0, batch.file[2 * index + 1] ?? 0],
      fileType: text("fileType"),
      reader: batch.reader[index] ?? 0,
      parent: text("parent"),
      record: text("record"),
      referrer: text("referrer"),
      bytes: batch.bytes[index] ?? 0,
      viaApi: batch.viaApi[index] ?? 0,
      presence: batch.presence[index] ?? 0,
    },
    kind: batch.kind[index] ?? 0,
    visitor: [batch.visitor[2 * index] ?? 0, batch.visitor[2 * index + 1] ?? 0],
    generated: batch.generated[index] === 1,
  };
}

function columnsOf(
  day: DayNumber,
  events: readonly StoredEvent[],
  terms: Readonly<Record<EventTermKind, Terms>>,
): EventDay {
  const codes = (kind: EventTermKind) =>
    Int32Array.from(events, ({ ranked }) => {
      const text = ranked[kind];
      return text === null ? NO_TERM : terms[kind].intern(text);
    });
  return {
    day,
    count: events.length,
    instant: Float64Array.from(events, ({ ranked }) => ranked.instant),
    kind: Uint8Array.from(events, ({ kind }) => kind),
    reader: Uint8Array.from(events, ({ ranked }) => ranked.reader),
    viaApi: Uint8Array.from(events, ({ ranked }) => ranked.viaApi),
    record: codes("record"),
    parent: codes("parent"),
    country: codes("country"),
    referrer: codes("referrer"),
    fileType: codes("fileType"),
    communitySet: codes("communitySet"),
    visitor: Uint32Array.from(events.flatMap(({ visitor }) => visitor)),
    file: Uint32Array.from(events.flatMap(({ ranked }) => ranked.file)),
    bytes: Float64Array.from(events, ({ ranked }) => ranked.bytes),
  };
}

import type { DayNumber } from "@community-stats/contract/days.ts";
import { appendedLine } from "../engine/appended-line.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { EventDayInfo, FactBatch } from "../engine/facts.ts";
import { eventsDigest, StoreTexts } from "./fact-digest.ts";
import { type Position, type Step, STEPS } from "./position.ts";

export interface CopyOptions {
  readonly from: FactStore;
  readonly to: FactStore;
  /** Where the target keeps how far the copy is. */
  readonly position: Position;
  readonly progress: (progress: { readonly step: string; readonly done: number; readonly total: number }) => void;
  readonly signal: AbortSignal;
}

export interface CopyReport {
  /** Facts that were not in the target before. */
  readonly records: number;
  readonly memberships: number;
  readonly communities: number;
  readonly events: number;
  readonly days: number;
  /** Days whose events the target does not have as the source has them. */
  readonly differing: readonly DayNumber[];
  readonly isWhole: boolean;
}

const LINES = 2000;
const SOURCE_CHARACTERS = 8 << 20;

/**
 * Copies every fact, goes on where a copy of the same source broke off, and reads each day back before it goes to the next. What the target has
 * already is known there and stays.
 */
export async function copyFacts(options: CopyOptions): Promise<CopyReport> {
  const copy = new Copy(options);
  return await copy.run();
}

class Copy {
  readonly #options: CopyOptions;
  #counts = { records: 0, memberships: 0, communities: 0, events: 0, days: 0 };
  readonly #differing: DayNumber[] = [];

  constructor(options: CopyOptions) {
    this.#options = options;
  }

  async run(): Promise<CopyReport> {
    const { from, position, signal } = this.#options;
    await from.settle();
    await position.begin(await from.recordSeq());
    for (const step of STEPS) {
      if (!signal.aborted && position.isAhead(step)) await this.#step(step);
    }
    if (!signal.aborted) await position.end();
    return { ...this.#counts, differing: this.#differing, isWhole: !signal.aborted };
  }

  async #step(step: Step): Promise<void> {
    const { from } = this.#options;
    switch (step) {
      case "communities":
        return await this.#append(step, { communities: await from.communities() }, 1);
      case "records":
        return await this.#lines(step, from.recordLines(), (records) => ({ records: records.map(appendedLine) }));
      case "memberships":
        return await this.#lines(step, from.membershipLines(), (memberships) => {
          return {
            memberships: memberships.map(({ record, community, type, at }) => ({ record, community, type, at })),
          };
        });
      case "deletions":
        return await this.#lines(step, from.deletionLines(), (deletions) => {
          return { deletions: deletions.map(({ record, at }) => ({ record, at })) };
        });
      case "events":
        return await this.#events(await from.eventDays());
      default:
        return step satisfies never;
    }
  }

  /** Lines of a store come in an order of their own, as long as no fact is added: so many were copied, so many are passed over. */
  async #lines<Line>(step: Step, lines: AsyncIterable<Line>, batchOf: (lines: readonly Line[]) => FactBatch) {
    const passed = this.#options.position.at(step);
    let [seen, characters] = [0, 0];
    let batch: Line[] = [];
    for await (const line of lines) {
      if (++seen <= passed) continue;
      batch.push(line);
      characters += sourceLength(line);
      if (batch.length < LINES && characters < SOURCE_CHARACTERS) continue;
      await this.#append(step, batchOf(batch), seen);
      [batch, characters] = [[], 0];
      if (this.#options.signal.aborted) return;
    }
    if (batch.length > 0) await this.#append(step, batchOf(batch), seen);
  }

  async #append(step: Step, batch: FactBatch, at: number): Promise<void> {
    const { to, position, progress } = this.#options;
    const { records, memberships, communities } = await to.append(batch, position.reached(step, at));
    this.#counts.records += records.accepted;
    this.#counts.memberships += memberships.accepted;
    this.#counts.communities += communities.accepted;
    progress({ step, done: at, total: 0 });
  }

  async #events(days: readonly EventDayInfo[]): Promise<void> {
    const { from, to, position, progress, signal } = this.#options;
    const [own, others] = [new StoreTexts(from), new StoreTexts(to)];
    const left = days.filter(({ day }) => day >= position.at("events"));
    let done = days.length - left.length;
    for await (const { day, rows } of from.eventRows(left.map((info) => info.day))) {
      if (signal.aborted) return;
      const batch = await own.batch(rows);
      const { events } = await to.append({ events: batch });
      if (eventsDigest(batch) !== (await digestOfDay(to, others, day))) this.#differing.push(day);
      await to.append({}, position.reached("events", day + 1));
      this.#counts.events += events.accepted + events.superseded;
      this.#counts.days++;
      progress({ step: "events", done: ++done, total: days.length });
    }
    await to.settle();
  }
}

async function digestOfDay(facts: FactStore, texts: StoreTexts, day: DayNumber): Promise<string | null> {
  for await (const { rows } of facts.eventRows([day])) return eventsDigest(await texts.batch(rows));
  return null;
}

function sourceLength(line: unknown): number {
  return typeof line === "object" && line !== null && "source" in line && typeof line.source === "function"
    ? String(line.source()).length
    : 0;
}

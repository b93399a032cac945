import { createHash } from "node:crypto";
import { z } from "zod";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { DayOfRows } from "../../engine/event-rows.ts";
import type { FactStore } from "../../engine/fact-store.ts";
import type {
  AppendReport,
  CommunityLine,
  EventDay,
  EventDayInfo,
  FactBatch,
  FactSummary,
  GeneratedDay,
  SourceCursor,
  TermKind,
} from "../../engine/facts.ts";
import { BriefMemory } from "./brief-memory.ts";
import { CommunityFacts } from "./communities.ts";
import { getDocument, putDocument } from "./documents.ts";
import type { EventPartsOptions } from "./event-days.ts";
import { EventStore, NO_EVENTS } from "./event-store.ts";
import { FactTerms } from "./fact-terms.ts";
import type { IndexNames } from "./names.ts";
import { OrphanParts } from "./orphan-parts.ts";
import { RecordFacts } from "./record-facts.ts";
import type { Requests } from "./requests.ts";

/**
 * Facts in indices of this product. A batch is not one transaction: its facts are written first and its cursor last, and each fact that
 * arrives again is known. So a batch that broke off is sent again and ends as if it had been sent once.
 */
export class OpenSearchFacts implements FactStore {
  readonly #requests: Requests;
  readonly #index: string;
  readonly #recordIndex: string;
  readonly #memory = new BriefMemory();
  /** What others write shows by itself within a second; what this process wrote must show at once. */
  #hasUnseen = true;
  readonly #terms: FactTerms;
  readonly #records: RecordFacts;
  readonly #communities: CommunityFacts;
  readonly #events: EventStore;
  readonly #orphans: OrphanParts;

  constructor(requests: Requests, names: IndexNames, { now, kept }: EventPartsOptions) {
    this.#requests = requests;
    this.#index = names.facts;
    this.#recordIndex = names.records;
    this.#terms = new FactTerms(requests, names);
    this.#records = new RecordFacts(requests, names);
    this.#communities = new CommunityFacts(requests, names);
    this.#events = new EventStore(requests, names, { terms: this.#terms, now, kept });
    this.#orphans = new OrphanParts({ requests, index: names.facts, now });
  }

  async append(batch: FactBatch, cursor?: SourceCursor | null, signal?: AbortSignal): Promise<AppendReport> {
    signal?.throwIfAborted();
    const events = batch.events === undefined ? NO_EVENTS : await this.#events.append(batch.events, signal);
    const { records, memberships } = await this.#records.append(batch);
    this.#memory.forget();
    this.#hasUnseen = true;
    const communities = await this.#communities.append(batch.communities ?? []);
    if (cursor !== undefined && cursor !== null) {
      const source = { t: "cursor", line: { source: cursor.source, position: cursor.position } };
      await putDocument(this.#requests, this.#index, { id: cursorId(cursor.source), source });
    }
    return { events, records, memberships, communities };
  }

  async preview(batch: FactBatch): Promise<AppendReport> {
    const events = batch.events === undefined ? NO_EVENTS : await this.#events.preview(batch.events);
    const communities = await this.#communities.preview(batch.communities ?? []);
    return { events, ...(await this.#records.preview(batch)), communities };
  }

  async settle(signal?: AbortSignal): Promise<void> {
    await this.#events.settle(signal);
    if (signal?.aborted === true) return;
    await this.#orphans.collect();
  }

  async cursor(source: string): Promise<string | null> {
    const found = await getDocument(this.#requests, this.#index, cursorId(source));
    return found === null ? null : (found.source["line"] as SourceCursor).position;
  }

  async eventDays(): Promise<readonly EventDayInfo[]> {
    return await this.#events.days();
  }

  events(days: readonly DayNumber[]): AsyncGenerator<EventDay> {
    return this.#events.scan(days);
  }

  generatedDays = (): Promise<readonly GeneratedDay[]> => this.#events.generatedDays();
  removeGenerated = (days: readonly DayNumber[]): Promise<number> => this.#events.removeGenerated(days);

  eventRows(days: readonly DayNumber[]): AsyncGenerator<DayOfRows> {
    return this.#events.rows(days);
  }

  async terms(kind: TermKind, fromCode = 0): Promise<readonly string[]> {
    return (await this.#terms.texts(kind)).slice(fromCode);
  }

  recordLines = () => this.#records.recordLines();
  membershipLines = () => this.#records.membershipLines();
  deletionLines = () => this.#records.deletionLines();
  recordSeq = () => this.#records.seq();
  newestStates = (by: "record" | "parent", names: readonly string[]) => this.#records.newestStates(by, names);
  communities = (): Promise<readonly CommunityLine[]> => this.#communities.all();

  async parentsOf(records: readonly string[]): Promise<readonly (string | null)[]> {
    const states = await this.#records.newestStates("record", records);
    const parents = new Map(states.map(({ line }) => [line.record, line.parent]));
    return records.map((record) => parents.get(record) ?? null);
  }

  async summary(): Promise<FactSummary> {
    const days = (await this.#events.entries()).filter(({ count }) => count > 0);
    const { generated, ...counts } = await this.#records.summary();
    return {
      ...counts,
      events: days.reduce((sum, { count }) => sum + count, 0),
      firstEventDay: (days[0]?.period as DayNumber | undefined) ?? null,
      lastEventDay: (days.at(-1)?.period as DayNumber | undefined) ?? null,
      communities: (await this.communities()).length,
      generated: generated || days.some((day) => day.generated),
      bytes: days.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  async isGenerated(): Promise<boolean> {
    return await this.#memory.of("generated", () => this.#isAnyGenerated());
  }

  async #isAnyGenerated(): Promise<boolean> {
    if (this.#hasUnseen) {
      this.#hasUnseen = false;
      await this.#requests.refresh(`${this.#index},${this.#recordIndex}`);
    }
    const body = { size: 0, terminate_after: 1, query: { term: { generated: true } } };
    const answer = await this.#requests.search(`${this.#index},${this.#recordIndex}`, body);
    return foundSchema.parse(answer).hits.total.value > 0;
  }

  problems = async () => [];
  close = async () => undefined;
}

const foundSchema = z.object({ hits: z.object({ total: z.object({ value: z.number() }) }) });

function cursorId(source: string): string {
  return `cursor/${createHash("sha256").update(source).digest("base64url")}`;
}

import { foldMembership, type Interval, type MembershipChange } from "../domain/intervals.ts";
import type { Enrichment } from "../engine/event-indices.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { NewestState } from "../engine/facts.ts";
import { type KnownRecords, recordValue, type RecordValues } from "./enriching.ts";

/** Records whose values are kept: what a run has looked up longer ago is looked up again. */
const MOST_RECORDS = 50_000;

interface CommunityInterval extends Interval {
  readonly community: string;
}
interface Remembered extends RecordValues {
  readonly created: number;
  readonly communities: readonly string[];
}

/**
 * What the facts tell of records: values of the newest state, memberships as intervals. It lives for one run, so that the next one
 * knows of what changed, and holds so many records at most.
 */
export class RecordMemory implements KnownRecords {
  readonly #facts: FactStore;
  readonly #enrichment: Enrichment;
  readonly #intervals: ReadonlyMap<string, readonly CommunityInterval[]>;
  readonly #records = new Map<string, Remembered | null>();

  private constructor(
    facts: FactStore,
    enrichment: Enrichment,
    intervals: ReadonlyMap<string, readonly CommunityInterval[]>,
  ) {
    this.#facts = facts;
    this.#enrichment = enrichment;
    this.#intervals = intervals;
  }

  static async open(facts: FactStore, enrichment: Enrichment): Promise<RecordMemory> {
    return new RecordMemory(facts, enrichment, await membershipIntervals(facts));
  }

  /** Looks up those that are not known yet. */
  async prepare(records: Iterable<string>): Promise<void> {
    const wanted = new Set(records);
    const missing = Array.from(wanted).filter((record) => !this.#records.has(record));
    if (missing.length === 0) return;
    if (this.#records.size + missing.length > MOST_RECORDS) this.#forget(wanted);
    for (const record of missing) this.#records.set(record, null);
    for (const state of await this.#facts.newestStates("record", missing)) {
      this.#records.set(state.line.record, remembered(state, this.#enrichment));
    }
  }

  valuesOf(record: string): RecordValues | null {
    return this.#records.get(record) ?? null;
  }

  /** A record without membership lines is in the communities of its newest state from its creation on (T9.1 decision 7). */
  communitiesAt(record: string, instant: number): readonly string[] | null {
    const told = this.#intervals.get(record);
    if (told !== undefined) {
      const open = told.filter(({ open: from, close }) => from <= instant && instant < close);
      return Array.from(new Set(open.map(({ community }) => community)));
    }
    const known = this.#records.get(record);
    if (known === undefined || known === null) return null;
    return known.created <= instant ? known.communities : [];
  }

  #forget(except: ReadonlySet<string>): void {
    for (const record of this.#records.keys()) if (!except.has(record)) this.#records.delete(record);
  }
}

function remembered({ line }: NewestState, { fields }: Enrichment): Remembered {
  const metadata: unknown = JSON.parse(line.source());
  const values = fields
    .filter(({ kind }) => kind !== "fileTypes")
    .map((field) => [field.name, recordValue(metadata, field)] as const);
  const types = line.files.flatMap(({ type }) => (type === null || type === "" ? [] : [type]));
  return {
    values: new Map(values),
    fileTypes: line.filesEnabled ? Array.from(new Set(types)) : [],
    created: line.created,
    communities: Array.from(new Set(line.communities.filter((id) => id !== "global"))).toSorted(),
  };
}

async function membershipIntervals(facts: FactStore): Promise<ReadonlyMap<string, readonly CommunityInterval[]>> {
  const changes = new Map<string, (MembershipChange & { readonly community: string })[]>();
  for await (const { record, community, type, at } of facts.membershipLines()) {
    const its = changes.get(record) ?? [];
    its.push({ community, added: type === "added", at });
    changes.set(record, its);
  }
  const folded = new Map<string, readonly CommunityInterval[]>();
  for (const [record, its] of changes) {
    const byCommunity = [...Map.groupBy(its, ({ community }) => community)].toSorted(([a], [b]) => (a < b ? -1 : 1));
    folded.set(
      record,
      byCommunity.flatMap(([community, own]) => foldMembership(own).map((interval) => ({ community, ...interval }))),
    );
  }
  return folded;
}

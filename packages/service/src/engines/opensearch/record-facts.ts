import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { appendedLine } from "../../engine/appended-line.ts";
import type {
  AppendCount,
  DeletionLine,
  FactBatch,
  NewestState,
  RecordLine,
  StoredDeletionLine,
  StoredMembershipLine,
  StoredRecordLine,
} from "../../engine/facts.ts";
import { newestStates } from "../../engine/newest-states.ts";
import { compareTiedLines, recordLineIdentity } from "../../engine/record-identity.ts";
import { bulk, type BulkWrite } from "./bulk.ts";
import { getDocuments } from "./documents.ts";
import { allHits, pages, type Hit } from "./hits.ts";
import type { IndexNames } from "./names.ts";
import type { Json, Requests } from "./requests.ts";

const LINE_PAGE = 1000;
const SMALL_LINE_PAGE = 10_000;
const NAMES_AT_ONCE = 1000;
const IDS_AT_ONCE = 5000;
/** A fact that is written just now has its number before it can be seen; it takes milliseconds. */
const GAP_WAIT_MS = 20;
const GAP_TRIES = 25;

/**
 * Records, memberships and deletions: one document per fact, created under the digest of its identity, so that whoever comes second with
 * the same fact finds it known. The index has one shard; its sequence number of a document is the fact's number.
 */
export class RecordFacts {
  readonly #requests: Requests;
  readonly #index: string;
  /** Numbers that a crash of the cluster has left unused. */
  #unused = 0;

  constructor(requests: Requests, names: IndexNames) {
    this.#requests = requests;
    this.#index = names.records;
  }

  async append(batch: FactBatch): Promise<Readonly<Record<"records" | "memberships", AppendCount>>> {
    const results = await bulk(this.#requests, this.#index, writesOf(batch));
    return countsOf(batch, (at) => results[at] === "written");
  }

  async preview(batch: FactBatch): Promise<Readonly<Record<"records" | "memberships", AppendCount>>> {
    const ids = writesOf(batch).map(({ id }) => id);
    const known = new Set<string>();
    for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
      const some = ids.slice(from, from + IDS_AT_ONCE);
      const found = await getDocuments(this.#requests, this.#index, some);
      some.forEach((id, at) => (found[at] === null ? undefined : known.add(id)));
    }
    return countsOf(batch, (at) => {
      const id = ids[at] ?? "";
      const isNew = !known.has(id);
      known.add(id);
      return isNew;
    });
  }

  /**
   * The greatest number of which all smaller ones can be seen. Two processes that write at once can show a number before a smaller one:
   * a reader that noted it would never look for the other.
   */
  async seq(): Promise<number> {
    for (let tries = 0; ; tries++) {
      await this.#requests.refresh(this.#index);
      const { count, greatest } = await this.#counted();
      const gap = greatest - count;
      if (gap === this.#unused || tries === GAP_TRIES) {
        this.#unused = gap;
        return greatest;
      }
      await sleep(GAP_WAIT_MS);
    }
  }

  async *recordLines(): AsyncGenerator<StoredRecordLine> {
    await this.#requests.refresh(this.#index);
    const sort = [{ parent: "asc" }, { record: "asc" }, { updated: "asc" }, { _seq_no: "asc" }];
    const body = { query: { term: { t: "record" } }, sort, seq_no_primary_term: true };
    let ofRecord: StoredRecordLine[] = [];
    for await (const hits of pages(this.#requests, { index: this.#index, body, pageSize: LINE_PAGE })) {
      for (const hit of hits) {
        const line = recordLine(hit);
        const [first] = ofRecord;
        if (first !== undefined && (first.record !== line.record || first.parent !== line.parent)) {
          yield* inOrder(ofRecord);
          ofRecord = [];
        }
        ofRecord.push(line);
      }
    }
    yield* inOrder(ofRecord);
  }

  async newestStates(by: "record" | "parent", names: readonly string[]): Promise<readonly NewestState[]> {
    const wanted = new Set(names);
    const records = by === "record" ? names : await this.#recordsOf(names);
    const lines = (await this.#about("record", records)).map(recordLine);
    const deletions = (await this.#about("deletion", records)).map(deletionLine);
    return newestStates(lines, deletions).filter(({ line }) => wanted.has(line[by]));
  }

  async *membershipLines(): AsyncGenerator<StoredMembershipLine> {
    for await (const hit of this.#inSequence("membership")) {
      yield { ...membershipSchema.parse(hit.source["line"]), seq: hit.seqNo + 1 } as StoredMembershipLine;
    }
  }

  async *deletionLines(): AsyncGenerator<StoredDeletionLine> {
    for await (const hit of this.#inSequence("deletion")) yield { ...deletionLine(hit), seq: hit.seqNo + 1 };
  }

  async summary(): Promise<
    Readonly<Record<"records" | "recordLines" | "memberships", number>> & { generated: boolean }
  > {
    await this.#requests.refresh(this.#index);
    const counts = {
      t: { terms: { field: "t" } },
      generated: { filter: { term: { generated: true } } },
    };
    const body = { size: 0, track_total_hits: false, aggs: counts };
    const { aggregations } = summarySchema.parse(await this.#requests.search(this.#index, body));
    const of = (kind: string): number => aggregations.t.buckets.find(({ key }) => key === kind)?.doc_count ?? 0;
    return {
      records: await this.#distinctRecords(),
      recordLines: of("record"),
      memberships: of("membership"),
      generated: aggregations.generated.doc_count > 0,
    };
  }

  /** Exact: a cardinality would be an estimate. */
  async #distinctRecords(): Promise<number> {
    let distinct = 0;
    let after: Json | undefined;
    do {
      const composite = { size: SMALL_LINE_PAGE, sources: [{ record: { terms: { field: "record" } } }] };
      const aggs = { records: { composite: after === undefined ? composite : { ...composite, after } } };
      const body = { size: 0, track_total_hits: false, query: { term: { t: "record" } }, aggs };
      const { records } = compositeSchema.parse(await this.#requests.search(this.#index, body)).aggregations;
      distinct += records.buckets.length;
      after = records.after_key;
    } while (after !== undefined);
    return distinct;
  }

  async #counted(): Promise<{ readonly count: number; readonly greatest: number }> {
    const body = {
      size: 1,
      track_total_hits: true,
      sort: [{ _seq_no: "desc" }],
      _source: false,
      seq_no_primary_term: true,
    };
    const { hits } = greatestSchema.parse(await this.#requests.search(this.#index, body));
    const [newest] = hits.hits;
    return { count: hits.total.value, greatest: newest === undefined ? 0 : newest["_seq_no"] + 1 };
  }

  async #recordsOf(parents: readonly string[]): Promise<readonly string[]> {
    const hits = await this.#named("record", "parent", parents);
    return Array.from(new Set(hits.map((hit) => recordLine(hit).record)));
  }

  async #about(kind: "record" | "deletion", records: readonly string[]): Promise<readonly Hit[]> {
    return await this.#named(kind, "record", records);
  }

  async #named(
    kind: "record" | "deletion",
    by: "record" | "parent",
    names: readonly string[],
  ): Promise<readonly Hit[]> {
    await this.#requests.refresh(this.#index);
    const found: Hit[] = [];
    for (let from = 0; from < names.length; from += NAMES_AT_ONCE) {
      const filter = [{ term: { t: kind } }, { terms: { [by]: names.slice(from, from + NAMES_AT_ONCE) } }];
      const body = { query: { bool: { filter } }, sort: [{ _seq_no: "asc" }], seq_no_primary_term: true };
      found.push(...(await allHits(this.#requests, { index: this.#index, body, pageSize: LINE_PAGE })));
    }
    return found;
  }

  async *#inSequence(kind: "membership" | "deletion"): AsyncGenerator<Hit> {
    await this.#requests.refresh(this.#index);
    const body = { query: { term: { t: kind } }, sort: [{ _seq_no: "asc" }], seq_no_primary_term: true };
    for await (const hits of pages(this.#requests, { index: this.#index, body, pageSize: SMALL_LINE_PAGE }))
      yield* hits;
  }
}

const compositeSchema = z.object({
  aggregations: z.object({
    records: z.object({ buckets: z.array(z.unknown()), after_key: z.record(z.string(), z.unknown()).optional() }),
  }),
});
const summarySchema = z.object({
  aggregations: z.object({
    t: z.object({ buckets: z.array(z.object({ key: z.string(), doc_count: z.number() })) }),
    generated: z.object({ doc_count: z.number() }),
  }),
});
const greatestSchema = z.object({
  hits: z.object({ total: z.object({ value: z.number() }), hits: z.array(z.object({ _seq_no: z.number() })) }),
});
const membershipSchema = z.object({
  record: z.string(),
  community: z.string(),
  type: z.enum(["added", "removed"]),
  at: z.number(),
});

/** Records first, then memberships, then deletions. */
function writesOf({ records = [], memberships = [], deletions = [] }: FactBatch): readonly BulkWrite[] {
  return [
    ...records.map((line) => write("record", recordLineIdentity(line), recordSource(line))),
    ...memberships.map((line) => {
      const identity = JSON.stringify([line.record, line.community, line.type, line.at]);
      return write("membership", identity, { record: line.record, line });
    }),
    ...deletions.map((line) => {
      return write("deletion", JSON.stringify([line.record, line.at]), { record: line.record, line });
    }),
  ];
}

function write(kind: "record" | "membership" | "deletion", identity: string, source: Json): BulkWrite {
  const id = `${kind}/${createHash("sha256").update(identity).digest("base64url")}`;
  return { action: "create", id, source: { t: kind, ...source } };
}

/** Text of a source stands beside the line: it is long, and mostly not read. */
function recordSource({ source, ...line }: RecordLine): Json {
  const { record, parent, updated, generated } = line;
  return { record, parent, updated, generated, line, text: source };
}

function recordLine({ source, seqNo }: Hit): StoredRecordLine {
  const text = String(source["text"]);
  return { ...(source["line"] as Omit<RecordLine, "source">), seq: seqNo + 1, source: () => text };
}

function deletionLine({ source }: Hit): DeletionLine {
  return source["line"] as DeletionLine;
}

/** The lines of one record and parent by time; those of one instant by their texts. */
function inOrder(lines: readonly StoredRecordLine[]): readonly StoredRecordLine[] {
  const whole = lines.map((line) => ({ line, told: appendedLine(line) }));
  whole.sort((a, b) => a.line.updated - b.line.updated || compareTiedLines(a.told, b.told));
  return whole.map(({ line }) => line);
}

function countsOf(
  { records = [], memberships = [] }: FactBatch,
  isNew: (at: number) => boolean,
): Readonly<Record<"records" | "memberships", AppendCount>> {
  const count = (from: number, length: number): AppendCount => {
    let accepted = 0;
    for (let at = from; at < from + length; at++) if (isNew(at)) accepted++;
    return { accepted, known: length - accepted, superseded: 0 };
  };
  const ofRecords = count(0, records.length);
  return { records: ofRecords, memberships: count(records.length, memberships.length) };
}

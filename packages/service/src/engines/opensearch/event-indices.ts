import type {
  AliasAction,
  Enrichment,
  EventIndex,
  EventIndices,
  EventSource,
  EventType,
  EventWrite,
  NumberedEvent,
  PresentEvent,
  ShardSearch,
} from "../../engine/event-indices.ts";
import { z } from "zod";
import { bulk } from "./bulk.ts";
import { EventNames } from "./event-names.ts";
import { enrichedMappings, putEventTemplate } from "./event-template.ts";
import { getDocuments, knownIds } from "./documents.ts";
import { allHits, pages } from "./hits.ts";
import { listEventIndices } from "./event-listing.ts";
import type { Json, Requests } from "./requests.ts";

/** Of one page. */
const MOST_HITS = 10_000;
const HEALTH_TIMEOUT_MS = 5000;
const healthSchema = z.object({ status: z.string(), timed_out: z.boolean() });
const countSchema = z.object({ count: z.number(), _shards: z.object({ total: z.number(), successful: z.number() }) });

export interface EventIndexParts {
  readonly requests: Requests;
  /** That of the instance, with its dash. */
  readonly prefix: string;
  readonly replicas: number | null;
}

/** The repository's indices of events. Written are only those that this product made; the repository's lose names, and go on order. */
export class OpenSearchEventIndices implements EventIndices {
  readonly #requests: Requests;
  readonly #names: EventNames;
  readonly #parts: EventIndexParts;
  #hasTemplate = false;

  constructor(parts: EventIndexParts) {
    this.#parts = parts;
    this.#requests = parts.requests;
    this.#names = new EventNames(parts.prefix);
  }

  readAlias = (type: EventType): string => this.#names.base(type);
  writeName = (type: EventType, month: string): string => `${this.#names.base(type)}-${month}`;
  list = (): Promise<readonly EventIndex[]> => listEventIndices(this.#requests, this.#names);
  refresh = (index: string): Promise<void> => this.#requests.refresh(index);

  async create(index: string, enrichment: Enrichment): Promise<void> {
    if (!this.#hasTemplate) await putEventTemplate(this.#requests, this.#names, this.#parts.replicas);
    this.#hasTemplate = true;
    // 400 is also what an index answers that is there already; whatever else is wrong shows at the first write.
    await this.#requests.send("PUT", `/${index}`, { body: { mappings: enrichedMappings(enrichment) }, accept: [400] });
  }

  async *pages({ index, shard, after, upTo, pageSize }: ShardSearch): AsyncGenerator<readonly NumberedEvent[]> {
    const body = {
      query: { range: { _seq_no: { gt: after, lte: upTo } } },
      sort: [{ _seq_no: "asc" }],
      seq_no_primary_term: true,
    };
    const search = { index, body, pageSize, preference: `_shards:${shard}` };
    for await (const hits of pages(this.#requests, search))
      yield hits.map(({ id, source, seqNo }) => ({ id, source, seqNo }));
  }

  async *unenriched(index: string, configuration: string, pageSize: number): AsyncGenerator<readonly string[]> {
    yield* this.#ids(index, { bool: { must_not: { term: { enrichment: configuration } } } }, pageSize);
  }

  async *ids(index: string, pageSize: number): AsyncGenerator<readonly string[]> {
    yield* this.#ids(index, { match_all: {} }, pageSize);
  }

  async present(index: string, ids: readonly string[]): Promise<readonly (PresentEvent | null)[]> {
    const found = await getDocuments(this.#requests, index, ids);
    return found.map((document, at) => (document === null ? null : { id: ids[at] ?? "", ...document }));
  }

  /** By a search: stored documents are read in their order, and each block of them is unpacked once. */
  async shown(index: string, ids: readonly string[]): Promise<ReadonlyMap<string, EventSource>> {
    if (ids.length === 0) return new Map();
    const body = { query: { ids: { values: ids } }, sort: [{ _seq_no: "asc" }] };
    const search = { index, body, pageSize: Math.min(ids.length + 1, MOST_HITS) };
    const hits = await allHits(this.#requests, search);
    return new Map(hits.map(({ id, source }) => [id, source]));
  }

  known(index: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return knownIds(this.#requests, index, ids);
  }

  async count(index: string): Promise<number> {
    const { body } = await this.#requests.send("GET", `/${index}/_count`);
    const { count, _shards } = countSchema.parse(body);
    if (_shards.successful !== _shards.total) throw new Error(`only ${_shards.successful} shards of ${index} counted`);
    return count;
  }

  async write(index: string, writes: readonly EventWrite[]): Promise<void> {
    const lines = writes.map((write) => {
      const { id, source } = write;
      if (write.mode !== "unchanged") return { action: write.mode, id, source };
      return { action: "index" as const, id, source, over: { seqNo: write.seqNo, term: write.term } };
    });
    await bulk(this.#requests, index, lines);
  }

  async switchAliases(actions: readonly AliasAction[]): Promise<void> {
    if (actions.length === 0) return;
    await this.#requests.send("POST", "/_aliases", { body: { actions: actions.map(aliasAction) } });
  }

  async block(index: string, isBlocked: boolean): Promise<void> {
    const body = { index: { blocks: { write: isBlocked ? true : null } } };
    await this.#requests.send("PUT", `/${index}/_settings`, { body });
  }

  async drop(index: string): Promise<void> {
    await this.#requests.send("DELETE", `/${index}`, { accept: [404] });
  }

  /** Asked once, without patience: whoever asks waits himself. */
  async ailment(): Promise<string | null> {
    const path = `/_cluster/health/${this.#names.patterns}`;
    const query = { level: "cluster", timeout: `${HEALTH_TIMEOUT_MS}ms` };
    try {
      const { body } = await this.#requests.once("GET", path, { query, timeoutMs: HEALTH_TIMEOUT_MS, accept: [408] });
      const { status, timed_out } = healthSchema.parse(body);
      if (timed_out) return "OpenSearch does not tell how it is";
      return status === "red" ? "an index of events is not allocated (its health is red)" : null;
    } catch (error) {
      return `OpenSearch does not answer: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  async *#ids(index: string, query: Json, pageSize: number): AsyncGenerator<readonly string[]> {
    const shards = (await this.list()).find(({ name }) => name === index)?.shards ?? [];
    for (const { shard } of shards) {
      const body = { query, _source: false, sort: [{ _seq_no: "asc" }] };
      const search = { index, body, pageSize, preference: `_shards:${shard}` };
      for await (const hits of pages(this.#requests, search)) yield hits.map(({ id }) => id);
    }
  }
}

function aliasAction(action: AliasAction): Json {
  if (action.kind === "removeIndex") return { remove_index: { index: action.index } };
  return { [action.kind]: { index: action.index, alias: action.alias } };
}

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OpenSearchOptions } from "../packages/service/src/engines/opensearch/open.ts";
import type { Engine } from "../packages/service/src/engine/engine.ts";
import { harvest } from "../packages/service/src/ingest/harvest.ts";
import { ask } from "./asking.ts";
import { linesOf } from "./event-lines.ts";
import type { BenchDay, BenchRecord } from "./workload.ts";

interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}
type Start = (options: object) => Promise<Server>;
const SCRIPTS = new URL("../scripts/", import.meta.url);
/** With which the lines of events begin the names of their indices. */
const PREFIX = "bench-";
const HEAP = "1g";
const PAGE = 5000;
const TICKS_PER_SECOND = 100;
const SLICES = 2;
const BULK_LINES = 4000;
/** What counting needs of an event. */
const FIELDS = [
  "timestamp",
  "recid",
  "parent_recid",
  "visitor_id",
  "unique_id",
  "country",
  "referrer",
  "is_robot",
  "is_machine",
  "via_api",
  "community_ids",
  "file_id",
  "file_key",
  "size",
];

interface NodeStats {
  readonly nodes: Readonly<
    Record<
      string,
      {
        readonly indices: {
          readonly search: { readonly query_total: number };
          readonly get: { readonly total: number };
          readonly indexing: { readonly index_total: number };
        };
      }
    >
  >;
}
interface StoreStats {
  readonly _all: { readonly primaries: { readonly store: { readonly size_in_bytes: number } } };
}
interface Page {
  readonly _scroll_id: string;
  readonly hits: { readonly hits: readonly unknown[] };
}
interface DumpedLine {
  readonly _index: string;
  readonly _id: string;
  readonly _source: object;
}

/** One OpenSearch, compiled as in production, and one Redis. */
export class ClusterUnderTest {
  readonly options: OpenSearchOptions;
  readonly #servers: readonly Server[];
  readonly #folder: string;

  private constructor(servers: readonly [Server, Server], folder: string) {
    const [search, redis] = servers;
    this.#servers = servers;
    this.#folder = folder;
    this.options = {
      nodes: [search.url],
      redisUrl: redis.url,
      indexPrefix: PREFIX,
    };
  }

  static async start(folder: string): Promise<ClusterUnderTest> {
    const { provideCluster }: { readonly provideCluster: () => Promise<string | null> } = await import(
      new URL("cluster.mjs", SCRIPTS).href
    );
    const reason = await provideCluster();
    if (reason !== null) throw new Error(reason);
    const { startSearchNode }: { readonly startSearchNode: Start } = await import(
      new URL("search-node.mjs", SCRIPTS).href
    );
    const { startRedis }: { readonly startRedis: Start } = await import(new URL("redis.mjs", SCRIPTS).href);
    const data = join(folder, "search");
    mkdirSync(data, { recursive: true });
    // The last of two contradicting flags holds: all of the compiler, not only its first level.
    const node = { heap: HEAP, folder: data, java: ["-XX:TieredStopAtLevel=4"] };
    return new ClusterUnderTest([await startSearchNode(node), await startRedis({})], folder);
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) await server.stop();
  }

  /** Events in indices as the repository has them. @returns how many. */
  async layEvents(records: readonly BenchRecord[], days: readonly BenchDay[]): Promise<number> {
    let waiting: string[] = [];
    let count = 0;
    const send = async () => {
      if (waiting.length > 0) await this.#ask("POST", "/_bulk", waiting.join(""));
      waiting = [];
    };
    for (const day of days) {
      for (const line of linesOf(records, day, { from: 0, to: day.count }).trimEnd().split("\n")) {
        const { _index, _id, _source } = dumped(line);
        waiting.push(`${JSON.stringify({ index: { _index, _id } })}\n${JSON.stringify(_source)}\n`);
        count++;
        if (waiting.length >= BULK_LINES) await send();
      }
    }
    await send();
    await this.#ask("POST", `/${PREFIX}events-stats-*/_refresh`);
    return count;
  }

  /** Events a second of a sliced scroll that reads the fields and does nothing with them. */
  async scrollRate(): Promise<number> {
    await this.#scroll(0);
    const begin = performance.now();
    const counts = await Promise.all(Array.from({ length: SLICES }, (_, slice) => this.#scroll(slice)));
    return (1000 * counts.reduce((sum, count) => sum + count, 0)) / (performance.now() - begin);
  }

  async #scroll(slice: number): Promise<number> {
    const body = JSON.stringify({ size: PAGE, sort: ["_doc"], _source: FIELDS, slice: { id: slice, max: SLICES } });
    let page = pageOf(await this.#ask("POST", `/${PREFIX}events-stats-*/_search?scroll=1m`, body));
    let count = 0;
    while (page.hits.length > 0) {
      count += page.hits.length;
      const next = JSON.stringify({ scroll: "1m", scroll_id: page.id });
      page = pageOf(await this.#ask("POST", "/_search/scroll", next));
    }
    return count;
  }

  /** Events a second from the repository's indices into facts. */
  async harvestRate({ facts, instance }: Engine): Promise<number> {
    if (instance === undefined) throw new Error("the engine shows no instance");
    const begin = performance.now();
    const report = await harvest({ facts, instance, rejectsDir: join(this.#folder, "rejects"), now: Date.now });
    if (report.state !== "done") throw new Error(`the repository's events were not taken: ${JSON.stringify(report)}`);
    return (1000 * report.totals.read) / (performance.now() - begin);
  }

  /** What OpenSearch did up to now: searches, readings of documents, writings of documents. */
  async requests(): Promise<number> {
    const { nodes }: NodeStats = JSON.parse(await this.#ask("GET", "/_nodes/stats/indices"));
    return Object.values(nodes).reduce((sum, { indices: { search, get, indexing } }) => {
      return sum + search.query_total + get.total + indexing.index_total;
    }, 0);
  }

  /** Processor time that OpenSearch has taken; 0 where the system does not say. */
  searchSeconds(): number {
    const [search] = this.#servers;
    const file = `/proc/${search?.pid}/stat`;
    if (!existsSync(file)) return 0;
    const fields = readFileSync(file, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  async storedBytes(kinds: readonly string[]): Promise<number> {
    const names = kinds.map((kind) => `${PREFIX}community-stats-${kind}`).join(",");
    await this.#ask("POST", `/${names}/_forcemerge?max_num_segments=1`);
    const stored: StoreStats = JSON.parse(await this.#ask("GET", `/${names}/_stats/store`));
    return stored["_all"].primaries.store.size_in_bytes;
  }

  async #ask(method: string, path: string, body?: string): Promise<string> {
    const headers = { "content-type": path === "/_bulk" ? "application/x-ndjson" : "application/json" };
    const [node = ""] = this.options.nodes;
    const answer = await ask(node + path, { method, headers, ...(body === undefined ? {} : { body }) });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return await answer.text();
  }
}

function dumped(line: string): DumpedLine {
  return JSON.parse(line);
}

function pageOf(text: string): { readonly id: string; readonly hits: readonly unknown[] } {
  const page: Page = JSON.parse(text);
  return { id: page["_scroll_id"], hits: page.hits.hits };
}

import { Readable } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { EventIndices } from "../../src/engine/event-indices.ts";
import { openOpenSearch, type OpenSearchOptions } from "../../src/engines/opensearch/open.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import { Migration, type MigrationOptions, type MonthReport } from "../../src/migration/migration.ts";
import { type MonthKey, monthsOf } from "../../src/migration/month-plan.ts";
import { atOnce } from "../conformance/arrivals.ts";
import { workedExample } from "../worked-example.ts";
import { freshPrefix, OPENSEARCH_URL, optionsFor, removeAll } from "./test-cluster.ts";

/** The middle of the day on which the tests live. */
export const NOW = Date.parse("2025-06-15T12:00:00Z");
/** What one search can give. */
const MOST_SEEN = 10_000;
const KINDS = { view: "record-view", download: "file-download" } as const;
type Kind = keyof typeof KINDS;

export interface TestEvent {
  readonly timestamp: string;
  readonly recid?: string;
  readonly visitor?: string;
  readonly country?: string | null;
  readonly updated?: string;
  /** What the original had added. */
  readonly added?: object;
}

/** As invenio-stats stores it: the second, and the time of storing. */
export function eventDocument(type: Kind, { timestamp, recid = "r1", visitor = "v1", ...more }: TestEvent): object {
  const download = { bucket_id: `b-${recid}`, file_id: `f-${recid}`, file_key: "Data.CSV", size: 500 };
  return {
    timestamp,
    updated_timestamp: more.updated ?? `${timestamp}.123456`,
    recid,
    parent_recid: recid.replace("r", "p"),
    unique_id: type === "view" ? `ui_${recid}` : `b-${recid}_f-${recid}`,
    visitor_id: visitor,
    unique_session_id: visitor,
    country: more.country === undefined ? "DE" : more.country,
    referrer: null,
    via_api: false,
    is_robot: false,
    is_machine: false,
    ...(type === "download" ? download : {}),
    ...more.added,
  };
}

/** So many events of a month, a minute apart, of the records of the worked example. */
export function monthEvents(month: string, count: number): readonly TestEvent[] {
  return Array.from({ length: count }, (_, at) => ({
    timestamp: new Date(Date.parse(`${month}-02T00:00:00Z`) + at * 60_000).toISOString().slice(0, 19),
    recid: `r${(at % 4) + 1}`,
    visitor: `v${at % 7}`,
  }));
}

/** A repository on the cluster of the tests, with its own prefix, as InvenioRDM lays its events out. */
export class EventInstance {
  readonly prefix: string;
  readonly #url: string;

  private constructor(prefix: string, url: string) {
    this.prefix = prefix;
    this.#url = url;
  }

  static async make(url = OPENSEARCH_URL): Promise<EventInstance> {
    const instance = new EventInstance(freshPrefix(), url);
    for (const type of ["view", "download"] as const) await instance.#putTemplate(type);
    return instance;
  }

  /** A request past the product. */
  async ask(method: string, path: string, body?: object): Promise<Response> {
    const given = { method, headers: { "content-type": "application/json" } };
    return await fetch(this.#url + path, body === undefined ? given : { ...given, body: JSON.stringify(body) });
  }

  base(type: Kind): string {
    return `${this.prefix}events-stats-${KINDS[type]}`;
  }

  index(type: Kind, month: string): string {
    return `${this.base(type)}-${month}`;
  }

  /** As the repository does: into the month's name, each under the id of its ten seconds, item and visitor. */
  async write(type: Kind, events: readonly TestEvent[], into?: string): Promise<void> {
    const lines = events.flatMap((event) => {
      const { timestamp, recid = "r1", visitor = "v1" } = event;
      const index = into ?? this.index(type, timestamp.slice(0, 7));
      const action = { index: { _index: index, _id: `${timestamp.slice(0, 18)}0-${recid}-${visitor}` } };
      return [JSON.stringify(action), JSON.stringify(eventDocument(type, event))];
    });
    for (let from = 0; from < lines.length; from += 10_000) {
      const body = `${lines.slice(from, from + 10_000).join("\n")}\n`;
      const headers = { "content-type": "application/x-ndjson" };
      const answer = await fetch(`${this.#url}/_bulk?refresh=true`, { method: "POST", headers, body });
      const told: { errors: boolean } = Object(await answer.json());
      if (told.errors) throw new Error(`the repository could not write: ${JSON.stringify(told).slice(0, 500)}`);
    }
  }

  /** Every event by id, as readers of a name see it; an id that they see twice is there twice. */
  async seen(name: string): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
    await this.ask("POST", `/${name}/_refresh`);
    const found = new Map<string, Readonly<Record<string, unknown>>>();
    const answer = await this.ask("POST", `/${name}/_search?allow_partial_search_results=false`, { size: MOST_SEEN });
    const { hits }: { hits: { hits: readonly Hit[] } } = Object(await answer.json());
    if (hits.hits.length === MOST_SEEN) throw new Error("there are more events than a page shows");
    for (const { _id, _index, _source } of hits.hits) {
      found.set(found.has(_id) ? `${_id} again in ${_index}` : _id, _source);
    }
    return found;
  }

  async aliases(name: string): Promise<readonly string[]> {
    const answer = await this.ask("GET", `/_alias/${name}`);
    return answer.status === 404 ? [] : Object.keys(Object(await answer.json())).toSorted();
  }

  /** Names of its indices of events. */
  async indices(): Promise<readonly string[]> {
    const patterns = `${this.prefix}events-stats-*,backup-${this.prefix}events-stats-*`;
    const answer = await this.ask("GET", `/_cat/indices/${patterns}?h=index&s=index`);
    return (await answer.text()).split("\n").filter((name) => name !== "");
  }

  async remove(): Promise<void> {
    await removeAll(this.prefix);
    await removeAll(`backup-${this.prefix}`);
    for (const type of ["view", "download"] as const) await this.ask("DELETE", `/_template/${this.base(type)}`);
  }

  /** Strict, and with the alias of readers in every index of the name: as upstream. */
  async #putTemplate(type: Kind): Promise<void> {
    const keyword = { type: "keyword" };
    const names = ["recid", "parent_recid", "unique_id", "visitor_id", "unique_session_id", "country", "referrer"];
    const more = type === "download" ? ["bucket_id", "file_id", "file_key"] : ["labels"];
    const flags = ["via_api", "is_robot", "is_machine"].map((name) => [name, { type: "boolean" }]);
    await this.ask("PUT", `/_template/${this.base(type)}`, {
      index_patterns: [`${this.base(type)}-*`],
      settings: { index: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: "5s" } },
      mappings: {
        dynamic: "strict",
        date_detection: false,
        properties: {
          timestamp: { type: "date", format: "strict_date_optional_time" },
          updated_timestamp: { type: "date" },
          size: { type: "double" },
          ...Object.fromEntries([...names, ...more].map((name) => [name, keyword])),
          ...Object.fromEntries(flags),
        },
      },
      aliases: { [this.base(type)]: {} },
    });
  }
}

interface Hit {
  readonly _id: string;
  readonly _index: string;
  readonly _source: Readonly<Record<string, unknown>>;
}

/** An engine beside an instance that knows the records and memberships of the worked example. */
export async function openBeside(
  { prefix }: EventInstance,
  options: Partial<OpenSearchOptions> = {},
): Promise<Engine & { readonly eventIndices: EventIndices }> {
  const engine = await openOpenSearch({ ...optionsFor(prefix), ...options });
  for (const { kind, lines } of atOnce(workedExample())) {
    if (kind === "events") continue;
    const stdin = Readable.from([lines.join("\n")]);
    const rejectsDir = join(tmpdir(), `${prefix}rejects`);
    await ingestFiles({ facts: engine.facts, files: ["-"], as: kind, stdin, rejectsDir, now: () => NOW, threads: 0 });
  }
  const { eventIndices } = engine;
  if (eventIndices === undefined) throw new Error("the engine has no indices of events");
  return { ...engine, eventIndices };
}

export type Changes = Partial<MigrationOptions> & { readonly keys?: readonly MonthKey[] };

/** One run over all months, or the given ones. */
export async function migrate(
  { facts, control, eventIndices }: Engine & { readonly eventIndices: EventIndices },
  changes: Changes = {},
): Promise<readonly MonthReport[]> {
  const { keys, ...options } = changes;
  const migration = new Migration({
    indices: eventIndices,
    facts,
    control,
    breakdowns: DEFAULT_BREAKDOWNS,
    limits: { maxBatches: 1000, batchSize: 100, maxMemoryPercent: 100 },
    memory: () => ({ available: 1, total: 2 }),
    healthWaitsMs: [],
    retires: false,
    isFresh: false,
    owner: `test:${process.pid}`,
    now: () => NOW,
    signal: new AbortController().signal,
    progress: () => undefined,
    ...options,
  });
  return await migration.run(keys ?? monthsOf(await eventIndices.list()));
}

import { z } from "zod";
import type { InstanceKind, InstancePage, InstancePart, InstanceSource } from "../../engine/instance-source.ts";
import { pages } from "./hits.ts";
import type { Requests } from "./requests.ts";

/** Where a repository keeps what is counted: indices and aliases without their prefix. Events come by month, in older ones by day. */
const SOURCES: readonly (readonly [InstanceKind, readonly string[]])[] = [
  ["communities", ["communities"]],
  ["records", ["rdmrecords-records"]],
  ["memberships", ["stats-community-events"]],
  ["events", ["events-stats-record-view-*", "events-stats-file-download-*"]],
];
const PAGE = 5000;
const RECORD_PAGE = 500;

const indicesSchema = z.record(
  z.string(),
  z.object({ settings: z.object({ index: z.object({ uuid: z.string(), number_of_shards: z.string() }) }) }),
);

/**
 * Reads indices shard by shard in the order of their sequence numbers: what was written or overwritten since has a greater one, whatever
 * its own times say, and a number is where a broken reading goes on.
 */
export class OpenSearchInstance implements InstanceSource {
  readonly #requests: Requests;
  readonly #prefix: string;

  constructor(requests: Requests, prefix: string) {
    this.#requests = requests;
    this.#prefix = prefix;
  }

  async parts(): Promise<readonly InstancePart[]> {
    const found: InstancePart[] = [];
    for (const [kind, names] of SOURCES) {
      for (const name of names) found.push(...(await this.#partsOf(kind, `${this.#prefix}${name}`)));
    }
    return found;
  }

  async *pages({ index, shard, kind }: InstancePart, after: number): AsyncGenerator<InstancePage> {
    const body = {
      query: { range: { _seq_no: { gt: after } } },
      sort: [{ _seq_no: "asc" }],
      seq_no_primary_term: true,
    };
    const pageSize = kind === "events" ? PAGE : RECORD_PAGE;
    const search = { index, body, pageSize, preference: `_shards:${shard}` };
    for await (const hits of pages(this.#requests, search)) {
      const lines = hits.map(({ id, source }) => `${JSON.stringify({ _index: index, _id: id, _source: source })}\n`);
      yield { lines: lines.join(""), count: hits.length, position: hits.at(-1)?.seqNo ?? after };
    }
  }

  async #partsOf(kind: InstanceKind, name: string): Promise<readonly InstancePart[]> {
    const query = {
      allow_no_indices: true,
      ignore_unavailable: true,
      filter_path: "*.settings.index.uuid,*.settings.index.number_of_shards",
    };
    const { body } = await this.#requests.send("GET", `/${encodeURIComponent(name)}/_settings`, {
      query,
      accept: [404],
    });
    const indices = Object.entries(indicesSchema.parse(body)).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return indices.flatMap(([index, { settings }]) => {
      const { uuid, number_of_shards } = settings.index;
      return Array.from({ length: Number(number_of_shards) }, (_, shard) => {
        return { kind, index, shard, source: `instance ${index} ${uuid} ${shard}` };
      });
    });
  }
}

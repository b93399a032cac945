import { dayEntry } from "./day-entry.ts";
import { changeDocument, getDocument } from "./documents.ts";
import { allHits } from "./hits.ts";
import type { Requests } from "./requests.ts";

const HOUR_MS = 3_600_000;
const LOOK_MS = 24 * HOUR_MS;
const PAGE = 2000;
const LOOKED = "orphans";

export interface OrphanOptions {
  readonly requests: Requests;
  readonly index: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Parts that no day names, left by whoever died between writing a part and listing it: they count for nothing, and take room. */
export class OrphanParts {
  readonly #options: OrphanOptions;

  constructor(options: OrphanOptions) {
    this.#options = options;
  }

  /** Once a day, whoever comes first. @returns how many were removed. */
  async collect(): Promise<number> {
    const { requests, index, now } = this.#options;
    const at = now();
    const due = await changeDocument(requests, { index, id: LOOKED }, (source) => {
      return Number(source?.["version"] ?? 0) > at - LOOK_MS ? null : { t: LOOKED, version: at };
    });
    if (due === null) return 0;
    await requests.refresh(index);
    // The days after the parts: one that is listed in between is named then.
    const parts = await this.#ids("part");
    const named = await this.#named();
    let removed = 0;
    for (const id of parts) if (!named.has(id) && (await this.#remove(id, at - HOUR_MS))) removed++;
    return removed;
  }

  async #ids(kind: string): Promise<readonly string[]> {
    const { requests, index } = this.#options;
    const body = { query: { term: { t: kind } }, sort: [{ period: "asc" }, { _seq_no: "asc" }], _source: false };
    return (await allHits(requests, { index, body, pageSize: PAGE })).map(({ id }) => id);
  }

  async #named(): Promise<ReadonlySet<string>> {
    const { requests, index } = this.#options;
    const body = { query: { term: { t: "day" } }, sort: [{ period: "asc" }] };
    const days = await allHits(requests, { index, body, pageSize: PAGE });
    return new Set(days.flatMap(({ source }) => dayEntry(source).parts.map(({ id }) => id)));
  }

  /** A part that is young may be listed yet; one that is written again meanwhile stays. */
  async #remove(id: string, olderThan: number): Promise<boolean> {
    const { requests, index } = this.#options;
    const found = await getDocument(requests, index, id);
    if (found === null || Number(found.source["version"] ?? 0) >= olderThan) return false;
    const query = { if_seq_no: found.seqNo, if_primary_term: found.term };
    const path = `/${index}/_doc/${encodeURIComponent(id)}`;
    return (await requests.send("DELETE", path, { query, accept: [404, 409] })).status === 200;
  }
}

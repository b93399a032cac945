import { KEPT_MS } from "./brief-memory.ts";
import { getDocuments } from "./documents.ts";
import type { Json, Requests } from "./requests.ts";

/** What was not asked for as long is no longer fetched along. */
const WANTED_MS = 10_000;

interface Batch {
  readonly since: number;
  readonly ids: ReadonlySet<string>;
  readonly sources: Promise<ReadonlyMap<string, Json | null>>;
}

/**
 * Documents that every request asks for, one after the other. When one of them is looked at anew, so are all that were asked for lately, in
 * the same request; kept for a moment, as `BriefMemory` keeps.
 */
export class BriefDocuments {
  readonly #requests: Requests;
  readonly #index: string;
  readonly #wanted = new Map<string, number>();
  #batch: Batch | null = null;

  constructor(requests: Requests, index: string) {
    this.#requests = requests;
    this.#index = index;
  }

  /** Null where there is none. */
  async source(id: string): Promise<Json | null> {
    const now = performance.now();
    this.#wanted.set(id, now);
    const known = this.#batch;
    const batch = known !== null && known.ids.has(id) && now - known.since < KEPT_MS ? known : this.#fetch(now);
    return (await batch.sources).get(id) ?? null;
  }

  forget(): void {
    this.#batch = null;
  }

  #fetch(now: number): Batch {
    for (const [id, at] of this.#wanted) if (now - at > WANTED_MS) this.#wanted.delete(id);
    const ids = [...this.#wanted.keys()];
    const batch: Batch = { since: now, ids: new Set(ids), sources: this.#read(ids) };
    this.#batch = batch;
    // A failure is not an answer: the next one asks again.
    batch.sources.catch(() => {
      if (this.#batch === batch) this.#batch = null;
    });
    return batch;
  }

  async #read(ids: readonly string[]): Promise<ReadonlyMap<string, Json | null>> {
    const found = await getDocuments(this.#requests, this.#index, ids);
    return new Map(ids.map((id, at) => [id, found[at]?.source ?? null]));
  }
}

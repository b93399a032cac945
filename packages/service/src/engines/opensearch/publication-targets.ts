import { z } from "zod";
import type { PublishedName } from "../../engine/document-publisher.ts";
import type { Requests } from "./requests.ts";

/** Stands in the mapping of an index that this product made: no other is ever written. */
const OWNER = "community-stats";
const OWN_SUFFIX = `-${OWNER}`;

const ownerSchema = z.record(
  z.string(),
  z.object({ mappings: z.object({ _meta: z.object({ made_by: z.string().optional() }).optional() }) }),
);

export interface TargetParts {
  readonly requests: Requests;
  readonly prefix: string;
}

/** The indices of one name by year, and what they replace. */
export class PublicationTargets {
  readonly #parts: TargetParts;
  readonly #alias: string;
  readonly #byYear = new Map<number, { readonly index: string; readonly replaces: string | null }>();

  constructor(parts: TargetParts, name: PublishedName) {
    this.#parts = parts;
    this.#alias = `${parts.prefix}${name}`;
  }

  async of(year: number): Promise<string> {
    const known = this.#byYear.get(year) ?? (await this.#provide(year));
    this.#byYear.set(year, known);
    return known.index;
  }

  /** Lets the alias name our indices and no longer those of the original, in one step. @returns the latter. */
  async show(): Promise<readonly string[]> {
    const targets = Array.from(this.#byYear.values());
    if (targets.length === 0) return [];
    const replaced = targets.flatMap(({ replaces }) => (replaces === null ? [] : [replaces]));
    const shown = await this.#shown();
    const actions = [
      ...targets.map(({ index }) => ({ add: { index, alias: this.#alias } })),
      ...replaced.filter((index) => shown.has(index)).map((index) => ({ remove: { index, alias: this.#alias } })),
    ];
    await this.#parts.requests.send("POST", "/_aliases", { body: { actions } });
    return replaced;
  }

  async #shown(): Promise<ReadonlySet<string>> {
    const { body } = await this.#parts.requests.send("GET", `/_alias/${this.#alias}`, { accept: [404] });
    return new Set(Object.keys(Object(body)));
  }

  async #provide(year: number): Promise<{ readonly index: string; readonly replaces: string | null }> {
    const plain = `${this.#alias}-${year}`;
    const owner = await this.#ownerOf(plain);
    if (owner !== "foreign") {
      if (owner === "none") await this.#create(plain);
      return { index: plain, replaces: null };
    }
    const own = plain + OWN_SUFFIX;
    if ((await this.#ownerOf(own)) === "none") await this.#create(own);
    return { index: own, replaces: plain };
  }

  async #ownerOf(index: string): Promise<"none" | "own" | "foreign"> {
    const answer = await this.#parts.requests.send("GET", `/${index}/_mapping`, { accept: [404] });
    if (answer.status === 404) return "none";
    const [found] = Object.values(ownerSchema.parse(answer.body));
    return found?.mappings["_meta"]?.made_by === OWNER ? "own" : "foreign";
  }

  /** Documents are read whole, by scope and day; nothing inside them is looked into, so nothing is nested and nothing grows by itself. */
  async #create(index: string): Promise<void> {
    const date = { type: "date" };
    const mappings = {
      _meta: { made_by: OWNER },
      dynamic: false,
      properties: {
        community_id: { type: "keyword" },
        period_start: date,
        period_end: date,
        snapshot_date: date,
        timestamp: date,
        updated_timestamp: date,
      },
    };
    const settings = { index: { number_of_shards: 1, auto_expand_replicas: "0-1", refresh_interval: "5s" } };
    await this.#parts.requests.send("PUT", `/${index}`, { body: { mappings, settings } });
  }
}

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

type Owner = "none" | "own" | "foreign";

export interface TargetParts {
  readonly requests: Requests;
  readonly prefix: string;
}

export interface Target {
  readonly index: string;
  /** Of the original. */
  readonly replaces: string | null;
  /** It was made only now: nothing stands there. */
  readonly isNew: boolean;
}

/** The indices of one name by year, and what they replace. */
export class PublicationTargets {
  readonly #parts: TargetParts;
  readonly #alias: string;
  readonly #byYear = new Map<number, Target>();

  constructor(parts: TargetParts, name: PublishedName) {
    this.#parts = parts;
    this.#alias = `${parts.prefix}${name}`;
  }

  async of(year: number): Promise<Target> {
    const known = this.#byYear.get(year) ?? (await this.#provide(year));
    this.#byYear.set(year, known);
    return known;
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

  async #provide(year: number): Promise<Target> {
    const plain = `${this.#alias}-${year}`;
    const owner = await this.#ownerOf(plain);
    if (owner !== "foreign") return { ...(await this.#own(plain, owner)), replaces: null };
    const beside = plain + OWN_SUFFIX;
    return { ...(await this.#own(beside, await this.#ownerOf(beside))), replaces: plain };
  }

  async #own(index: string, owner: Owner): Promise<Omit<Target, "replaces">> {
    const isNew = owner === "none";
    if (isNew) await this.#create(index);
    return { index, isNew };
  }

  async #ownerOf(index: string): Promise<Owner> {
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

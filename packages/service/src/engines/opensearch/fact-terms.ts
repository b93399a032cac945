import { withCodes, type EventRows } from "../../engine/event-rows.ts";
import type { EventBatch, EventTermKind, TermKind } from "../../engine/facts.ts";
import type { IndexNames } from "./names.ts";
import type { Requests } from "./requests.ts";
import { TermChain } from "./term-chain.ts";

type CodesByKind = Readonly<Record<EventTermKind, Int32Array>>;
type TextsByKind = Readonly<Record<EventTermKind, readonly string[]>>;

/** The texts of facts by code. */
export class FactTerms {
  readonly #requests: Requests;
  readonly #index: string;
  readonly #chains = new Map<TermKind, TermChain>();

  constructor(requests: Requests, names: IndexNames) {
    this.#requests = requests;
    this.#index = names.facts;
  }

  async texts(kind: TermKind): Promise<readonly string[]> {
    return await this.#chain(kind).texts();
  }

  async internAll(dictionaries: TextsByKind): Promise<CodesByKind> {
    return await byKind((kind) => this.#chain(kind).intern(dictionaries[kind]));
  }

  /** @param isFresh looks for texts that other processes have added, too. */
  async reader(isFresh: boolean): Promise<(kind: EventTermKind, code: number) => string> {
    const texts = await byKind(async (kind) => (isFresh ? await this.texts(kind) : this.#chain(kind).known()));
    return (kind, code) => texts[kind][code] ?? "";
  }

  /** Rows with codes and their texts, without storing a text: new ones get codes after those that are stored. */
  async previewed(
    batch: EventBatch,
  ): Promise<{ readonly rows: EventRows; readonly text: (kind: EventTermKind, code: number) => string }> {
    const tables = await byKind(async (kind) => {
      const texts = [...(await this.texts(kind))];
      const codes = new Map(texts.map((text, code) => [text, code]));
      for (const text of batch.dictionaries[kind]) if (!codes.has(text)) codes.set(text, texts.push(text) - 1);
      return { texts, codes };
    });
    const rows = withCodes(batch, (kind, texts) => {
      return Int32Array.from(texts, (text) => tables[kind].codes.get(text) ?? -1);
    });
    return { rows, text: (kind, code) => tables[kind].texts[code] ?? "" };
  }

  #chain(kind: TermKind): TermChain {
    const known = this.#chains.get(kind);
    if (known !== undefined) return known;
    const chain = new TermChain(this.#requests, { index: this.#index, kind });
    this.#chains.set(kind, chain);
    return chain;
  }
}

async function byKind<T>(of: (kind: EventTermKind) => Promise<T>): Promise<Readonly<Record<EventTermKind, T>>> {
  const [record, parent, country, referrer, fileType, communitySet] = await Promise.all([
    of("record"),
    of("parent"),
    of("country"),
    of("referrer"),
    of("fileType"),
    of("communitySet"),
  ]);
  return { record, parent, country, referrer, fileType, communitySet };
}

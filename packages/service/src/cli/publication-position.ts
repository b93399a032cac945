import { createHash } from "node:crypto";
import { z } from "zod";
import type { PublishedName } from "../engine/document-publisher.ts";
import type { Engine } from "../engine/engine.ts";
import { keepPublishedState, type PublicationState, publishedState } from "./publication-state.ts";

const SETTING = "publishing";
const positionSchema = z.object({ of: z.string(), done: z.array(z.string()) });

interface Parts {
  readonly engine: Engine;
  /** The numbers that are published. */
  readonly present: PublicationState | null;
  /** What is published over what, and how: where this is another, all kinds are looked at. */
  readonly of: string;
}

/** How far a publication has come: the kinds of documents that stand there, all of them. It goes on from there when it was interrupted. */
export class PublicationPosition {
  readonly #parts: Parts;
  readonly #done: Set<string>;

  private constructor(parts: Parts, done: readonly string[]) {
    this.#parts = parts;
    this.#done = new Set(done);
  }

  /** @param isAll every document is looked at, also where nothing changed. */
  static async of(engine: Engine, present: PublicationState | null, isAll: boolean): Promise<PublicationPosition> {
    const what = JSON.stringify([isAll, await publishedState(engine), present]);
    const of = createHash("sha256").update(what).digest("base64url");
    const text = await engine.control.setting(SETTING);
    const kept = text === null ? null : positionSchema.safeParse(JSON.parse(text));
    const isOfThese = kept?.success === true && kept.data.of === of;
    return new PublicationPosition({ engine, present, of }, isOfThese ? kept.data.done : []);
  }

  isDone(name: PublishedName): boolean {
    return this.#done.has(name);
  }

  async keep(name: PublishedName): Promise<void> {
    this.#done.add(name);
    await this.#write();
  }

  /** All documents show the present numbers. */
  async end(): Promise<void> {
    const { engine, present } = this.#parts;
    if (present !== null) await keepPublishedState(engine, present);
    this.#done.clear();
    await this.#write();
  }

  async #write(): Promise<void> {
    const { engine, of } = this.#parts;
    await engine.control.setSetting(SETTING, JSON.stringify({ of, done: [...this.#done] }));
  }
}

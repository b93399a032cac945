import type { Freshness } from "@community-stats/contract/series.ts";
import type { Answer, Encoding } from "./answering.ts";
import { decode, encode } from "./encoding.ts";
import { SingleFlight } from "./single-flight.ts";

export interface KnownAnswer {
  /** Validator of the content before it is encoded. */
  readonly hash: string;
  readonly freshness: Freshness;
  readonly encoding: Encoding;
  readonly contentBytes: number;
  readonly body: Buffer;
}

/** An answer in memory, in the encodings that were asked for so far. Each is made once. */
export class HeldAnswer {
  readonly hash: string;
  readonly freshness: Freshness;
  readonly contentBytes: number;
  readonly #bodies = new Map<Encoding, Buffer>();
  readonly #making = new SingleFlight<Buffer>();

  constructor(known: KnownAnswer) {
    this.hash = known.hash;
    this.freshness = known.freshness;
    this.contentBytes = known.contentBytes;
    this.#bodies.set(known.encoding, known.body);
  }

  /** Of all encodings that are held. */
  get bytes(): number {
    let sum = 0;
    for (const body of this.#bodies.values()) sum += body.length;
    return sum;
  }

  has(encoding: Encoding): boolean {
    return this.#bodies.has(encoding);
  }

  /** Null where this encoding was not asked for so far. */
  made(encoding: Encoding): Buffer | null {
    return this.#bodies.get(encoding) ?? null;
  }

  async body(encoding: Encoding): Promise<Buffer> {
    return this.#bodies.get(encoding) ?? (await this.#making.run(encoding, () => this.#make(encoding)));
  }

  async answer(encoding: Encoding): Promise<Answer> {
    const { hash, freshness } = this;
    return { freshness, etag: etagOf(hash, encoding), body: await this.body(encoding) };
  }

  async #make(encoding: Encoding): Promise<Buffer> {
    const body = await encode(await this.#content(), encoding);
    this.#bodies.set(encoding, body);
    return body;
  }

  async #content(): Promise<Buffer> {
    for (const [encoding, body] of this.#bodies) {
      if (encoding === "identity" || !this.#bodies.has("identity")) {
        return await decode(body, encoding, Math.max(1, this.contentBytes));
      }
    }
    throw new RangeError("An answer is held without a body.");
  }
}

/** Strong validators differ with the bytes that are sent, so also with the encoding. */
function etagOf(hash: string, encoding: Encoding): string {
  return encoding === "identity" ? `"${hash}"` : `"${hash}-${encoding}"`;
}

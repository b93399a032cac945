import { z } from "zod";
import { LeaseLostError } from "../../engine/search-errors.ts";
import type { Json } from "./requests.ts";

/**
 * The greatest token of a lease that this engine was given. Whatever makes numbers valid carries it: a holder that slept through the end of
 * its lease finds a greater token there and writes nothing. An engine that never held a lease is not fenced.
 */
export class Fence {
  #token = 0;

  get token(): number {
    return this.#token;
  }

  raise(token: number): void {
    this.#token = Math.max(this.#token, token);
  }

  /** The token to write where `before` stood. @throws LeaseLostError */
  pass(before: Json | null): number {
    const stored = z.number().catch(0).parse(before?.["token"]);
    if (this.#token > 0 && stored > this.#token) throw new LeaseLostError(this.#token, stored);
    return Math.max(this.#token, stored);
  }
}

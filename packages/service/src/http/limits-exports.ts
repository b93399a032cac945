import { StatsError } from "@community-stats/contract/problems.ts";
import type { FastifyReply } from "fastify";
import { DepartedError, hasDeparted } from "./limits-departure.ts";

/** After so long one of the files that are being made is likely done. */
const RETRY_SECONDS = 5;

class TooManyExportsError extends StatsError {
  readonly code = "TOO_MANY_EXPORTS";
  readonly status = 429;
  readonly hint = `Ask again in ${RETRY_SECONDS} s; JSON is not limited so.`;
  constructor(most: number) {
    super(
      `${most} ${most === 1 ? "file is" : "files are"} being made already, which is as many as the service makes at once.`,
    );
  }
}

/** Lets so many files be made at once. A place is taken for one answer and given back when that one has gone out or broke off. */
export class ExportPlaces {
  readonly #most: number;
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws TooManyExportsError when all places are taken; DepartedError where nobody waits any more, who could give it back. */
  take(reply: FastifyReply): void {
    if (hasDeparted(reply)) throw new DepartedError();
    if (this.#taken >= this.#most) {
      reply.header("retry-after", RETRY_SECONDS);
      throw new TooManyExportsError(this.#most);
    }
    this.#taken++;
    reply.raw.once("close", () => this.#taken--);
  }
}

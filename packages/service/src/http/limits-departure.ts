import { StatsError } from "@community-stats/contract/problems.ts";
import type { FastifyReply } from "fastify";

/** Nobody waits for the answer any more. */
export class DepartedError extends StatsError {
  readonly code = "CLIENT_LEFT";
  readonly status = 499;
  readonly hint = "Wait for the answer.";
  constructor() {
    super("The connection was closed before the answer was ready.");
  }
}

/** The work took longer than the service gives one request. */
export class TooLongError extends StatsError {
  readonly code = "TOOK_TOO_LONG";
  readonly status = 503;
  readonly hint = "Ask for fewer years, one category or a coarser granularity, or come again later.";
  constructor(seconds: number) {
    super(`The answer was not ready within ${seconds} s.`);
  }
}

/** Whether the connection was closed already: then no event says so any more. */
export function hasDeparted(reply: FastifyReply): boolean {
  return reply.raw.destroyed;
}

/** Ends when the caller goes away before the answer is out, or when its time is over. Work looks at it between two blocks. */
export function departureOf(reply: FastifyReply, answerSeconds: number): AbortSignal {
  if (hasDeparted(reply)) return AbortSignal.abort(new DepartedError());
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new TooLongError(answerSeconds)), answerSeconds * 1000);
  timer.unref();
  reply.raw.once("close", () => {
    clearTimeout(timer);
    if (!reply.raw.writableFinished) controller.abort(new DepartedError());
  });
  return controller.signal;
}

import { expect, it } from "vitest";
import { requestFailure } from "./request-failure.ts";
import { isPassing } from "./retry.ts";

/** What the client throws for an answer. */
function thrown(statusCode: number, body: unknown): Error {
  return Object.assign(new Error("Response Error"), { statusCode, body });
}

function searchFailed(reason: string, status: number): Error {
  const cause = { type: "query_phase_execution_exception", reason };
  const error = { root_cause: [cause], type: "search_phase_execution_exception", reason: "all shards failed" };
  return thrown(status, { error, status });
}

it.each([
  ["no answer at all", new Error("connect ECONNREFUSED"), null, true],
  ["a search that a time limit of the cluster ended", searchFailed("Time exceeded", 500), 504, true],
  ["a search that failed otherwise", searchFailed("Result window is too large", 500), 500, false],
  ["an answer without a reason", thrown(413, ""), 413, false],
])("%s", (_, error, status, passes) => {
  const failure = requestFailure(error);
  expect(failure.status).toBe(status);
  expect(isPassing(failure.status, failure.kind)).toBe(passes);
});

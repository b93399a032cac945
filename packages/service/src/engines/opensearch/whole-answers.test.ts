import { describe, expect, it } from "vitest";
import { RequestFailure } from "./request-failure.ts";
import { isPassing } from "./retry.ts";
import { requireWholeReading, requireWholeSearch } from "./whole-answers.ts";

function failureOf(check: (body: unknown) => void, body: unknown): RequestFailure | null {
  try {
    check(body);
    return null;
  } catch (error) {
    if (error instanceof RequestFailure) return error;
    throw error;
  }
}

/** An answer with status 200. */
function search(shards: object, timedOut = false): object {
  return { took: 3, timed_out: timedOut, _shards: { skipped: 0, ...shards }, hits: { hits: [] } };
}

describe("a search", () => {
  it.each([
    ["of all shards", search({ total: 2, successful: 2, failed: 0 })],
    ["of an alias without indices", search({ total: 0, successful: 0, failed: 0 })],
  ])("is whole: %s", (_, body) => {
    expect(failureOf(requireWholeSearch, body)).toBeNull();
  });

  it.each([
    ["a shard failed", search({ total: 2, successful: 1, failed: 1 }), "only 1 of 2 shards"],
    ["a shard has no node, which is not called a failure", search({ total: 2, successful: 1, failed: 0 }), "1 of 2"],
    [
      "shards answered what they had when time was up",
      search({ total: 1, successful: 1, failed: 0 }, true),
      "cut short",
    ],
  ])("is a part, and asked again: %s", (_, body, told) => {
    const failure = failureOf(requireWholeSearch, body);
    expect(failure?.message).toContain(told);
    expect(isPassing(failure?.status ?? null)).toBe(true);
  });
});

function unread(type: string): object {
  return { _index: "i", _id: "c", error: { type, reason: "r", root_cause: [] } };
}

describe("documents by id", () => {
  const [there, absent] = [
    { _index: "i", _id: "a", found: true, _source: { t: "day" } },
    { _index: "i", _id: "b", found: false },
  ];

  it("are all told of, those that are not there included", () => {
    expect(failureOf(requireWholeReading, { docs: [there, absent] })).toBeNull();
  });

  it("are asked again when one of them could not be read", () => {
    const failure = failureOf(requireWholeReading, { docs: [there, unread("no_shard_available_action_exception")] });
    expect(failure?.message).toContain("c could not be read: no_shard_available_action_exception");
    expect(isPassing(failure?.status ?? null, failure?.kind)).toBe(true);
  });

  it("are gone with their index", () => {
    const failure = failureOf(requireWholeReading, { docs: [unread("index_not_found_exception")] });
    expect(failure?.status).toBe(404);
    expect(isPassing(failure?.status ?? null, failure?.kind)).toBe(false);
  });
});

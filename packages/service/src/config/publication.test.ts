import { expect, it } from "vitest";
import { loadConfig } from "./config.ts";

const chunks = (environment: Readonly<Record<string, string>>) => loadConfig(environment).publicationChunks;

it("has the manual's sizes and factors", () => {
  expect(chunks({})).toEqual({ initial: 50, min: 1, max: 100, reduction: 0.7, growth: 1.05 });
});

it("takes others, and brings sizes into their order", () => {
  const sizes = { COMMUNITY_STATS_MIN_CHUNK_SIZE: "20", COMMUNITY_STATS_MAX_CHUNK_SIZE: "30" };
  expect(chunks(sizes)).toMatchObject({ min: 20, initial: 30, max: 30 });
  expect(chunks({ ...sizes, COMMUNITY_STATS_INITIAL_CHUNK_SIZE: "5" })).toMatchObject({ initial: 20 });
  expect(chunks({ COMMUNITY_STATS_MIN_CHUNK_SIZE: "200" })).toMatchObject({ min: 200, initial: 200, max: 200 });
});

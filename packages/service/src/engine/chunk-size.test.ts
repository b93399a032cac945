import { expect, it } from "vitest";
import { loadConfig } from "../config/config.ts";
import { grownChunk, reducedChunk } from "./chunk-size.ts";

const CHUNK_SETTINGS = loadConfig({}).publicationChunks;

it("goes as the manual's example: 50, 52, 54, 56, too large, 39, 40, …", () => {
  let size = CHUNK_SETTINGS.initial;
  const sizes = [size];
  for (let request = 1; request <= 3; request++) sizes.push((size = grownChunk(size, CHUNK_SETTINGS)));
  sizes.push((size = reducedChunk(size, CHUNK_SETTINGS)));
  sizes.push(grownChunk(size, CHUNK_SETTINGS));
  expect(sizes).toEqual([50, 52, 54, 56, 39, 40]);
});

it.each([
  [1, 2],
  [19, 20],
  [99, 100],
  [100, 100],
])("grows from %i to %i", (size, grown) => {
  expect(grownChunk(size, CHUNK_SETTINGS)).toBe(grown);
});

it.each([
  [100, 70],
  [3, 2],
  [2, 1],
  [1, 1],
])("shrinks from %i to %i", (size, reduced) => {
  expect(reducedChunk(size, CHUNK_SETTINGS)).toBe(reduced);
});

it("takes the factors that are configured", () => {
  const { publicationChunks } = loadConfig({
    COMMUNITY_STATS_CHUNK_GROWTH_FACTOR: "1.5",
    COMMUNITY_STATS_CHUNK_REDUCTION_FACTOR: "0.25",
  });
  expect([grownChunk(40, publicationChunks), reducedChunk(40, publicationChunks)]).toEqual([60, 10]);
});

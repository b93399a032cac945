import { expect, it } from "vitest";
import { loadConfig } from "./config.ts";

function redisOf(environment: Readonly<Record<string, string>>) {
  const { redis } = loadConfig(environment).cache;
  return redis === null ? null : { ...redis, url: redis.url.reveal() };
}

const TTL_MS = 365 * 86_400_000;
const REDIS = "redis://me:pw@redis.example:6379";

it("keeps answers in Redis where an address is given, or the engine has a Redis", () => {
  expect(redisOf({})).toBeNull();
  expect(redisOf({ STATS_CACHE_REDIS_URL: "" })).toBeNull();
  expect(
    redisOf({ COMMUNITY_STATS_ENGINE: "opensearch", REDIS_URL: `${REDIS}/2`, SEARCH_INDEX_PREFIX: "mine-" }),
  ).toEqual({ url: `${REDIS}/2`, db: 7, prefix: "stats_dashboard:mine-:", ttlMs: TTL_MS });
  expect(redisOf({ STATS_CACHE_REDIS_URL: REDIS })).toEqual({
    url: REDIS,
    db: 7,
    prefix: "stats_dashboard::",
    ttlMs: TTL_MS,
  });
});

it("takes the database of the address, and rather the one that is given, 0 as well", () => {
  expect(redisOf({ STATS_CACHE_REDIS_URL: `${REDIS}/3` })?.db).toBe(3);
  expect(redisOf({ STATS_CACHE_REDIS_URL: `${REDIS}/3`, STATS_CACHE_REDIS_DB: "0" })?.db).toBe(0);
  expect(
    redisOf({ STATS_CACHE_REDIS_URL: REDIS, STATS_CACHE_PREFIX: "a", STATS_CACHE_DEFAULT_TTL: "1" }),
  ).toMatchObject({
    prefix: "a::",
    ttlMs: 86_400_000,
  });
});

it.each([
  ["STATS_CACHE_REDIS_URL", "http://me:pw@redis.example"],
  ["STATS_CACHE_REDIS_DB", "-1"],
  ["STATS_CACHE_PREFIX", "a*"],
  ["STATS_CACHE_DEFAULT_TTL", "0"],
])("refuses %s = %s, without the password", (name, value) => {
  expect(() => loadConfig({ [name]: value })).toThrow(name);
  expect(() => loadConfig({ [name]: value })).not.toThrow("me:pw");
});

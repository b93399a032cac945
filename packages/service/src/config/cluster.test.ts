import { expect, it } from "vitest";
import { configFrom } from "./config.ts";
import { environmentSource } from "./environment.ts";
import { examine } from "./load.ts";

function clusterOf(environment: Readonly<Record<string, string>>) {
  return configFrom([environmentSource(environment)]).cluster;
}

it("needs nothing but the two addresses", () => {
  const cluster = clusterOf({ OPENSEARCH_URL: "https://a:9200, https://name:pass@b:9200", REDIS_URL: "rediss://r/3" });
  expect(cluster.nodes.map((node) => node.reveal())).toEqual(["https://a:9200", "https://name:pass@b:9200"]);
  expect(cluster.redisUrl.reveal()).toBe("rediss://r/3");
  expect(cluster).toMatchObject({
    username: null,
    caFile: null,
    verifyCertificates: true,
    indexPrefix: "",
    replicas: null,
    keptDaysBytes: 4 * 2 ** 30,
  });
});

it("takes the prefix, the account and the certificates of the instance", () => {
  const cluster = clusterOf({
    SEARCH_INDEX_PREFIX: "mysite-",
    OPENSEARCH_USERNAME: "stats",
    OPENSEARCH_PASSWORD: "geheim",
    OPENSEARCH_CA_FILE: "/etc/ca.pem",
    OPENSEARCH_VERIFY_CERTIFICATES: "false",
    COMMUNITY_STATS_INDEX_REPLICAS: "2",
    COMMUNITY_STATS_KEPT_DAYS_MAX_BYTES: "0",
  });
  expect(cluster).toMatchObject({ username: "stats", caFile: "/etc/ca.pem", verifyCertificates: false, replicas: 2 });
  expect(cluster.keptDaysBytes).toBe(0);
  expect([cluster.indexPrefix, cluster.password.reveal()]).toEqual(["mysite-", "geheim"]);
});

it("shows no password", () => {
  const cluster = clusterOf({
    OPENSEARCH_URL: "https://n:geheim@a",
    OPENSEARCH_PASSWORD: "geheim",
    REDIS_URL: "redis://:geheim@r",
  });
  expect(JSON.stringify(cluster)).not.toContain("geheim");
});

it.each([
  ["OPENSEARCH_URL", "localhost:9200"],
  ["OPENSEARCH_URL", " , "],
  ["REDIS_URL", "http://redis"],
  ["SEARCH_INDEX_PREFIX", "MySite-"],
  ["SEARCH_INDEX_PREFIX", "a*"],
  ["OPENSEARCH_VERIFY_CERTIFICATES", "perhaps"],
  ["COMMUNITY_STATS_INDEX_REPLICAS", "-1"],
  ["COMMUNITY_STATS_KEPT_DAYS_MAX_BYTES", "-1"],
  ["COMMUNITY_STATS_KEPT_DAYS_MAX_BYTES", "4 GB"],
])("refuses %s=%s", (name, value) => {
  expect(examine([environmentSource({ [name]: value })]).mistakes).toHaveLength(1);
});

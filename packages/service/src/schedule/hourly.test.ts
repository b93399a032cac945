import { expect, it } from "vitest";
import { loadConfig } from "../config/config.ts";
import { scheduledRounds } from "./hourly.ts";

const rounds = (environment: Readonly<Record<string, string>>) =>
  scheduledRounds(loadConfig({ OPENSEARCH_URL: "http://127.0.0.1:9200", ...environment })).map(({ name, commands }) => {
    return `${name}: ${commands.map((words) => words.join(" ")).join(", ")}`;
  });

const BOTH = {
  COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED: "true",
  COMMUNITY_STATS_SCHEDULED_CACHE_TASKS_ENABLED: "true",
};
const COUNT = "aggregation: aggregate, cache generate --first-view";
const WARM = "caching: cache generate --first-view";

it.each([
  ["counts and warms", BOTH, [COUNT, WARM]],
  [
    "publishes documents beside a repository's indices where that is switched on",
    { ...BOTH, COMMUNITY_STATS_ENGINE: "opensearch", COMMUNITY_STATS_SCHEDULED_PUBLISHING_ENABLED: "true" },
    [`${COUNT}, publish`, "events: usage-events migrate --keep-up", WARM],
  ],
  [
    "enriches events beside a repository's indices, and publishes nothing by itself",
    { ...BOTH, COMMUNITY_STATS_ENGINE: "opensearch" },
    [COUNT, "events: usage-events migrate --keep-up", WARM],
  ],
  [
    "does nothing while all is switched off",
    { ...BOTH, COMMUNITY_STATS_ENGINE: "opensearch", COMMUNITY_STATS_ENABLED: "false" },
    [],
  ],
  [
    "enriches although counting is switched off",
    {
      COMMUNITY_STATS_ENGINE: "opensearch",
      COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED: "false",
      COMMUNITY_STATS_SCHEDULED_CACHE_TASKS_ENABLED: "false",
    },
    ["events: usage-events migrate --keep-up"],
  ],
])("%s", (_, environment, expected) => {
  expect(rounds(environment)).toEqual(expected);
});

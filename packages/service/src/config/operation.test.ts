import { expect, it } from "vitest";
import { configFrom } from "./config.ts";
import { readPython } from "./python-file.ts";

/** The settings that an invenio.cfg of these lines gives. */
function settings(text: string) {
  const { values, skipped } = readPython(text);
  expect(skipped).toEqual([]);
  const { schedule, scheduledAggregation, scheduledCaching, locks } = configFrom([
    { origin: "file", name: "invenio.cfg", values },
  ]);
  const patterns = (kind: "aggregation" | "caching") =>
    schedule[kind].map((timing) => (timing.kind === "cron" ? timing.pattern : timing.seconds));
  return {
    aggregation: patterns("aggregation"),
    caching: patterns("caching"),
    scheduledAggregation,
    scheduledCaching,
    locks,
  };
}

it("begins at minutes 40 and 50 of each hour", () => {
  expect(settings("")).toMatchObject({ aggregation: ["40 * * * *"], caching: ["50 * * * *"] });
});

it("takes the manual's joint schedule apart, and lets a schedule of its own win", () => {
  const joint = `from celery.schedules import crontab
from invenio_stats_dashboard.tasks import CommunityStatsAggregationTask
COMMUNITY_STATS_CELERYBEAT_SCHEDULE = {
    "stats-aggregate-community-record-stats": {**CommunityStatsAggregationTask},
    "stats-cache-hourly-generation": {
        "task": "invenio_stats_dashboard.tasks.generate_hourly_cache_task",
        "schedule": crontab(minute="45", hour="*/2"),
    },
}
`;
  expect(settings(joint)).toMatchObject({ aggregation: ["40 * * * *"], caching: ["45 */2 * * *"] });
  const own = `COMMUNITY_STATS_CELERYBEAT_CACHE_SCHEDULE = {"a": {"schedule": timedelta(hours=6)}, "b": {"schedule": {"minute": 5}}}\n`;
  expect(settings(joint + own).caching).toEqual([21_600, "5 * * * *"]);
});

it("lets the older joint switch stand for both, where they have no value of their own", () => {
  const older = "COMMUNITY_STATS_SCHEDULED_TASKS_ENABLED = True\n";
  expect(settings(older)).toMatchObject({ scheduledAggregation: true, scheduledCaching: true });
  const own = "COMMUNITY_STATS_SCHEDULED_CACHE_TASKS_ENABLED = False\n";
  expect(settings(older + own)).toMatchObject({ scheduledAggregation: true, scheduledCaching: false });
});

it("switches locks off all together or one by one", () => {
  const { locks } = settings(`STATS_DASHBOARD_LOCK_CONFIG = {"response_caching": {"enabled": False}}\n`);
  expect([locks.aggregation.enabled, locks.caching.enabled, locks.caching.seconds]).toEqual([true, false, 3600]);
  const none = settings(`STATS_DASHBOARD_LOCK_CONFIG = {"enabled": False}\n`).locks;
  expect([none.aggregation.enabled, none.caching.enabled]).toEqual([false, false]);
});

import { expect, it } from "vitest";
import type { Timing } from "../config/timing.ts";
import { nextBeginning } from "./due.ts";

const cron = (pattern: string): Timing => ({ kind: "cron", name: pattern, pattern });

it.each<[string, readonly Timing[], string, string, string | null]>([
  ["the next minute 40", [cron("40 * * * *")], "UTC", "2025-03-10T10:39:59Z", "2025-03-10T10:40:00Z"],
  ["not the time itself", [cron("40 * * * *")], "UTC", "2025-03-10T10:40:00Z", "2025-03-10T11:40:00Z"],
  ["the time of a zone", [cron("0 3 * * *")], "Europe/Vienna", "2025-07-01T00:00:00Z", "2025-07-01T01:00:00Z"],
  [
    "a time that a change of clocks leaves out",
    [cron("30 2 * * *")],
    "Europe/Vienna",
    "2025-03-30T00:00:00Z",
    "2025-03-30T01:00:00Z",
  ],
  [
    "day of month and of week together, as Celery",
    [cron("0 0 13 * 5")],
    "UTC",
    "2025-06-01T00:00:00Z",
    "2025-06-13T00:00:00Z",
  ],
  ["names of days", [cron("0 6 * * mon-fri")], "UTC", "2025-03-15T00:00:00Z", "2025-03-17T06:00:00Z"],
  ["seconds", [{ kind: "every", name: "a", seconds: 90 }], "UTC", "2025-03-10T10:00:00Z", "2025-03-10T10:01:30Z"],
  [
    "the first of several",
    [cron("50 * * * *"), cron("20 * * * *")],
    "UTC",
    "2025-03-10T10:00:00Z",
    "2025-03-10T10:20:00Z",
  ],
  ["never, without times", [], "UTC", "2025-03-10T10:00:00Z", null],
])("finds %s", (_name, timings, zone, after, expected) => {
  const next = nextBeginning(timings, Date.parse(after), zone);
  expect(next).toBe(expected === null ? null : Date.parse(expected));
});

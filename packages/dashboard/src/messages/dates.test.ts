import { afterEach, expect, it } from "vitest";
import { dateFormats } from "./dates.ts";

const zone = process.env["TZ"];
afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

const NOW = Date.parse("2026-11-22T11:00:00Z");

it.each([
  ["UTC", "2026-11-22T09:10:00Z", "09:10"],
  ["UTC", "2026-11-21T23:10:00Z", "21 Nov 2026, 23:10"],
  // Near the date line other instants are of today than in UTC.
  ["Pacific/Kiritimati", "2026-11-22T09:10:00Z", "22 Nov 2026, 23:10"],
  ["Pacific/Kiritimati", "2026-11-22T10:30:00Z", "00:30"],
  ["Pacific/Niue", "2026-11-22T10:30:00Z", "21 Nov 2026, 23:30"],
  ["Pacific/Niue", "2026-11-22T11:00:00Z", "00:00"],
])("in %s, %s is %s", (place, instant, text) => {
  process.env["TZ"] = place;
  expect(dateFormats("en").time(instant, NOW)).toBe(text);
});

it.each(["UTC", "Pacific/Kiritimati", "Pacific/Niue", "America/New_York"])("days are the same days in %s", (place) => {
  process.env["TZ"] = place;
  const { day, range, period } = dateFormats("en");
  expect([day("2026-03-29"), range("2026-10-24", "2026-10-26", true)]).toEqual(["29 Mar 2026", "24–26 Oct 2026"]);
  expect(period({ from: "2026-12-28", to: "2027-01-03" }, "week", true)).toBe("28 Dec 2026 – 3 Jan 2027");
});

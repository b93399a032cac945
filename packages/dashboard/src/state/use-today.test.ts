import { parseDay, type Day } from "@community-stats/contract/days.ts";
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useToday } from "./use-today.ts";

const MADE = Date.UTC(2026, 10, 22, 23, 50);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

beforeEach(() => {
  vi.useFakeTimers({ now: MADE });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const now = (): number => Date.now();
const pass = (ms: number): void => act(() => void vi.advanceTimersByTime(ms));
const open = (told: string) => renderHook(() => useToday(day(told), now)).result;

function day(text: string): Day {
  const parsed = parseDay(text);
  if (parsed === null) throw new RangeError(text);
  return parsed;
}

it("goes on at midnight in UTC, and again a day later", () => {
  const today = open("2026-11-22");
  pass(9 * MINUTE);
  expect(today.current).toBe("2026-11-22");
  pass(MINUTE);
  expect(today.current).toBe("2026-11-23");
  pass(DAY - 1);
  expect(today.current).toBe("2026-11-23");
  pass(1);
  expect(today.current).toBe("2026-11-24");
});

it("goes on when the page is looked at again, and not while nobody looks", () => {
  const visibility = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  const today = open("2026-11-22");
  pass(3 * DAY);
  expect(today.current).toBe("2026-11-22");
  visibility.mockReturnValue("visible");
  act(() => document.dispatchEvent(new Event("visibilitychange")));
  expect(today.current).toBe("2026-11-25");
});

it.each([
  [
    "a clock ten minutes late does not count the midnight that the service has told already",
    "2026-11-23",
    "2026-11-23",
  ],
  ["a clock of another year counts midnights all the same", "2020-02-28", "2020-02-29"],
])("%s", (_, told, after) => {
  const today = open(told);
  pass(20 * MINUTE);
  expect(today.current).toBe(after);
});

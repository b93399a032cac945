import { expect, it } from "vitest";
import { openMemory } from "../engines/memory/open.ts";
import { nextDue, runDue } from "./beat.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.parse("2025-03-13T12:00:00Z");
const YEAR_AHEAD = NOON + 365 * 24 * HOUR;

/** A job of every full hour, by a clock that is set; `at` begins what is due then, and gives the times of all beginnings so far. */
function hourly() {
  const { control } = openMemory({ clock: () => NOON });
  const begun: number[] = [];
  let time = NOON;
  const options = {
    control,
    jobs: [
      {
        name: "count",
        timings: [{ kind: "cron", name: "count", pattern: "0 * * * *" } as const],
        run: async () => void begun.push(time),
      },
    ],
    timeZone: "UTC",
    now: () => time,
    owner: "here.example:1",
    signal: new AbortController().signal,
  };
  const at = async (now: number): Promise<readonly number[]> => {
    time = now;
    await runDue(options);
    return begun;
  };
  return { at, next: () => nextDue(options) };
}

it("goes on when a clock that ran far ahead is right again", async () => {
  const { at, next } = hourly();
  await at(NOON + MINUTE);
  expect(await at(YEAR_AHEAD)).toEqual([YEAR_AHEAD]);
  expect(await at(NOON + 10 * MINUTE)).toEqual([YEAR_AHEAD]);
  expect(await next()).toBe(NOON + HOUR);
  expect(await at(NOON + HOUR)).toEqual([YEAR_AHEAD, NOON + HOUR]);
});

it("begins once where the clocks of two machines differ a little", async () => {
  const { at } = hourly();
  await at(NOON + MINUTE);
  expect(await at(NOON + HOUR)).toEqual([NOON + HOUR]);
  for (const late of [-2 * MINUTE, 0, 2 * MINUTE]) expect(await at(NOON + HOUR + late)).toEqual([NOON + HOUR]);
});

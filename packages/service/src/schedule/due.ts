import { Cron } from "croner";
import type { Timing } from "../config/timing.ts";

/** The first beginning after an instant, of all timings together; null where there is none. Epoch milliseconds. */
export function nextBeginning(timings: readonly Timing[], after: number, timeZone: string): number | null {
  const next = timings.map((timing) => beginningAfter(timing, after, timeZone)).filter((at) => at !== null);
  return next.length === 0 ? null : Math.min(...next);
}

function beginningAfter(timing: Timing, after: number, timeZone: string): number | null {
  if (timing.kind === "every") return after + timing.seconds * 1000;
  // As Celery has it: where day of month and day of week are both given, both must fit.
  const cron = new Cron(timing.pattern, { mode: "5-part", timezone: timeZone, paused: true, domAndDow: true });
  return cron.nextRun(new Date(after))?.getTime() ?? null;
}

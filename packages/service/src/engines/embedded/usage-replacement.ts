import type { DayNumber } from "@community-stats/contract/days.ts";
import type { DayOfUse, UsageBatch } from "../../engine/rollup-store.ts";
import { offsetOf, type UsageWindows, windowOf } from "./usage-windows.ts";
import type { WindowDay } from "./window-packing.ts";

export interface UsageReplacement {
  readonly windows: UsageWindows;
  readonly batch: UsageBatch;
  /** Days that are stored already. */
  readonly counted: ReadonlySet<DayNumber>;
  /** All series of use there are. */
  readonly stored: () => readonly number[];
  readonly seriesOf: (scope: number, breakdown: string) => number;
}

/** Replaces the use of the days of a batch. A window without any counted day has nothing to look up. */
export function replaceUse(replacement: UsageReplacement): void {
  const { batch, counted } = replacement;
  const countedWindows = new Set(Array.from(counted, windowOf));
  const byWindow = Map.groupBy(batch.days, ({ day }) => windowOf(day));
  for (const [window, days] of byWindow)
    replaceWindow(replacement, { window, days, isNew: !countedWindows.has(window) });
}

interface WindowPart {
  readonly window: number;
  readonly days: readonly DayOfUse[];
  readonly isNew: boolean;
}

function replaceWindow({ windows, batch, counted, stored, seriesOf }: UsageReplacement, part: WindowPart): void {
  const { window, days, isNew } = part;
  const replaced = new Set(days.map(({ day }) => offsetOf(day)));
  const written = new Set<number>();
  for (const { scope, breakdown, pieces } of seriesOfDays(days)) {
    const series = seriesOf(scope, batch.breakdowns[breakdown] ?? "");
    written.add(series);
    if (isNew) windows.put(series, window, pieces);
    else windows.merge(series, window, { days: pieces, replaced });
  }
  if (!days.some(({ day }) => counted.has(day))) return;
  for (const series of stored()) if (!written.has(series)) windows.merge(series, window, { days: [], replaced });
}

interface SeriesOfDays {
  readonly scope: number;
  /** Position in the batch's breakdowns. */
  readonly breakdown: number;
  readonly pieces: readonly WindowDay[];
}

/** What the days hold of each series, ascending by scope, then breakdown: all days are walked through side by side. */
function* seriesOfDays(days: readonly DayOfUse[]): Generator<SeriesOfDays> {
  const walks = days.toSorted((a, b) => a.day - b.day).map((day) => new Walk(day));
  for (;;) {
    const scope = walks.reduce((least, walk) => Math.min(least, walk.scope), Infinity);
    if (scope === Infinity) return;
    const here = walks.filter((walk) => walk.scope === scope);
    const breakdown = here.reduce((least, walk) => Math.min(least, walk.breakdown), Infinity);
    const pieces = here.filter((walk) => walk.breakdown === breakdown).map((walk) => walk.take());
    yield { scope, breakdown, pieces };
  }
}

/** A place among the blobs of one day. */
class Walk {
  readonly #day: DayOfUse;
  #at = 0;

  constructor(day: DayOfUse) {
    this.#day = day;
  }

  /** Infinity at the end. */
  get scope(): number {
    return this.#day.scope[this.#at] ?? Infinity;
  }

  get breakdown(): number {
    return this.#day.breakdown[this.#at] ?? Infinity;
  }

  take(): WindowDay {
    const { day, start, data } = this.#day;
    const at = this.#at++;
    return { offset: offsetOf(day), data: data.subarray(start[at], start[at + 1]) };
  }
}

import type { DayNumber } from "@community-stats/contract/days.ts";
import type { DayOfUse, UsageBatch } from "../../engine/rollup-store.ts";
import { SeriesWalk } from "../../engine/series-walk.ts";
import { offsetOf } from "../../engine/window-packing.ts";
import { type UsageWindows, windowOf } from "./usage-windows.ts";

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
  const walk = new SeriesWalk(days);
  while (walk.next()) {
    const series = seriesOf(walk.scope, batch.breakdowns[walk.breakdown] ?? "");
    written.add(series);
    if (isNew) windows.put(series, window, walk.packed);
    else windows.merge(series, window, { days: walk.packed, replaced });
  }
  if (!days.some(({ day }) => counted.has(day))) return;
  for (const series of stored()) if (!written.has(series)) windows.merge(series, window, { days: NO_DAYS, replaced });
}
const NO_DAYS = new Uint8Array(0);

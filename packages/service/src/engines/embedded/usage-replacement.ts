import type { DayNumber } from "@community-stats/contract/days.ts";
import type { DayOfUse, UsageBatch } from "../../engine/rollup-store.ts";
import { offsetOf, type UsageWindows, windowOf } from "./usage-windows.ts";
import { bufferOf, WindowPacker } from "./window-packing.ts";

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

/**
 * What the days of a window hold of each series, ascending by scope, then breakdown: all days are walked through side by side. Hundreds
 * of thousands of series pass here, each with many days: nothing is made for any of them.
 */
class SeriesWalk {
  scope = 0;
  /** Position in the batch's breakdowns. */
  breakdown = 0;
  readonly #days: readonly DayOfUse[];
  readonly #data: readonly Buffer[];
  /** Which blob of each day comes next. */
  readonly #at: Int32Array;
  readonly #packer = new WindowPacker();

  constructor(days: readonly DayOfUse[]) {
    this.#days = days.toSorted((a, b) => a.day - b.day);
    this.#data = this.#days.map(({ data }) => bufferOf(data));
    this.#at = new Int32Array(days.length);
  }

  /** The days of the series at hand; holds until the next one. */
  get packed(): Uint8Array {
    return this.#packer.packed;
  }

  /** False when there is none any more. */
  next(): boolean {
    if (!this.#choose()) return false;
    this.#packer.begin();
    for (let index = 0; index < this.#days.length; index++) this.#take(index);
    return true;
  }

  /** The least of what comes next in any day. */
  #choose(): boolean {
    let scope = Infinity;
    let breakdown = Infinity;
    for (let index = 0; index < this.#days.length; index++) {
      const day = this.#days[index];
      const at = this.#at[index] ?? 0;
      const itsScope = day?.scope[at] ?? Infinity;
      const itsBreakdown = day?.breakdown[at] ?? Infinity;
      if (itsScope > scope || (itsScope === scope && itsBreakdown >= breakdown)) continue;
      scope = itsScope;
      breakdown = itsBreakdown;
    }
    this.scope = scope;
    this.breakdown = breakdown;
    return scope !== Infinity;
  }

  #take(index: number): void {
    const day = this.#days[index];
    const data = this.#data[index];
    const at = this.#at[index] ?? 0;
    if (day === undefined || data === undefined) return;
    if (day.scope[at] !== this.scope || day.breakdown[at] !== this.breakdown) return;
    this.#packer.add(offsetOf(day.day), data, { start: day.start[at] ?? 0, end: day.start[at + 1] ?? 0 });
    this.#at[index] = at + 1;
  }
}

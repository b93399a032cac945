import type { CountedDay, DayOfUse, UsageBatch } from "../../engine/rollup-store.ts";
import { firstOfWindow } from "../../engine/window-packing.ts";
import { numberField, textField } from "./hits.ts";
import { breakdownField, breakdownOfField } from "./templates.ts";
import { groupOf } from "./use-documents.ts";
import { fieldsOf } from "./window-columns.ts";
import type { UseNumbers } from "./use-numbers.ts";
import type { FoundUse } from "./valid-use.ts";
import { yearOfDayNumber, type DayWrite } from "./year-manifests.ts";

/** A window whose days stand in fewer places is left as it is: a day that is counted again now and then is not worth the work. */
const WORTH_PLACES = 4;
/** The next run goes on. */
const MOST_WINDOWS = 8;
const EVERY_COLUMN = [breakdownField(""), breakdownField("*"), "data"];

/**
 * Puts together the windows of some years whose days were written one by one, as a repository does that counts every day: later a year is two
 * dozen documents to read, not 365. The newest window is left alone. No number changes; sums up to the ends of these years and later are
 * written again, as after counting.
 */
export async function settleUse(use: UseNumbers, years: ReadonlySet<number>, mayGoOn: () => boolean): Promise<void> {
  if (years.size === 0) return;
  const days = (await use.manifests()).flatMap((manifest) => Array.from(manifest.days.values()));
  const newest = firstOfWindow(days.reduce((latest, { day }) => Math.max(latest, day), Number.NEGATIVE_INFINITY));
  const windows = Map.groupBy(days, ({ day }) => groupOf(day));
  const scattered = Array.from(windows.values()).filter((its) => {
    const [first] = its;
    if (first === undefined || !years.has(yearOfDayNumber(first.day)) || firstOfWindow(first.day) === newest)
      return false;
    return new Set(its.map(({ slot }) => slot)).size >= WORTH_PLACES;
  });
  for (const its of scattered.slice(0, MOST_WINDOWS)) if (mayGoOn()) await settleWindow(use, its);
}

/** @param days ascending. */
async function settleWindow(use: UseNumbers, days: readonly DayWrite[]): Promise<void> {
  const at = { places: await use.places(days.map(({ day }) => day)), attempt: 1 };
  const found = use.byScopes({ kinds: ["usage", "usage-records"], fields: EVERY_COLUMN, days });
  for await (const some of found) await use.stage(batchOf(some, days), at);
  await use.validate(days, at);
}

const NONE = new Uint8Array(0);

interface Blob {
  readonly scope: number;
  readonly breakdown: number;
  readonly data: Uint8Array;
}

function batchOf(found: FoundUse, days: readonly CountedDay[]): UsageBatch {
  const breakdowns: string[] = [""];
  const blobs = new Map<number, Blob[]>();
  const records = new Map<number, Uint8Array>();
  let globalScope = 0;
  for (const document of found.documents) {
    const scope = numberField(document, "scope");
    if (textField(document, "t") === "usage-records") {
      globalScope = scope;
      for (const { period, data } of found.daysOf(document, "data")) records.set(period, data);
      continue;
    }
    for (const field of fieldsOf(document)) {
      const name = breakdownOfField(field);
      if (name === null) continue;
      if (!breakdowns.includes(name)) breakdowns.push(name);
      const breakdown = breakdowns.indexOf(name);
      for (const { period, data } of found.daysOf(document, field)) {
        const ofDay = blobs.get(period) ?? [];
        blobs.set(period, ofDay);
        ofDay.push({ scope, breakdown, data });
      }
    }
  }
  const all = days.map((counted) => dayOfUse(counted, blobs.get(counted.day) ?? [], records.get(counted.day) ?? NONE));
  return { days: all, breakdowns, globalScope };
}

function dayOfUse(counted: CountedDay, blobs: readonly Blob[], records: Uint8Array): DayOfUse {
  const its = blobs.toSorted((a, b) => a.scope - b.scope || a.breakdown - b.breakdown);
  const start = new Int32Array(its.length + 1);
  its.forEach(({ data }, index) => (start[index + 1] = (start[index] ?? 0) + data.length));
  const data = new Uint8Array(start.at(-1) ?? 0);
  its.forEach((blob, index) => data.set(blob.data, start[index]));
  return {
    ...counted,
    scope: Int32Array.from(its, ({ scope }) => scope),
    breakdown: Int32Array.from(its, ({ breakdown }) => breakdown),
    start,
    data,
    records,
  };
}

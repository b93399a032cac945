import { USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import type { Span } from "../domain/periods.ts";
import { RecordUseScan } from "../domain/record-use-scan.ts";
import type { PlannedScope } from "./daily.ts";
import { betweenBlocks, type Reading } from "./reading.ts";
import { USE_PICKS } from "./use-table.ts";

export interface UseScan {
  readonly scope: PlannedScope;
  readonly span: Span;
  /** Greatest record code that is wanted. */
  readonly last?: number;
}

/** `values` are those of `USE_METRICS`; reused between rows. A record has several rows on a day when its communities changed. */
export type UseVisitor = (record: number, day: number, values: Float64Array) => void;

/** Days read at once: a day of a large repository takes some hundred kilobytes. */
const DAYS_AT_ONCE = 31;

/** Visits the use of each record that counts in the scope, day after day. */
export async function scanUse(
  reading: Reading,
  { scope, span, last = Number.POSITIVE_INFINITY }: UseScan,
  visit: UseVisitor,
): Promise<void> {
  const global = await reading.store.code("scope", GLOBAL_KEY);
  if (reading.generation === null || global < 0 || scope.code < 0) return;
  const wanted = { sets: await setsOf(reading, scope), last };
  const scan = new RecordUseScan(USAGE_COUNTERS.length, USE_PICKS);
  for (let from: number = span.from; from <= span.to; from += DAYS_AT_ONCE) {
    const to = Math.min(span.to, from + DAYS_AT_ONCE - 1);
    const range = { kind: "usage-records", scope: global, breakdown: "", from, to } as const;
    for (const { period, data } of await reading.store.read(reading.generation.id, range)) {
      scan.rows(data, wanted, (record) => visit(record, period, scan.values));
    }
    await betweenBlocks(reading);
  }
}

/** By code of a scope set: 1 where use counts in the scope. Null for the whole repository, where all does. */
async function setsOf(reading: Reading, scope: PlannedScope): Promise<Uint8Array | null> {
  if (scope.key === GLOBAL_KEY) return null;
  const sets = await reading.dictionaries.texts("scopeSet");
  return Uint8Array.from(sets, (text) => Number(codesOf(text).includes(scope.code)));
}

function codesOf(text: string): readonly unknown[] {
  const codes: unknown = JSON.parse(text);
  return Array.isArray(codes) ? codes : [];
}

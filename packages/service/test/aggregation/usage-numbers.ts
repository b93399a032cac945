import { USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import { dayFromNumber } from "@community-stats/contract/days.ts";
import { unpackRows } from "../../src/domain/packing.ts";
import type { RollupStore } from "../../src/engine/rollup-store.ts";

/** What the live generation says about the use of a scope in one breakdown ("" the totals): "day value" → counters, 0 left out. */
export async function usageNumbers(
  rollups: RollupStore,
  { scope, breakdown }: { readonly scope: string; readonly breakdown: string },
): Promise<Record<string, Record<string, number>>> {
  const live = (await rollups.generations()).find((generation) => generation.live);
  if (live === undefined) return {};
  const range = { kind: "usage", scope: await rollups.code("scope", scope), breakdown, from: -1e6, to: 1e6 } as const;
  const ids = breakdown === "" ? [""] : await rollups.terms(`value:${breakdown}`);
  const found: Record<string, Record<string, number>> = {};
  for (const { period, data } of await rollups.read(live.id, range)) {
    unpackRows(data, USAGE_COUNTERS.length, (key, counters) => {
      const entries = USAGE_COUNTERS.map((name, index) => [name, counters[index] ?? 0] as const);
      found[`${dayFromNumber(period)} ${ids[key] ?? ""}`.trim()] = Object.fromEntries(
        entries.filter(([, value]) => value > 0),
      );
    });
  }
  return found;
}

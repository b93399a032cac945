import { USAGE_COUNTERS, USAGE_INDEX } from "@community-stats/contract/counters.ts";
import { unpackRecordUse } from "../../src/domain/packing.ts";
import type { RollupStore } from "../../src/engine/rollup-store.ts";
import { dayNamed } from "../oracle/instants.ts";
import type { Range, RecordUse } from "../oracle/oracle.ts";
import { compareText } from "../oracle/text.ts";

/** Use per day and record from the store: rows of one record and several community sets are added up. */
export async function readRecordUse(
  rollups: RollupStore,
  generation: number,
  { scope, from, to }: Range,
): Promise<readonly RecordUse[]> {
  const [global, wanted] = [await rollups.code("scope", "global"), await rollups.code("scope", scope)];
  const records = await rollups.terms("record");
  const sets = (await rollups.terms("scopeSet")).map((text): unknown => JSON.parse(text));
  const counts = (set: number) => scope === "global" || [sets[set]].flat().includes(wanted);
  const range = { from: dayNamed(from) ?? 0, to: dayNamed(to) ?? 0 };
  const found = new Map<string, RecordUse>();
  for (const { period, data } of await rollups.read(generation, {
    kind: "usage-records",
    scope: global,
    breakdown: "",
    ...range,
  })) {
    unpackRecordUse(data, USAGE_COUNTERS.length, (record, set, counters) => {
      if (!counts(set)) return;
      const [views, downloads] = [counters[USAGE_INDEX.viewEvents] ?? 0, counters[USAGE_INDEX.downloadEvents] ?? 0];
      const key = JSON.stringify([period, record]);
      const known = found.get(key) ?? { day: period, id: records[record] ?? "", views: 0, downloads: 0 };
      found.set(key, { ...known, views: known.views + views, downloads: known.downloads + downloads });
    });
  }
  return Array.from(found.values()).toSorted((left, right) => left.day - right.day || compareText(left.id, right.id));
}

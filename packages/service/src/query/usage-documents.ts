import { USAGE_INDEX } from "@community-stats/contract/counters.ts";
import type {
  TopUsageItems,
  UsageDelta,
  UsageItem,
  UsageNumbers,
  UsageSnapshot,
} from "@community-stats/contract/documents.ts";
import type { BreakdownDays, DailyNumbers } from "./daily.ts";
import { anyEvents, downloadEvents, hasNumbers, viewEvents } from "./measures.ts";
import { deltaWalk, snapshotWalk, totalsWalk, type Listed, type Listing } from "./walk.ts";

const U = USAGE_INDEX;

export function usageDelta(numbers: DailyNumbers): (day: number, text: string) => UsageDelta {
  const totals = totalsWalk(numbers.totals, "delta");
  const subcounts = numbers.breakdowns.map((days) => {
    const walk = deltaWalk(days.table, days.order, hasNumbers("usage", days.table.numbers));
    return { name: days.breakdown.name, items: (day: number) => usageItems(days, walk.to(day), day) };
  });
  return (day, text) => ({
    community_id: numbers.plan.scope.key,
    period_start: `${text}T00:00:00`,
    period_end: `${text}T23:59:59`,
    ...(numbers.countedAt === null ? {} : { timestamp: numbers.countedAt }),
    totals: usageNumbers(totals(day), 0),
    subcounts: Object.fromEntries(subcounts.map(({ name, items }) => [name, items(day)])),
  });
}

export function usageSnapshot(numbers: DailyNumbers): (day: number, text: string) => UsageSnapshot {
  const totals = totalsWalk(numbers.totals, "snapshot");
  const subcounts = numbers.breakdowns.map((days) => snapshotItems(days, numbers.topLimit));
  const { countedAt } = numbers;
  return (day, text) => ({
    community_id: numbers.plan.scope.key,
    snapshot_date: `${text}T00:00:00`,
    ...(countedAt === null ? {} : { timestamp: countedAt, updated_timestamp: countedAt }),
    totals: usageNumbers(totals(day), 0),
    subcounts: Object.fromEntries(subcounts.map(({ name, items }) => [name, items(day)])),
  });
}

/** How a usage snapshot lists the values of a breakdown: all of them, or the first by views and by downloads. */
export function usageListings(snapshot: "all" | "top", topLimit: number): readonly Listing[] {
  if (snapshot === "all") return [{ rank: anyEvents, top: null }];
  return [viewEvents, downloadEvents].map((rank) => ({ rank, top: topLimit }));
}

function snapshotItems(days: BreakdownDays, topLimit: number) {
  const snapshot = days.breakdown.usage?.snapshot ?? "all";
  const walk = snapshotWalk(days.table, days.order, usageListings(snapshot, topLimit));
  return {
    name: days.breakdown.name,
    items(day: number): readonly UsageItem[] | TopUsageItems {
      const [first = [], second = []] = walk.to(day).map((listed) => usageItems(days, listed, day));
      return snapshot === "all" ? first : { by_view: first, by_download: second };
    },
  };
}

function usageItems({ order, table, labelAt }: BreakdownDays, listed: Listed, day: number): readonly UsageItem[] {
  return listed.slots.map((slot, index) => ({
    id: order.ids[slot] ?? "",
    label: labelAt(table.codes[slot] ?? -1, day),
    ...usageNumbers(listed.numbers, listed.offsets[index] ?? 0),
  }));
}

function usageNumbers(numbers: Float64Array, at: number): UsageNumbers {
  const of = (position: number) => numbers[at + position] ?? 0;
  return {
    view: {
      total_events: of(U.viewEvents),
      unique_visitors: of(U.viewVisitors),
      unique_records: of(U.viewRecords),
      unique_parents: of(U.viewParents),
    },
    download: {
      total_events: of(U.downloadEvents),
      unique_visitors: of(U.downloadVisitors),
      unique_records: of(U.downloadRecords),
      unique_parents: of(U.downloadParents),
      unique_files: of(U.downloadFiles),
      total_volume: of(U.downloadBytes),
    },
  };
}

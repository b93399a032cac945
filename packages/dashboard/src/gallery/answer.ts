import { addDays, parseDay, type Day } from "@community-stats/contract/days.ts";
import { GRANULARITIES } from "@community-stats/contract/series.ts";
import { inventedColumns, type World } from "./columns.ts";
import { inventedRecords } from "./records.ts";

/** A world whose days are complete up to yesterday, but for nine in late summer. */
export function worldOf(today: Day): World {
  const year = Number(today.slice(0, 4)) - (today.slice(5) < "09-01" ? 1 : 0);
  return {
    today,
    updatedAt: `${today}T00:20:00.000Z`,
    asOf: addDays(today, -1),
    firstDay: dayIn(`${year - 7}-06-01`),
    missing: new Set(Array.from({ length: 9 }, (_, index) => `${year}-08-${String(index + 3).padStart(2, "0")}`)),
  };
}

/** What the API would answer at this address about an invented repository. */
export function inventedAnswer(address: URL, world: World): unknown {
  const { pathname, searchParams } = address;
  if (pathname.endsWith("/status")) return statusOf(world);
  if (pathname.endsWith("/scopes")) {
    return [
      { key: "global", slug: null, title: "Repository name" },
      { key: "abc", slug: "abc", title: "A community" },
    ];
  }
  return pathname.includes("/most-") ? records(pathname, searchParams, world) : columns(pathname, searchParams, world);
}

function statusOf(world: World): unknown {
  return { asOf: world.asOf, updatedAt: world.updatedAt, ruleVersion: "3f9c2a77", running: null, generated: true };
}

function columns(path: string, query: URLSearchParams, world: World): unknown {
  const granularity = GRANULARITIES.find((name) => name === query.get("granularity")) ?? "day";
  return inventedColumns(
    {
      side: path.includes("record") ? "records" : "usage",
      kind: path.includes("snapshot") ? "snapshot" : "delta",
      ...rangeIn(query),
      granularity,
      metric: query.get("metrics") ?? "",
      breakdown: query.get("breakdowns"),
      top: Number(query.get("top") ?? 10),
      values: query.get("values")?.split(",") ?? null,
    },
    world,
  );
}

function records(path: string, query: URLSearchParams, world: World): unknown {
  const metric = path.includes("downloaded") ? "downloads" : "views";
  const asked = { metric, ...rangeIn(query), limit: Number(query.get("limit")) } as const;
  return inventedRecords(asked, { asOf: world.asOf, firstDay: world.firstDay });
}

function rangeIn(query: URLSearchParams): { readonly from: Day; readonly to: Day } {
  return { from: dayIn(query.get("start_date") ?? ""), to: dayIn(query.get("end_date") ?? "") };
}

function dayIn(text: string): Day {
  const day = parseDay(text);
  if (day === null) throw new RangeError(`"${text}" is not a day.`);
  return day;
}

import { USAGE_COUNTERS } from "../packages/contract/src/counters.ts";
import { dayFromNumber, type DayNumber } from "../packages/contract/src/days.ts";
import { unpackRows } from "../packages/service/src/domain/packing.ts";
import type { Engine } from "../packages/service/src/engine/engine.ts";
import { communityName } from "./fact-lines.ts";
import type { NaiveRun } from "./naive-sql.ts";

const WIDTH = USAGE_COUNTERS.length;
const COMMUNITIES = [1, 2, 5, 17, 33];
const DAYS = 3;

/** Rows of plain SQL that were compared with the stored ones. @throws Error at the first that differs. */
export async function comparedRows(engine: Engine, naive: NaiveRun): Promise<number> {
  const days = naive.days.filter((_, index) => index % Math.ceil(naive.days.length / DAYS) === 0) as DayNumber[];
  const breakdowns = (await naive.connection.runAndReadAll("SELECT DISTINCT breakdown FROM counted")).getRows();
  let rows = 0;
  for (const day of days) {
    for (const scope of ["global", ...COMMUNITIES.map(communityName)]) {
      for (const [breakdown] of breakdowns) {
        const place = { day, scope, breakdown: String(breakdown) };
        rows += sameRows(place, await stored(engine, place), await bySql(naive, place));
      }
    }
  }
  if (rows === 0) throw new Error("no row of plain SQL was compared");
  return rows;
}

interface Place {
  readonly day: DayNumber;
  readonly scope: string;
  readonly breakdown: string;
}
type Rows = ReadonlyMap<string, readonly number[]>;

function sameRows(place: Place, kept: Rows, sql: Rows): number {
  const text = (rows: Rows): string => JSON.stringify([...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  if (text(kept) === text(sql)) return sql.size;
  const told = JSON.stringify(place);
  throw new Error(`plain SQL and the rollups differ at ${told}:\n${text(sql)}\n${text(kept)}`);
}

async function stored({ rollups }: Engine, { day, scope, breakdown }: Place): Promise<Rows> {
  const live = (await rollups.generations()).find((generation) => generation.live);
  const ids = breakdown === "" ? [""] : await rollups.terms(`value:${breakdown}`);
  const range = { kind: "usage", scope: await rollups.code("scope", scope), breakdown, from: day, to: day } as const;
  const rows = new Map<string, readonly number[]>();
  for (const { data } of await rollups.read(live?.id ?? 0, range)) {
    unpackRows(data, WIDTH, (key, counters) => rows.set(ids[key] ?? "", [...counters]));
  }
  return rows;
}

async function bySql({ connection }: NaiveRun, { day, scope, breakdown }: Place): Promise<Rows> {
  const where = `breakdown = '${breakdown}' AND scope = '${scope}' AND day = '${dayFromNumber(day)}'`;
  const found = await connection.runAndReadAll(`SELECT * EXCLUDE (breakdown, day, scope) FROM counted WHERE ${where}`);
  return new Map(found.getRows().map(([value, ...counts]) => [String(value), counts.map(Number)]));
}

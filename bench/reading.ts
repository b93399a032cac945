import { addressedRequest } from "../packages/contract/src/columns-address.ts";
import { DEFAULT_BREAKDOWNS } from "../packages/contract/src/breakdowns.ts";
import { dayFromNumber, type DayNumber } from "../packages/contract/src/days.ts";
import { firstQuestions } from "../packages/contract/src/first-view.ts";
import { DEFAULT_LAYOUT } from "../packages/contract/src/layout.ts";
import type { Engine } from "../packages/service/src/engine/engine.ts";
import { Queries } from "../packages/service/src/query/queries.ts";
import { OPERATOR } from "../packages/service/src/query/scopes.ts";
import { communityName } from "./fact-lines.ts";
import { FIRST_DAY } from "./workload.ts";

type Given = Readonly<Record<string, unknown>>;

/** Milliseconds of each of some series of a year: the totals and one breakdown, of the repository and of communities. */
export async function seriesTimes(engine: Engine, runs: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const given = {
      community_id: run % 2 === 0 ? "global" : communityName(1 + (run % 7)),
      start_date: dayFromNumber(FIRST_DAY as DayNumber),
      end_date: dayFromNumber((FIRST_DAY + 364) as DayNumber),
      shape: "columns",
      granularity: "day",
      metrics: ["views", "downloads"],
      ...(run % 4 < 2 ? {} : { breakdowns: ["resource_types"], top: 10 }),
    };
    times.push(await answerTime(engine, [["usage-delta-category", given]]));
  }
  return times;
}

/** Milliseconds of everything that the first view of the default dashboard asks, one question after the other. */
export async function pageTimes(engine: Engine, today: number, runs: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const asked = firstQuestions({
      scope: run % 2 === 0 ? "global" : communityName(1 + (run % 7)),
      layout: DEFAULT_LAYOUT,
      granularity: "month",
      rangeOptions: {},
      bounds: { today: dayFromNumber(today as DayNumber), maxHistoryYears: 5, fiscalYearStart: 1 },
      breakdowns: DEFAULT_BREAKDOWNS,
    }).map(({ request }): [string, Given] => {
      const { query, parameters } = addressedRequest(request);
      return [query, Object.fromEntries(parameters)];
    });
    times.push(await answerTime(engine, asked));
  }
  return times;
}

/** A new `Queries` each time: nothing is remembered. */
async function answerTime(engine: Engine, asked: readonly (readonly [string, Given])[]): Promise<number> {
  const queries = new Queries({ engine, breakdowns: DEFAULT_BREAKDOWNS, topLimit: 20, now: Date.now });
  const begin = performance.now();
  for (const [query, given] of asked) await queries.run(await queries.plan(query, given, OPERATOR));
  return performance.now() - begin;
}

/** The time that nineteen of twenty do not exceed. */
export function p95(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? 0;
}

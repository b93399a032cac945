import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import type { RecordListAnswer } from "@community-stats/contract/records.ts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeWorkedExample } from "../../test/counted-example.ts";
import { clockAt } from "../../test/counted-world.ts";
import { recordLine, writeUse } from "../../test/used-records.ts";
import type { Engine } from "../engine/engine.ts";
import { openMemory } from "../engines/memory/open.ts";
import { Queries } from "./queries.ts";
import { OPERATOR } from "./scopes.ts";

const RESTRICTED = 700;
const OPEN = 300;
let engine: Engine;

/** The most used ones may not be named: many more than a page holds. */
beforeEach(async () => {
  engine = await openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
  const names = Array.from({ length: RESTRICTED + OPEN }, (_, index) => `r${1000 + index}`);
  await engine.facts.append({
    records: names.map((name, index) =>
      recordLine(name, { parent: name, restricted: index < RESTRICTED, title: `Title of ${name}` }),
    ),
  });
  const use = names.map((record, index) => ({ record, scopes: [], counters: { viewEvents: 5000 - index } }));
  await writeUse(engine, { "2025-03-11": use });
});
afterEach(() => engine.close());

async function page(given: object): Promise<RecordListAnswer> {
  const queries = new Queries({ engine, breakdowns: DEFAULT_BREAKDOWNS, topLimit: 20, now: clockAt("2025-03-13") });
  const result = await queries.run(await queries.plan("most-viewed-records", { ...given }, OPERATOR));
  if (result.form !== "records") throw new Error(result.form);
  return result.answer;
}

it.each([
  [{ limit: 2 }, ["r1700", "r1701"], true],
  [{ limit: 2, offset: 250 }, ["r1950", "r1951"], true],
  [{ limit: 100, offset: 298 }, ["r1998", "r1999"], false],
  [{ limit: 100, offset: 300 }, [], false],
])("goes past those that may not be named: %j", async (given, names, more) => {
  const answer = await page({ per: "record", ...given });
  expect([answer.records.map(({ record }) => record), answer.more]).toEqual([names, more]);
  expect(answer.records.map(({ rank }) => rank)).toEqual(names.map((_, index) => index + 1 + answer.offset));
  expect(answer.count).toBe(RESTRICTED + OPEN);
  expect(answer.other.views).toBe(
    answer.totals.views - answer.records.reduce((sum, { metrics }) => sum + metrics.views, 0),
  );
});

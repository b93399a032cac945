import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import type { RecordListAnswer } from "@community-stats/contract/records.ts";
import { GRANULARITIES, type RecordUsageAnswer } from "@community-stats/contract/series.ts";
import { describe, expect, it } from "vitest";
import { UnknownRecordError } from "../../src/query/record-names.ts";
import { arrivals } from "../conformance/arrivals.ts";
import { serviceOn } from "../conformance/service-system.ts";
import type { SystemUnderTest } from "../conformance/system.ts";
import { seededWorld } from "../conformance/worlds.ts";
import type { World } from "../oracle/oracle.ts";
import { isObject } from "../oracle/text.ts";
import { workedExample, WORKED_DAYS, WORKED_SCOPES } from "../worked-example.ts";
import { ExpectedUse, type ListQuestion, type UseQuestion } from "./expected-use.ts";

const SETTINGS = { breakdowns: DEFAULT_BREAKDOWNS, topLimit: 20 };
const PER = ["record", "parent"] as const;
const METRICS = ["views", "downloads"] as const;
type Engine = "memory" | "embedded";

async function counted<T>(
  engine: Engine,
  { world, endDate }: { readonly world: World; readonly endDate: string },
  work: (system: SystemUnderTest) => Promise<T>,
): Promise<T> {
  const system = await serviceOn(engine)(SETTINGS);
  try {
    for (const { kind, lines } of arrivals(world, 7)) await system.ingestLines(kind, lines);
    await system.aggregate({ endDate });
    return await work(system);
  } finally {
    await system.close();
  }
}

async function listOf(system: SystemUnderTest, question: ListQuestion, more: object = {}): Promise<RecordListAnswer> {
  const { scope, from, to, metric, per } = question;
  const query = metric === "views" ? "most-viewed-records" : "most-downloaded-records";
  const given = { community_id: scope, start_date: from, end_date: to, per, limit: 100, ...more };
  return (await system.answer(query, given)) as RecordListAnswer;
}

async function usageOf(system: SystemUnderTest, { scope, from, to }: UseQuestion, more: object) {
  const given = { community_id: scope, start_date: from, end_date: to, ...more };
  return (await system.answer("record-usage", given).catch((error: unknown) => {
    if (error instanceof UnknownRecordError) return null;
    throw error;
  })) as RecordUsageAnswer | null;
}

/** Some records are restricted, some communities are; the lines say so in both ways. */
function withRestrictions(world: World, seed: number): World {
  const change = (line: unknown): unknown => {
    if (!isObject(line) || typeof line["id"] !== "string") return line;
    const kind = (line["id"].length + (line["id"].codePointAt(line["id"].length - 1) ?? 0) + seed) % 4;
    const access = isObject(line["access"]) ? line["access"] : {};
    if (kind === 0) return { ...line, access: { ...access, record: "restricted" } };
    if (kind === 1) return { ...line, access: { ...access, status: "restricted" } };
    if (kind === 2) return { ...line, access: { ...access, record: "public", status: "restricted" } };
    return line;
  };
  const communities = world.communities.map((line, index) =>
    isObject(line) && index % 2 === 0 ? { ...line, access: { visibility: "restricted" } } : line,
  );
  return { ...world, communities, records: world.records.map(change) };
}

async function compareLists(system: SystemUnderTest, expected: ExpectedUse, range: UseQuestion): Promise<void> {
  for (const per of PER) {
    for (const metric of METRICS) {
      const question = { ...range, per, metric };
      const answer = await listOf(system, question);
      const told = expected.list(question);
      expect({ question, ...answer }).toMatchObject({ question, count: told.count, more: false });
      expect({ question, records: answer.records }).toMatchObject({ question, records: told.records });
      const { views, downloads, dataVolume } = expected.totals(range);
      expect(answer.totals).toEqual({ views, downloads, dataVolume });
      const listed = answer.records.reduce((sum, record) => sum + record.metrics.views, 0);
      expect(answer.other.views + listed).toBe(views);
    }
  }
}

async function compareUsage(system: SystemUnderTest, expected: ExpectedUse, range: UseQuestion): Promise<void> {
  for (const { id } of expected.records) {
    const told = expected.usage(range, id);
    const answer = await usageOf(system, range, { record_id: id, shape: "totals" });
    if (told === null || answer === null) {
      expect([id, answer]).toEqual([id, told]);
      continue;
    }
    const [all, own] = answer.series;
    // Nothing is known of a range before the first day.
    if (all?.totals["views"] === null) expect([told.all.views, told.all.downloads]).toEqual([0, 0]);
    else expect({ id, all: all?.totals, own: own?.totals }).toEqual({ id, ...told });
  }
}

describe("the worked example", () => {
  const world = workedExample();
  const expected = new ExpectedUse(world);

  it.each(WORKED_SCOPES)("lists the records of %s as counted by hand and by the book", (scope) =>
    counted("memory", { world, endDate: WORKED_DAYS.to }, async (system) => {
      await compareLists(system, expected, { scope, ...WORKED_DAYS });
      await compareUsage(system, expected, { scope, ...WORKED_DAYS });
    }),
  );

  it("names what it lists", () =>
    counted("memory", { world, endDate: WORKED_DAYS.to }, async (system) => {
      const question = { scope: "global", ...WORKED_DAYS, metric: "views", per: "record" } as const;
      const { records, asOf, ruleVersion, from, to } = await listOf(system, question);
      expect(records[0]).toMatchObject({
        rank: 1,
        record: "r1",
        parent: "p1",
        state: "public",
        title: "r1",
        resourceType: { id: "publication-article", label: { en: "Journal article" } },
        author: "Doe, Jo",
        year: 2024,
      });
      expect({ asOf, from, to }).toEqual({ asOf: "2025-03-12", ...WORKED_DAYS });
      expect(ruleVersion).not.toBe("");
    }));

  it("gives pages that together are the list", () =>
    counted("memory", { world, endDate: WORKED_DAYS.to }, async (system) => {
      const question = { scope: "global", ...WORKED_DAYS, metric: "views", per: "record" } as const;
      const whole = await listOf(system, question);
      const pages = [];
      for (let offset = 0, more = true; more; offset++) {
        const page = await listOf(system, question, { offset, limit: 1 });
        pages.push(...page.records);
        more = page.more;
      }
      expect(whole.records.length).toBeGreaterThan(1);
      expect(pages).toEqual(whole.records);
    }));
});

describe.each<[Engine, readonly number[]]>([
  ["memory", Array.from({ length: 16 }, (_, index) => 9100 + index)],
  ["embedded", [9200, 9201, 9202]],
])("worlds by chance on the %s engine", (engine, seeds) => {
  it.each(seeds)("of seed %i: lists and single records as by the book", async (seed) => {
    const { world: plain, endDate, scopes, windows } = seededWorld(seed);
    const world = withRestrictions(plain, seed);
    const expected = new ExpectedUse(world);
    await counted(engine, { world, endDate }, async (system) => {
      for (const scope of scopes) {
        for (const window of windows) {
          await compareLists(system, expected, { scope, ...window });
          await compareUsage(system, expected, { scope, ...window });
        }
      }
    });
  });
});

it("adds days up to longer periods", async () => {
  const { world, endDate, windows } = seededWorld(9105);
  const window = windows.at(-1) ?? { from: endDate, to: endDate };
  const expected = new ExpectedUse(world);
  await counted("memory", { world, endDate }, async (system) => {
    for (const { id } of expected.records) {
      for (const granularity of GRANULARITIES) {
        const given = { record_id: id, granularity, metrics: ["views", "downloads", "data_volume"] };
        const answer = await usageOf(system, { scope: "global", ...window }, given);
        for (const { metrics, totals } of answer?.series ?? []) {
          for (const [metric, values] of Object.entries(metrics)) {
            const sum = values.reduce<number>((all, value) => all + (value ?? 0), 0);
            expect([id, granularity, metric, sum]).toEqual([id, granularity, metric, totals[metric] ?? 0]);
          }
        }
      }
      const day = await usageOf(system, { scope: "global", ...window }, { record_id: id, metrics: ["views"] });
      for (const [index, { from, to }] of (day?.periods ?? []).entries()) {
        const told = expected.usage({ scope: "global", from, to }, id);
        const value = day?.series[1]?.metrics["views"]?.[index] ?? 0;
        expect([id, from, value]).toEqual([id, from, told?.own.views ?? 0]);
      }
    }
  });
});

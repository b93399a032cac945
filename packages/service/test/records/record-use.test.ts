import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import type { RecordListAnswer, RecordUsageAnswer } from "@community-stats/contract/records.ts";
import { GRANULARITIES } from "@community-stats/contract/series.ts";
import { describe, expect, it } from "vitest";
import { UnknownRecordError } from "../../src/query/record-names.ts";
import { arrivals } from "../conformance/arrivals.ts";
import { serviceOn } from "../conformance/service-system.ts";
import type { SystemUnderTest } from "../conformance/system.ts";
import { seededWorld } from "../conformance/worlds.ts";
import type { World } from "../oracle/oracle.ts";
import { field, isObject, textOf } from "../oracle/text.ts";
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

/** What lines can say of access, by a number that differs from record to record. */
const ACCESS: readonly object[] = [
  { record: "restricted" },
  { status: "restricted" },
  { record: "public", status: "restricted" },
  {},
];

/** Some records are restricted, some communities are; the lines say so in both ways. */
function withRestrictions(world: World, seed: number): World {
  const records = world.records.map((line): unknown => {
    const id = textOf(field(line, "id")) ?? "";
    const kind = (id.length + (id.codePointAt(id.length - 1) ?? 0) + seed) % ACCESS.length;
    const access = field(line, "access");
    return { ...objectOf(line), access: { ...objectOf(access), ...ACCESS[kind] } };
  });
  const communities = world.communities.map((line, index): unknown =>
    index % 2 === 0 ? { ...objectOf(line), access: { visibility: "restricted" } } : line,
  );
  return { ...world, communities, records };
}

function objectOf(value: unknown): object {
  return isObject(value) ? value : {};
}

/** What is answered and what is so by the book, question by question. */
interface Comparison {
  readonly found: unknown[];
  readonly told: unknown[];
}

async function compareLists(
  { found, told }: Comparison,
  system: SystemUnderTest,
  { expected, range }: { readonly expected: ExpectedUse; readonly range: UseQuestion },
): Promise<void> {
  const { views, downloads, dataVolume } = expected.totals(range);
  for (const per of PER) {
    for (const metric of METRICS) {
      const question = { ...range, per, metric };
      const { records, count, more, totals, other } = await listOf(system, question);
      const listed = records.reduce((sum, record) => sum + record.metrics.views, 0);
      const plain = records.map(({ rank, record, parent, state, title, metrics }) => {
        return { rank, record, parent, state, title, metrics };
      });
      found.push({ question, records: plain, count, more, totals, views: other.views + listed });
      told.push({ question, ...expected.list(question), more: false, totals: { views, downloads, dataVolume }, views });
    }
  }
}

async function compareUsage(
  { found, told }: Comparison,
  system: SystemUnderTest,
  { expected, range }: { readonly expected: ExpectedUse; readonly range: UseQuestion },
): Promise<void> {
  for (const { id } of expected.records) {
    const answer = await usageOf(system, range, { record_id: id, shape: "totals" });
    const [all, own] = (answer?.series ?? []).map(({ totals }) => (totals["views"] === null ? NOTHING : totals));
    found.push({ range, id, all: all ?? null, own: own ?? null });
    told.push({ range, id, ...(expected.usage(range, id) ?? { all: null, own: null }) });
  }
}

/** Nothing is known of days before the first one; by the book nothing happened. */
const NOTHING = { views: 0, downloads: 0, dataVolume: 0, viewVisitors: 0, downloadVisitors: 0, visitors: 0 };

describe("the worked example", () => {
  const world = workedExample();
  const expected = new ExpectedUse(world);

  it.each(WORKED_SCOPES)("lists the records of %s as counted by hand and by the book", async (scope) => {
    await counted("memory", { world, endDate: WORKED_DAYS.to }, async (system) => {
      const comparison: Comparison = { found: [], told: [] };
      await compareLists(comparison, system, { expected, range: { scope, ...WORKED_DAYS } });
      await compareUsage(comparison, system, { expected, range: { scope, ...WORKED_DAYS } });
      expect(comparison.found).toEqual(comparison.told);
    });
  });

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
      const comparison: Comparison = { found: [], told: [] };
      for (const scope of scopes) {
        for (const window of windows) {
          await compareLists(comparison, system, { expected, range: { scope, ...window } });
          await compareUsage(comparison, system, { expected, range: { scope, ...window } });
        }
      }
      expect(comparison.found).toEqual(comparison.told);
    });
  });
});

it("adds days up to longer periods", async () => {
  const { world, endDate, windows } = seededWorld(9105);
  const range = { scope: "global", ...(windows.at(-1) ?? { from: endDate, to: endDate }) };
  const expected = new ExpectedUse(world);
  await counted("memory", { world, endDate }, async (system) => {
    const questions = expected.records.flatMap(({ id }) => GRANULARITIES.map((granularity) => ({ id, granularity })));
    for (const { id, granularity } of questions) {
      const answer = await usageOf(system, range, { record_id: id, granularity, metrics: ["views", "data_volume"] });
      const sums = answer?.series.map(({ metrics }) => ({
        views: sumOf(metrics["views"]),
        dataVolume: sumOf(metrics["dataVolume"]),
      }));
      expect([id, granularity, sums]).toEqual([id, granularity, answer?.series.map(({ totals }) => totals)]);
    }
  });
});

function sumOf(values: readonly (number | null)[] | undefined): number {
  return (values ?? []).reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

it("tells each day of a record as by the book", async () => {
  const { world, endDate, windows } = seededWorld(9107);
  const range = { scope: "global", ...(windows.at(-1) ?? { from: endDate, to: endDate }) };
  const expected = new ExpectedUse(world);
  await counted("memory", { world, endDate }, async (system) => {
    for (const { id } of expected.records) {
      const answer = await usageOf(system, range, { record_id: id, metrics: ["views"] });
      const found = answer?.series[1]?.metrics["views"]?.map((value) => value ?? 0);
      const told = answer?.periods.map(({ from, to }) => expected.usage({ scope: "global", from, to }, id)?.own.views);
      expect([id, found]).toEqual([id, told]);
    }
  });
});

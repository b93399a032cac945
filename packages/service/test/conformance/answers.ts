import { canonicalJson, field } from "../oracle/text.ts";
import { QUERIES, type DocumentQuery, type Oracle, type OracleQuery } from "../oracle/oracle.ts";
import type { Subcount } from "../oracle/subcounts.ts";
import { expectedCategory } from "./category.ts";
import { expectedColumns, type ColumnsQuestion } from "./columns.ts";
import { differences } from "./comparison.ts";
import { random, type Random } from "./random.ts";
import type { SystemSettings, SystemUnderTest } from "./system.ts";
import type { SeededWorld } from "./worlds.ts";

const RECORD_METRICS = [
  "records",
  "fileCount",
  "dataVolume",
  "parents",
  "uploaders",
  "works",
  "recordsAdded",
  "recordsRemoved",
];
const USE_METRICS = [
  "dataVolume",
  "downloadUniqueFiles",
  "downloadUniqueParents",
  "downloadUniqueRecords",
  "downloadVisitors",
  "downloads",
  "viewUniqueParents",
  "viewUniqueRecords",
  "viewVisitors",
  "views",
  "visitors",
];
const GRANULARITIES = ["day", "week", "month", "quarter", "year"];

/** One question of each kind of document, in one scope and range: as columns with a subcount, as categories, as one series. */
export async function firstWrongAnswer(
  system: SystemUnderTest,
  oracle: Oracle,
  { seeded, settings }: { readonly seeded: SeededWorld; readonly settings: SystemSettings },
): Promise<string | null> {
  const choices = random(seeded.seed ^ 0xc01);
  for (const query of QUERIES) {
    const scope = choices.pick(seeded.scopes);
    const asked = { query, scope, ...choices.pick(seeded.windows) };
    const columns = await wrongColumns(system, oracle, { question: columnsQuestion(choices, asked, settings), seeded });
    if (columns !== null) return columns;
    const category = await wrongCategory(system, oracle, { asked, choices, subcounts: settings.breakdowns });
    if (category !== null) return category;
  }
  return await wrongUseOfRecords(system, oracle, seeded);
}

/** The use of each record on each day of each scope, and how many different records were viewed and downloaded in the range (T9). */
async function wrongUseOfRecords(
  system: SystemUnderTest,
  oracle: Oracle,
  { scopes, windows }: SeededWorld,
): Promise<string | null> {
  for (const range of scopes.flatMap((scope) => windows.map((window) => ({ scope, ...window })))) {
    const found = await system.useOfRecords(range);
    const use = told(`the use of records in ${JSON.stringify(range)}`, oracle.useOfRecords(range), found);
    if (use !== null) return use;
    const { view, download } = oracle.trueDistinct(range);
    const different = (side: "views" | "downloads") =>
      new Set(found.filter((record) => record[side] > 0).map(({ id }) => id)).size;
    const distinct = told(
      `the different records in ${JSON.stringify(range)}`,
      { viewed: view.records, downloaded: download.records },
      { viewed: different("views"), downloaded: different("downloads") },
    );
    if (distinct !== null) return distinct;
  }
  return null;
}

function columnsQuestion(choices: Random, asked: OracleQuery, settings: SystemSettings): ColumnsQuestion {
  const isUse = asked.query.includes("usage");
  const metrics = isUse ? USE_METRICS : RECORD_METRICS;
  const rows = settings.breakdowns.filter((row) => (isUse ? row.usage : row.records) !== null);
  const turn = choices.int(metrics.length);
  return {
    ...asked,
    granularity: choices.pick(GRANULARITIES),
    subcount: choices.chance(90) ? choices.pick(rows) : null,
    metrics: [...metrics.slice(turn), ...metrics.slice(0, turn)],
    top: choices.pick([0, 1, 2, 3, 50]),
  };
}

async function wrongColumns(
  system: SystemUnderTest,
  oracle: Oracle,
  { question, seeded }: { readonly question: ColumnsQuestion; readonly seeded: SeededWorld },
): Promise<string | null> {
  const { query, scope, from, to, granularity, subcount, metrics, top } = question;
  const expected = expectedColumns(oracle, question, seeded.endDate);
  const found = await system.answer(wireName(query, "category"), {
    community_id: scope,
    start_date: from,
    end_date: to,
    ...basisOf(query),
    shape: "columns",
    granularity,
    metrics,
    breakdowns: subcount === null ? [] : [subcount.name],
    top,
  });
  const given = Object.fromEntries(["periods", "series", "valueCount"].map((name) => [name, field(found, name)]));
  return told(`${query} as columns of ${JSON.stringify({ ...question, subcount: subcount?.name })}`, expected, given);
}

interface CategoryQuestion {
  readonly asked: OracleQuery;
  readonly choices: Random;
  readonly subcounts: readonly Subcount[];
}

async function wrongCategory(
  system: SystemUnderTest,
  oracle: Oracle,
  { asked, choices, subcounts }: CategoryQuestion,
): Promise<string | null> {
  const { query, scope, from, to } = asked;
  const expected = expectedCategory(oracle, asked, subcounts);
  const range = { community_id: scope, start_date: from, end_date: to, ...basisOf(query) };
  const whole = told(
    `${query} by category in ${JSON.stringify(range)}`,
    expected,
    await system.answer(wireName(query, "category"), range),
  );
  if (whole !== null) return whole;
  const [category, metrics] = choices.pick(Object.entries(expected));
  const [metric, series] = choices.pick(Object.entries(Object(metrics)));
  const one = await system.answer(wireName(query, "series"), { ...range, category, metric });
  return told(`${query} as series ${category} ${metric} in ${JSON.stringify(range)}`, series, one);
}

function wireName(query: DocumentQuery, form: "category" | "series"): string {
  const [, side = "", kind = ""] = query.split("-");
  return `${side}-${kind}-${form}`;
}

function basisOf(query: DocumentQuery): Readonly<Record<string, string>> {
  const [, , , basis] = query.split("-");
  return basis === undefined ? {} : { date_basis: basis };
}

function told(title: string, expected: unknown, found: unknown): string | null {
  if (canonicalJson(expected) === canonicalJson(found)) return null;
  return [`${title} differs`, ...differences(expected, found).slice(0, 12)].join("\n  ");
}

import { dayFromNumber } from "@community-stats/contract/days.ts";
import type { AdditiveNumbers, ListedRecord, RecordListAnswer } from "@community-stats/contract/records.ts";
import type { Span } from "../domain/periods.ts";
import { askedRange, existingDays, knownDays } from "./days.ts";
import { freshnessOf } from "./freshness.ts";
import { RankedTargets } from "./ranking.ts";
import { nameOf, type NamedRecord } from "./record-names.ts";
import type { RecordListPlan } from "./record-plan.ts";
import { scanUse } from "./record-use.ts";
import type { Reading } from "./reading.ts";
import type { CountedUse } from "./use-memory.ts";
import { UseTable } from "./use-table.ts";

/** What is ranked: records, or works. */
interface Targets {
  readonly names: readonly string[];
  /** Target of each record code. */
  readonly of: (record: number) => number;
}

/** The most used records of a scope in a range of days. */
export async function recordList(reading: Reading, plan: RecordListPlan): Promise<RecordListAnswer> {
  const { scope, asked, metric, per, offset, limit } = plan;
  const known = await knownDays(reading, { kind: "usage", scope: scope.code, breakdown: "" });
  const range = askedRange(asked, known);
  const span = existingDays(asked, known);
  const { names, table } = await reading.uses.use(await keyOf(reading, plan, span), () =>
    countUse(reading, plan, span),
  );
  const ranked = new RankedTargets(names, (target) => table.number(target, metric) ?? 0);
  const found = await namedTargets(reading, plan, { ranked, names });
  const records = found
    .slice(offset, offset + limit)
    .map(({ target, name }, index) => listed(table, target, { name, rank: offset + index + 1 }));
  const totals = table.sums();
  return {
    scope: scope.key,
    metric,
    per,
    from: range === null ? "" : dayFromNumber(range.from),
    to: range === null ? "" : dayFromNumber(range.to),
    offset,
    limit,
    records,
    more: found.length > offset + limit,
    count: ranked.count,
    totals,
    other: less(totals, records),
    generated: reading.generated,
    ...freshnessOf(reading, known, range),
  };
}

/** Null during the first run, whose numbers grow while one looks. */
async function keyOf(
  { generation, progress, records }: Reading,
  { scope, per }: RecordListPlan,
  span: Span | null,
): Promise<string | null> {
  if (generation === null || progress.updatedAt === null) return null;
  const days = span === null ? "none" : `${span.from}..${span.to}`;
  return [generation.id, progress.updatedAt, await records.seq(), per, days, scope.key].join("/");
}

async function countUse(reading: Reading, { scope, per }: RecordListPlan, span: Span | null): Promise<CountedUse> {
  const { names, of } = await targetsOf(reading, per);
  const table = new UseTable(names.length);
  if (span !== null) {
    await scanUse(reading, { scope, span }, (record, day, values) => table.add(of(record), day, values));
  }
  return { names, table };
}

async function targetsOf(reading: Reading, per: RecordListPlan["per"]): Promise<Targets> {
  const records = await reading.dictionaries.texts("record");
  if (per === "record") return { names: records, of: (record) => record };
  const works = await reading.records.works(records);
  return { names: works.names, of: (record) => works.of[record] ?? -1 };
}

interface NamedTarget {
  readonly target: number;
  readonly name: NamedRecord;
}

/** Most names looked up at once; each may take a line of metadata. */
const LOOKED_UP_AT_ONCE = 500;

/** The first targets by rank that may be named, one more than the page holds if there are so many. */
async function namedTargets(
  reading: Reading,
  { scope, per, offset, limit }: RecordListPlan,
  { ranked, names }: { readonly ranked: RankedTargets; readonly names: readonly string[] },
): Promise<readonly NamedTarget[]> {
  const wanted = offset + limit + 1;
  const found: NamedTarget[] = [];
  for (let from = 0; found.length < wanted && from < ranked.count;) {
    const part = ranked.slice(from, from + Math.min(2 * wanted, LOOKED_UP_AT_ONCE));
    from += part.length;
    const heads = await reading.records.heads(
      per,
      part.map((target) => names[target] ?? ""),
    );
    for (const target of part) {
      const name = nameOf(scope, heads.get(names[target] ?? "") ?? []);
      if (name !== null) found.push({ target, name });
    }
  }
  return found.slice(0, wanted);
}

function listed(table: UseTable, target: number, { name, rank }: { name: NamedRecord; rank: number }): ListedRecord {
  const { head, state } = name;
  return {
    rank,
    record: head.record,
    parent: head.parent,
    state,
    title: state === "deleted" ? null : head.title,
    resourceType: head.resourceType,
    author: state === "deleted" ? null : head.author,
    year: head.year,
    ...(head.published === undefined ? {} : { published: head.published }),
    ...(head.doi === undefined ? {} : { doi: head.doi }),
    metrics: table.record(target),
  };
}

function less(totals: AdditiveNumbers, records: readonly ListedRecord[]): AdditiveNumbers {
  const rest = { ...totals };
  for (const { metrics } of records) {
    rest.views -= metrics.views;
    rest.downloads -= metrics.downloads;
    rest.dataVolume -= metrics.dataVolume;
  }
  return rest;
}

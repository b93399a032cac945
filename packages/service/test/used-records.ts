import { USAGE_COUNTERS, type UsageCounter } from "@community-stats/contract/counters.ts";
import { parseInstant } from "@community-stats/contract/days.ts";
import { RecordUsePacker } from "../src/domain/packing.ts";
import type { Engine } from "../src/engine/engine.ts";
import type { RecordLine } from "../src/engine/facts.ts";
import { day } from "./counted-world.ts";
import { usageBatch } from "./usage-batch.ts";

/** Use of one record in some communities on a day. */
export interface UsedRecord {
  readonly record: string;
  readonly scopes: readonly string[];
  readonly counters: Partial<Record<UsageCounter, number>>;
}

/** What a test says of a record; the rest is the same in all. */
export interface ToldRecord {
  readonly parent: string;
  readonly title: string;
  readonly created?: string;
  readonly restricted?: boolean;
  readonly deleted?: boolean;
  readonly communities?: readonly string[];
}

export function recordLine(record: string, told: ToldRecord): RecordLine {
  const created = parseInstant(told.created ?? "2020-01-01");
  if (created === null) throw new Error(`${told.created} is no day`);
  const { parent, deleted = false, communities = [], restricted = false, title } = told;
  const source = { access: { record: restricted ? "restricted" : "public" }, metadata: { title } };
  const facts = { record, parent, created, updated: created, deleted, communities, source: JSON.stringify(source) };
  const nothing = { removed: null, owner: null, published: null, filesEnabled: true, files: [], generated: false };
  return { ...nothing, ...facts };
}

/** The use of single records beside the numbers that are there. */
export async function writeUse(engine: Engine, used: Readonly<Record<string, readonly UsedRecord[]>>): Promise<void> {
  const { rollups } = engine;
  const generation = (await rollups.generations()).find(({ live }) => live)?.id ?? -1;
  const [global = -1] = await rollups.intern("scope", ["global"]);
  for (const [text, records] of Object.entries(used)) {
    const rows = [];
    for (const { record, scopes, counters } of records) {
      const set = JSON.stringify([...(await rollups.intern("scope", scopes))]);
      const [code = 0] = await rollups.intern("record", [record]);
      const [scopeSet = 0] = await rollups.intern("scopeSet", [set]);
      rows.push({ code, scopeSet, counters: USAGE_COUNTERS.map((name) => counters[name] ?? 0) });
    }
    const packer = new RecordUsePacker(USAGE_COUNTERS.length);
    for (const row of rows.toSorted((a, b) => a.code - b.code || a.scopeSet - b.scopeSet)) {
      packer.row(row.code, row.scopeSet, row.counters);
    }
    const blob = {
      kind: "usage-records",
      scope: global,
      breakdown: "",
      period: day(text),
      data: packer.take(),
    } as const;
    const range = { kind: "usage", scope: global, breakdown: "", from: day(text), to: day(text) } as const;
    const before = await rollups.read(generation, range);
    const totals = before.map(({ period, data }) => ({ ...blob, kind: "usage" as const, period, data }));
    const counted = [{ day: day(text), eventVersion: 1, recordSeq: 1 }];
    await rollups.replaceUsageDays(generation, usageBatch(counted, [...totals, blob]));
  }
}

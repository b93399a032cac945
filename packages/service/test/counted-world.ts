import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { RECORD_COUNTERS, USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import { dayNumber, parseDay, startOf, type DayNumber } from "@community-stats/contract/days.ts";
import { RowPacker } from "../src/domain/packing.ts";
import { RecordPacker } from "../src/domain/record-packing.ts";
import { yearOfDay } from "../src/domain/periods.ts";
import type { Engine } from "../src/engine/engine.ts";
import type { CommunityLine } from "../src/engine/facts.ts";
import type { Generation, RollupBlob, RollupKind } from "../src/engine/rollup-store.ts";
import { usageBatch } from "./usage-batch.ts";

/** Numbers of one value ("" in breakdown "" for the totals) on one day. */
export interface CountedRow {
  readonly breakdown: string;
  readonly id: string;
  readonly day: string;
  readonly counters: Readonly<Record<string, number>>;
}

export interface CountedScope {
  readonly scope: string;
  readonly kind: RollupKind;
  readonly rows: readonly CountedRow[];
}

export function day(text: string): DayNumber {
  const parsed = parseDay(text);
  if (parsed === null) throw new Error(`${text} is no day`);
  return dayNumber(parsed);
}

export interface WorldOptions {
  /** Last complete day. */
  readonly through: string;
  /** Last day with numbers; by default the same. */
  readonly counted?: string;
  readonly updatedAt?: string;
  /** Scopes whose records could not be booked. */
  readonly failedScopes?: readonly string[];
}

/** Writes rows as the live rollups of an engine, with the first days that follow from them. */
export async function writeRollups(
  engine: Engine,
  scopes: readonly CountedScope[],
  options: WorldOptions,
): Promise<Generation> {
  const { rollups } = engine;
  const generation = await rollups.createGeneration("rules-1", JSON.stringify({ breakdowns: DEFAULT_BREAKDOWNS }));
  await rollups.activate(generation.id, null);
  await rollups.intern("scope", ["global"]);
  const usage: RollupBlob[] = [];
  const firstDays = new Map<RollupKind, { kind: RollupKind; scope: number; day: DayNumber }[]>();
  for (const { scope, kind, rows } of scopes) {
    const code = await intern(engine, "scope", scope);
    const blobs = await packRows(engine, { kind, scope: code, rows });
    if (kind === "usage") usage.push(...blobs);
    else await rollups.replaceRecords(generation.id, kind, code, blobs, []);
    if (rows.length > 0) {
      const first = Math.min(...rows.map((row) => day(row.day)));
      firstDays.set(kind, [...(firstDays.get(kind) ?? []), { kind, scope: code, day: first as DayNumber }]);
    }
  }
  const days = [...new Set(usage.map(({ period }) => period as DayNumber))].toSorted((a, b) => a - b);
  const counted = days.map((number) => ({ day: number, eventVersion: 1, recordSeq: 1 }));
  await rollups.replaceUsageDays(generation.id, usageBatch(counted, usage));
  for (const [kind, list] of firstDays) await rollups.replaceFirstDays(generation.id, kind, list);
  await rollups.setProgress(generation.id, {
    through: day(options.through),
    counted: day(options.counted ?? options.through),
    recordSeq: 1,
    failedScopes: [...(await rollups.intern("scope", options.failedScopes ?? []))],
    updatedAt: Date.parse(options.updatedAt ?? `${options.through}T23:00:00Z`),
  });
  return generation;
}

interface RowsToPack {
  readonly kind: RollupKind;
  readonly scope: number;
  readonly rows: readonly CountedRow[];
}

async function packRows(engine: Engine, { kind, scope, rows }: RowsToPack): Promise<RollupBlob[]> {
  const names: readonly string[] = kind === "usage" ? USAGE_COUNTERS : RECORD_COUNTERS;
  const coded = [];
  for (const row of rows) {
    const key = row.breakdown === "" ? 0 : await intern(engine, `value:${row.breakdown}`, row.id);
    coded.push({
      breakdown: row.breakdown,
      key,
      day: day(row.day),
      counters: names.map((name) => row.counters[name] ?? 0),
    });
  }
  const blobs: RollupBlob[] = [];
  for (const [breakdown, group] of Map.groupBy(coded, (row) => row.breakdown)) {
    const sorted = group.toSorted((a, b) => a.day - b.day || a.key - b.key);
    const periods = Map.groupBy(sorted, (row) => (kind === "usage" ? row.day : yearOfDay(row.day)));
    for (const [period, part] of periods) {
      blobs.push({ kind, scope, breakdown, period, data: kind === "usage" ? packDay(part) : packYear(part) });
    }
  }
  return blobs;
}

interface CodedRow {
  readonly key: number;
  readonly day: number;
  readonly counters: readonly number[];
}

function packDay(rows: readonly CodedRow[]): Uint8Array {
  const packer = new RowPacker(USAGE_COUNTERS.length);
  for (const { key, counters } of rows) packer.row(key, counters);
  return packer.take();
}

function packYear(rows: readonly CodedRow[]): Uint8Array {
  const packer = new RecordPacker();
  for (const [number, part] of Map.groupBy(rows, (row) => row.day)) {
    packer.day(number, part.length);
    for (const { key, counters } of part) packer.row(key, counters);
  }
  return packer.take();
}

export async function intern(engine: Engine, kind: string, text: string): Promise<number> {
  const [code = -1] = await engine.rollups.intern(kind, [text]);
  return code;
}

export function community(id: string, more: Partial<CommunityLine> = {}): CommunityLine {
  return {
    id,
    slug: id.toLowerCase(),
    title: `Community ${id}`,
    description: "",
    created: null,
    updated: null,
    visibility: "public",
    deleted: false,
    dashboardEnabled: true,
    layout: null,
    parent: null,
    ...more,
  };
}

/** Milliseconds of the first moment of a day, as a clock. */
export function clockAt(text: string): () => number {
  const parsed = parseDay(text);
  if (parsed === null) throw new Error(`${text} is no day`);
  const at = startOf(parsed) + 1;
  return () => at;
}

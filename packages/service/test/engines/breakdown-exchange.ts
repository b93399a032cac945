import { expect } from "vitest";
import type { LabelSpan, RollupBlob, RollupStore } from "../../src/engine/rollup-store.ts";
import { usageBatch } from "../usage-batch.ts";
import { FIRST } from "./event-lines.ts";

const BREAKDOWNS = ["", "funders", "rights", "languages", "subjects"];
const DAY = { day: FIRST, eventVersion: 1, recordSeq: 0 };
const FAR = { from: -10_000_000, to: 10_000_000 };
const RESTATEMENT = { at: 1, fromRule: "v1", toRule: "v2", detail: "{}" };

export const WRITTEN_AGAIN: readonly Named[] = [
  ["", 21],
  ["funders", 22],
  ["rights", 23],
];

type Named = readonly [breakdown: string, byte: number];

function use([breakdown, byte]: Named): RollupBlob {
  return { kind: "usage", scope: 0, breakdown, period: FIRST, data: Uint8Array.of(byte) };
}

function ofYear(named: Named, kind: "usage" | "records-added"): RollupBlob {
  return { ...use(named), kind, period: 2025 };
}

function label([breakdown, byte]: Named): LabelSpan {
  return { breakdown, value: 1, from: FIRST, label: String(byte) };
}

/** Every number of a breakdown is its byte: of a day, of a year, of two checkpoints; and its label. */
async function fill(rollups: RollupStore, generation: number, all: readonly Named[]): Promise<void> {
  const years = all.map((named) => ofYear(named, "records-added"));
  await rollups.replaceUsageDays(generation, usageBatch([DAY], all.map(use)));
  await rollups.writeCheckpoints(
    generation,
    all.map((named) => ofYear(named, "usage")),
  );
  await rollups.replaceRecords(generation, "records-added", 0, years, years);
  await rollups.replaceLabels(generation, all.slice(1).map(label));
}

async function bytesOf(rollups: RollupStore, generation: number, breakdown: string): Promise<readonly number[]> {
  const parts = [];
  for (const kind of ["usage", "records-added"] as const) {
    const series = { kind, scope: 0, breakdown };
    parts.push(...(await rollups.read(generation, { ...series, ...FAR })));
    parts.push(await rollups.checkpoint(generation, series, 2030));
  }
  const labels = (await rollups.labels(generation, breakdown)).map((span) => Number(span.label));
  return [...parts.flatMap((part) => part?.data[0] ?? []), ...labels];
}

async function filled(rollups: RollupStore, generation: number): Promise<readonly Named[]> {
  const found: Named[] = [];
  for (const breakdown of BREAKDOWNS) {
    const bytes = await bytesOf(rollups, generation, breakdown);
    expect(new Set(bytes).size).toBeLessThanOrEqual(1);
    expect([0, breakdown === "" ? 4 : 5]).toContain(bytes.length);
    if (bytes[0] !== undefined) found.push([breakdown, bytes[0]]);
  }
  return found;
}

/** One breakdown is replaced, one goes, one comes; the totals and another one stay. Returns the numbers after all is written again. */
export async function exchangesBreakdowns(rollups: RollupStore): Promise<readonly Named[]> {
  const live = await rollups.createGeneration("v1", "one");
  await rollups.activate(live.id, null);
  const side = await rollups.createGeneration("part", "part");
  const before: readonly Named[] = [
    ["", 1],
    ["funders", 2],
    ["rights", 3],
    ["languages", 4],
  ];
  await fill(rollups, live.id, before);
  await fill(rollups, side.id, [
    ["", 11],
    ["funders", 12],
    ["subjects", 15],
  ]);
  expect(await filled(rollups, live.id)).toEqual(before);
  const breakdowns = ["funders", "languages", "subjects"];
  const rules = { ruleVersion: "v2", rules: "two", restatement: RESTATEMENT };
  await rollups.exchangeBreakdowns(live.id, { with: side.id, breakdowns, ...rules });
  const after: readonly Named[] = [
    ["", 1],
    ["funders", 12],
    ["rights", 3],
    ["subjects", 15],
  ];
  expect(await filled(rollups, live.id)).toEqual(after);
  await rollups.dropGeneration(side.id);
  expect(await filled(rollups, live.id)).toEqual(after);
  expect(await rollups.generations()).toEqual([{ id: live.id, ruleVersion: "v2", live: true, rules: "two" }]);
  expect(await rollups.restatements()).toEqual([RESTATEMENT]);
  expect(await rollups.countedDays(live.id)).toEqual([DAY]);
  await fill(rollups, live.id, WRITTEN_AGAIN);
  return await filled(rollups, live.id);
}

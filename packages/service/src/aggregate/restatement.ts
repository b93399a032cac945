import { RECORD_COUNTERS, USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import { unpackRows } from "../domain/packing.ts";
import { unpackRecordDays } from "../domain/record-packing.ts";
import type { PartOfNumbers } from "./generations.ts";
import type { Generation, Restatement, RollupKind, RollupStore } from "../engine/rollup-store.ts";

/** Sums over all time for the whole repository, by kind and counter. */
export type GlobalTotals = Readonly<Record<string, Readonly<Record<string, number>>>>;

const EARLIEST = -10_000_000;
const LATEST = 10_000_000;
const RECORD_KINDS = ["records-added", "records-created", "records-published"] as const;

/** The entry of the restatement log for a switch of rules. */
export async function restate(
  rollups: RollupStore,
  from: Generation,
  step: { readonly to: Generation; readonly at: number },
): Promise<Restatement> {
  const { to, at } = step;
  const detail = {
    rules: { before: parsed(from.rules), after: parsed(to.rules) },
    totals: { before: await globalTotals(rollups, from.id), after: await globalTotals(rollups, to.id) },
  };
  return { at, fromRule: from.ruleVersion, toRule: to.ruleVersion, detail: JSON.stringify(detail) };
}

/** The entry for other breakdowns: the totals stay. */
export async function restateBreakdowns(
  rollups: RollupStore,
  { live, change, rules }: PartOfNumbers,
  at: number,
): Promise<Restatement> {
  const totals = await globalTotals(rollups, live.id);
  const detail = {
    rules: { before: parsed(live.rules), after: parsed(rules.text) },
    breakdowns: change,
    totals: { before: totals, after: totals },
  };
  return { at, fromRule: live.ruleVersion, toRule: rules.version, detail: JSON.stringify(detail) };
}

function parsed(text: string): unknown {
  return JSON.parse(text);
}

export async function globalTotals(rollups: RollupStore, generation: number): Promise<GlobalTotals> {
  const scope = await rollups.code("scope", GLOBAL_KEY);
  if (scope < 0) return {};
  const read = async (kind: RollupKind): Promise<readonly Uint8Array[]> => {
    const range = { kind, scope, breakdown: "", from: EARLIEST, to: LATEST };
    return (await rollups.read(generation, range)).map(({ data }) => data);
  };
  const totals: Record<string, Record<string, number>> = {};
  totals["usage"] = sums(USAGE_COUNTERS, await read("usage"), (data, add) =>
    unpackRows(data, USAGE_COUNTERS.length, (_, counters) => add(counters)),
  );
  for (const kind of RECORD_KINDS) {
    totals[kind] = sums(RECORD_COUNTERS, await read(kind), (data, add) =>
      unpackRecordDays(data, (_day, _key, counters) => add(counters)),
    );
  }
  return totals;
}

type Add = (counters: Float64Array) => void;

function sums(
  names: readonly string[],
  blobs: readonly Uint8Array[],
  unpack: (data: Uint8Array, add: Add) => void,
): Record<string, number> {
  const total = new Float64Array(names.length);
  const add: Add = (counters) => {
    for (let index = 0; index < total.length; index++) total[index] = (total[index] ?? 0) + (counters[index] ?? 0);
  };
  for (const data of blobs) unpack(data, add);
  return Object.fromEntries(names.map((name, index) => [name, total[index] ?? 0]));
}

import type { Breakdown, UsageSide } from "@community-stats/contract/breakdowns.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import { sharedInt32 } from "../domain/columns.ts";
import type { UsageBreakdown, UsageDims } from "../domain/kernel-dims.ts";
import type { RecordHistory } from "../domain/record-history.ts";
import { valueColumn } from "../domain/record-history.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { TermKind } from "../engine/facts.ts";
import type { RollupStore } from "../engine/rollup-store.ts";
import { internAll } from "./interning.ts";

/** Everything that counting a day needs beside its events; on shared memory, so that threads have it without a copy. */
export interface CountingTables {
  readonly dims: UsageDims;
  /** RollupStore code (kind "record") by FactStore code. */
  readonly recordCode: Int32Array;
}

export interface TableSources {
  readonly facts: FactStore;
  readonly rollups: RollupStore;
  readonly history: RecordHistory;
  readonly breakdowns: readonly Breakdown[];
}

export async function countingTables(sources: TableSources): Promise<CountingTables> {
  const { facts, rollups, history } = sources;
  const breakdowns: UsageBreakdown[] = [];
  for (const { name, usage } of sources.breakdowns) {
    if (usage !== null) breakdowns.push(await usageBreakdown(sources, name, usage));
  }
  const sets = await recordedSets(facts, rollups);
  return {
    dims: {
      history,
      breakdowns,
      globalScope: (await internAll(rollups, "scope", [GLOBAL_KEY]))[0] ?? 0,
      scopeOfCommunity: shared(await internAll(rollups, "scope", history.communities)),
      ...sets,
    },
    recordCode: shared(await internAll(rollups, "record", await facts.terms("record"))),
  };
}

async function usageBreakdown(sources: TableSources, name: string, usage: UsageSide): Promise<UsageBreakdown> {
  const { facts, rollups, history } = sources;
  const field = fieldOf(usage);
  const terms = field === null ? [] : await facts.terms(field satisfies TermKind);
  const codes = await internAll(rollups, `value:${name}`, ["", ...terms]);
  const column = valueColumn(history, name, "usage");
  const most = codes.reduce((greatest, code) => Math.max(greatest, code), 0);
  return {
    name,
    from: usage.from,
    field,
    codeOfTerm: shared(codes.subarray(1)),
    notStated: codes[0] ?? 0,
    codes: Math.max(most + 1, column?.codes ?? 0),
  };
}

function fieldOf(usage: UsageSide): UsageBreakdown["field"] {
  switch (usage.from) {
    case "event":
      return usage.field;
    case "file":
      return "fileType";
    case "record":
      return null;
    default:
      return usage satisfies never;
  }
}

type RecordedSets = Pick<UsageDims, "setStart" | "setScopes">;

/** The community sets that events recorded (T9.1 decision 12): each id once, `global` and what is no text left out. */
async function recordedSets(facts: FactStore, rollups: RollupStore): Promise<RecordedSets> {
  const sets = (await facts.terms("communitySet")).map(communitiesOf);
  const ids = [...new Set(sets.flat())];
  const codes = await internAll(rollups, "scope", ids);
  const scopeOf = new Map(ids.map((id, index) => [id, codes[index] ?? 0]));
  const setStart = sharedInt32(sets.length + 1);
  const scopes: number[] = [];
  sets.forEach((set, index) => {
    scopes.push(...set.map((id) => scopeOf.get(id) ?? 0).toSorted((a, b) => a - b));
    setStart[index + 1] = scopes.length;
  });
  return { setStart, setScopes: shared(Int32Array.from(scopes)) };
}

function communitiesOf(text: string): string[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) return [];
  const ids = list.filter((id): id is string => typeof id === "string" && id !== "" && id !== GLOBAL_KEY);
  return [...new Set(ids)];
}

function shared(codes: Int32Array): Int32Array {
  const copy = sharedInt32(codes.length);
  copy.set(codes);
  return copy;
}

import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { RecordHistory } from "../domain/record-history.ts";
import type { Engine } from "../engine/engine.ts";
import type { Generation } from "../engine/rollup-store.ts";
import { openCounters } from "./counters.ts";
import { type UsedDay, usedScopes } from "./counting-piece.ts";
import type { Findings } from "./findings.ts";
import { shareDays } from "./sharing.ts";
import { countUsage, type UsageOutcome } from "./usage.ts";
import { countingTables } from "./usage-dims.ts";

/** Days counted with one set of tables. */
export interface CountingRound {
  readonly engine: Engine;
  readonly target: Generation;
  readonly days: readonly DayNumber[];
  readonly findings: Findings;
  readonly history: RecordHistory;
  readonly settings: RoundSettings;
  /** False: take no more days, write what is there. */
  readonly mayGoOn: () => boolean;
  /** After days became valid. */
  readonly written: (days: readonly UsedDay[]) => Promise<void>;
}

export interface RoundSettings {
  readonly breakdowns: readonly Breakdown[];
  /** Whose values are read out of records, and kept. */
  readonly read: readonly Breakdown[];
  readonly workers: number | null;
  readonly dataDir: string | undefined;
  readonly batchDays: number;
}

/** On all machines where the engine shares work and the days are worth it, else on this one. */
export async function countRound(round: CountingRound): Promise<UsageOutcome> {
  return (await countEverywhere(round)) ?? (await countHere(round));
}

async function countEverywhere(round: CountingRound): Promise<UsageOutcome | null> {
  const { engine, target, days, findings, history, settings, mayGoOn, written } = round;
  const { versions, events, recordSeq } = findings;
  const request = { target, days, history, versions, events, recordSeq, mayGoOn, written };
  return await shareDays(engine, { ...request, read: settings.read, pieceDays: settings.batchDays });
}

async function countHere(round: CountingRound): Promise<UsageOutcome> {
  const { engine, target, days, findings, history, settings, mayGoOn } = round;
  const { facts, rollups } = engine;
  const { breakdowns, workers, dataDir, batchDays } = settings;
  const tables = await countingTables({ facts, rollups, history, breakdowns });
  const counters = openCounters({ engine, tables, days: days.length, workers, dataDir });
  const { versions, recordSeq } = findings;
  try {
    return await countUsage({
      rollups,
      generation: target.id,
      days,
      counters,
      batchDays,
      names: { globalScope: tables.dims.globalScope, breakdowns: tables.dims.breakdowns.map(({ name }) => name) },
      countedWith: (day) => ({ day, eventVersion: versions.get(day) ?? 0, recordSeq }),
      mayGoOn,
      written: async (results) => {
        await round.written(results.map(({ day, packed }) => ({ day, scopes: usedScopes(packed) })));
      },
    });
  } finally {
    await Promise.all(counters.map((counter) => counter.close()));
  }
}

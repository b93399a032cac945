import type { DayNumber } from "@community-stats/contract/days.ts";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import type { Engine } from "../engine/engine.ts";
import type { CountedDay, Generation, Progress } from "../engine/rollup-store.ts";
import { internAll } from "./interning.ts";
import { planDays } from "./planner.ts";
import { touchedDays } from "./record-changes.ts";

/** The facts as a run finds them. What arrives later is the next run's. */
export interface Findings {
  readonly recordSeq: number;
  readonly versions: ReadonlyMap<DayNumber, number>;
  /** Events by day. */
  readonly events: ReadonlyMap<DayNumber, number>;
  readonly counted: readonly CountedDay[];
  /** Days up to `limits.to` whose numbers are not those of the facts. */
  readonly dirty: readonly DayNumber[];
  /** Days to count in this run. */
  readonly todo: readonly DayNumber[];
}

/** Days outside are left as they are. `to` is not after `today`: an event dated later counts when its day has come. */
export interface DayLimits {
  readonly from: number;
  readonly to: DayNumber;
  readonly today: DayNumber;
}

export interface FindingInput {
  readonly engine: Engine;
  /** Of the target, before this run. */
  readonly before: Progress;
  readonly limits: DayLimits;
  readonly target: Generation;
  /** Days of use of the range to count again from here on, whether anything changed or not; Infinity: none. */
  readonly recountFrom: number;
  /** Most days of use to count, the oldest first; not where days are counted again. */
  readonly mostDays: number;
}

/** Compares the facts with what is counted. */
export async function findWork(wanted: FindingInput): Promise<Findings> {
  const { engine, before, limits, target } = wanted;
  const { facts, rollups } = engine;
  const recordSeq = await facts.recordSeq();
  const eventDays = await facts.eventDays();
  const counted = await rollups.countedDays(target.id);
  const { from, to, today } = limits;
  const input = { eventDays, counted, settledSeq: before.recordSeq, to, today };
  const plan = planDays({ ...input, from: -Infinity, recount: false });
  const globalScope = (await internAll(rollups, "scope", [GLOBAL_KEY]))[0] ?? 0;
  const sources = { facts, rollups, generation: target.id, globalScope, recordSeq };
  const dirty = [...plan.dirty, ...(await touchedDays(plan.suspects, sources))].toSorted((a, b) => a - b);
  const recountFrom = Math.max(from, wanted.recountFrom);
  const again = recountFrom === Infinity ? [] : planDays({ ...input, from: recountFrom, recount: true }).dirty;
  const waiting = dirty.filter((day) => day >= from && day < recountFrom);
  const todo = again.length > 0 ? [...waiting, ...again] : waiting.slice(0, wanted.mostDays);
  const versions = new Map(eventDays.map(({ day, version }) => [day, version]));
  const events = new Map(eventDays.map(({ day, count }) => [day, count]));
  return { recordSeq, versions, events, counted, dirty, todo };
}

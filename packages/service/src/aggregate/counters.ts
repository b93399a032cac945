import { availableParallelism } from "node:os";
import type { Engine } from "../engine/engine.ts";
import { type DayCounter, LocalDayCounter } from "./day-counter.ts";
import type { CountingTables } from "./usage-dims.ts";
import { WorkerDayCounter } from "./worker-counter.ts";

const ENTRY = new URL("../usage.worker.ts", import.meta.url);
const DEFAULT_WORKERS = 2;
/** Below this many days a thread costs more than it saves. */
const FEW_DAYS = 20;

export interface CounterRequest {
  readonly engine: Engine;
  readonly tables: CountingTables;
  readonly days: number;
  /** Null: as many as there are cores, at most two. */
  readonly workers: number | null;
  /** Where a thread opens its own way to the facts of the embedded engine; all others count here. */
  readonly dataDir: string | undefined;
}

/** Those who count: threads of their own for many days, else this thread. */
export function openCounters(request: CounterRequest): readonly DayCounter[] {
  const { engine, tables, dataDir } = request;
  const internSets = (texts: readonly string[]): Promise<Int32Array> => engine.rollups.intern("scopeSet", texts);
  const workers = request.workers ?? Math.min(DEFAULT_WORKERS, availableParallelism());
  if (engine.name !== "embedded" || dataDir === undefined || workers < 2 || request.days < FEW_DAYS) {
    return [new LocalDayCounter({ facts: engine.facts, tables, internSets })];
  }
  const spec = { name: engine.name, dataDir };
  return Array.from({ length: workers }, () => new WorkerDayCounter({ entry: ENTRY, spec, tables, internSets }));
}

import { DEFAULT_BREAKDOWNS } from "../packages/contract/src/breakdowns.ts";
import type { Engine } from "../packages/service/src/engine/engine.ts";
import { Migration } from "../packages/service/src/migration/migration.ts";
import { monthsOf } from "../packages/service/src/migration/month-plan.ts";
import type { Figure } from "./report.ts";

const LIMITS = { maxBatches: Number.POSITIVE_INFINITY, batchSize: 5000, maxMemoryPercent: 100 };

/** Events a second of the repository's months that are copied with what the breakdowns name, compared one by one, and shown to readers. */
export async function migrationFigure({ facts, control, eventIndices: indices }: Engine): Promise<Figure> {
  if (indices === undefined) throw new Error("the engine shows no indices of events");
  const migration = new Migration({
    indices,
    facts,
    control,
    breakdowns: DEFAULT_BREAKDOWNS,
    limits: LIMITS,
    memory: () => ({ available: 1, total: 1 }),
    healthWaitsMs: [],
    retires: false,
    isFresh: false,
    owner: "bench",
    now: Date.now,
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  const begin = performance.now();
  const reports = await migration.run(monthsOf(await indices.list()));
  const seconds = (performance.now() - begin) / 1000;
  const unfinished = reports.find(({ phase, repaired }) => phase !== "verified" || repaired > 0);
  if (unfinished !== undefined) throw new Error(`a month was not enriched at once: ${JSON.stringify(unfinished)}`);
  const copied = reports.reduce((sum, report) => sum + report.copied, 0);
  return {
    name: "cluster: enriching the repository's months, compared and shown",
    value: copied / seconds,
    unit: "events/s",
  };
}

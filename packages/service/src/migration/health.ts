import { setTimeout as sleep } from "node:timers/promises";
import type { EventIndices } from "../engine/event-indices.ts";

/** Memory of this machine that is in use, in percent: of the container's where it has a bound. */
export function memoryPercent(memory: { readonly available: number; readonly total: number }): number {
  return memory.total <= 0 ? 0 : Math.round((1 - Math.min(memory.available, memory.total) / memory.total) * 100);
}

export interface HealthOptions {
  readonly indices: Pick<EventIndices, "ailment">;
  readonly maxMemoryPercent: number;
  readonly memory: () => { readonly available: number; readonly total: number };
  /** Waits before the looks that follow a bad one. */
  readonly waitsMs: readonly number[];
  readonly signal: AbortSignal;
}

/** Why work must pause: neither this machine nor the cluster got better while it was waited. Null when both are well. */
export async function ailment(options: HealthOptions): Promise<string | null> {
  let found = await look(options);
  for (const wait of options.waitsMs) {
    if (found === null || options.signal.aborted) break;
    await sleep(wait, undefined, { signal: options.signal }).catch(() => undefined);
    found = await look(options);
  }
  return found;
}

async function look({ indices, maxMemoryPercent, memory }: HealthOptions): Promise<string | null> {
  const used = memoryPercent(memory());
  if (used > maxMemoryPercent) {
    return `${used} % of the memory of this machine is in use, and ${maxMemoryPercent} % are allowed (STATS_DASHBOARD_REINDEXING_MAX_MEMORY_PERCENT)`;
  }
  return await indices.ailment();
}

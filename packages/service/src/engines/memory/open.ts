import type { Engine } from "../../engine/engine.ts";
import { MemoryControl } from "./control.ts";
import { MemoryFacts } from "./facts.ts";
import { MemoryRollups } from "./rollups.ts";

export interface MemoryOptions {
  /** Epoch milliseconds; leases are renewed by it. */
  readonly clock: () => number;
}

/** An empty engine that lives as long as the process. */
export function openMemory({ clock }: MemoryOptions): Engine {
  const [facts, rollups] = [new MemoryFacts(), new MemoryRollups()];
  const control = new MemoryControl(clock);
  return { name: "memory", facts, rollups, control, close: async () => undefined };
}

import type { Engine } from "../../engine/engine.ts";
import { MemoryControl } from "./control.ts";
import { MemoryFacts } from "./facts.ts";
import { MemoryRollups } from "./rollups.ts";

/** An engine that holds everything in this process and nothing beyond it: for tests and small trials. */
export function openMemory(): Engine {
  const facts = new MemoryFacts();
  const rollups = new MemoryRollups();
  const control = new MemoryControl();
  return {
    name: "memory",
    facts,
    rollups,
    control,
    close: async () => {
      await Promise.all([facts.close(), rollups.close(), control.close()]);
    },
  };
}

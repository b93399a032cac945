import type { Config } from "./config/config.ts";
import type { Engine } from "./engine/engine.ts";

/** What it takes to open an engine; plain data, so that a worker thread can open its own. */
export interface EngineSpec {
  readonly name: "memory" | "embedded";
  readonly dataDir: string;
}

export function engineSpec(config: Config): EngineSpec {
  return { name: config.engine, dataDir: config.dataDir };
}

/** The only place that chooses an engine. Each is loaded when it is needed: native modules take time. */
export async function openEngine(spec: EngineSpec): Promise<Engine> {
  switch (spec.name) {
    case "memory": {
      const { openMemory } = await import("./engines/memory/open.ts");
      return openMemory({ clock: Date.now });
    }
    case "embedded": {
      const { openEmbedded } = await import("./engines/embedded/open.ts");
      return await openEmbedded({ dataDir: spec.dataDir });
    }
    default:
      return spec.name satisfies never;
  }
}

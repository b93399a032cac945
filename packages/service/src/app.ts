import { join } from "node:path";
import type { Config } from "./config/config.ts";
import type { Engine } from "./engine/engine.ts";
import type { BackupOptions, BackupReport } from "./engines/embedded/backup.ts";
import type { OpenSearchOptions } from "./engines/opensearch/open.ts";

/** What it takes to open an engine; plain data, so that a worker thread can open its own. */
export type EngineSpec =
  | { readonly name: "memory" | "embedded"; readonly dataDir: string }
  | { readonly name: "opensearch"; readonly cluster: OpenSearchOptions };

export function engineSpec({ engine, dataDir, cluster }: Config): EngineSpec {
  if (engine !== "opensearch") return { name: engine, dataDir };
  const { nodes, password, redisUrl, keptDaysBytes, ...plain } = cluster;
  const revealed = {
    nodes: nodes.map((node) => node.reveal()),
    password: password.reveal(),
    redisUrl: redisUrl.reveal(),
  };
  const keptDays = { folder: join(dataDir, "days"), maxBytes: keptDaysBytes };
  return { name: engine, cluster: { ...plain, ...revealed, keptDays } };
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
    case "opensearch": {
      const { openOpenSearch } = await import("./engines/opensearch/open.ts");
      return await openOpenSearch({ ...spec.cluster, now: Date.now });
    }
    default:
      return spec satisfies never;
  }
}

/** Copies an embedded data folder while others write to it; null where the target holds something already. */
export async function backUp(dataDir: string, target: string, options: BackupOptions): Promise<BackupReport | null> {
  const { BackupTargetError, backUpEmbedded } = await import("./engines/embedded/backup.ts");
  try {
    return await backUpEmbedded(dataDir, target, options);
  } catch (error) {
    if (error instanceof BackupTargetError) return null;
    throw error;
  }
}

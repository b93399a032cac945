import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { StatsError } from "@community-stats/contract/problems.ts";
import { DataDirError } from "../../engine/errors.ts";
import type { Engine } from "../../engine/engine.ts";
import { CONTROL_SCHEMA, CONTROL_VERSION } from "./control-schema.ts";
import { EmbeddedControl } from "./control.ts";
import { openDatabase } from "./database.ts";
import { EmbeddedFacts } from "./facts.ts";
import { ProcessMutex } from "./mutex.ts";
import { ROLLUP_SCHEMA, ROLLUP_VERSION } from "./rollup-schema.ts";
import { EmbeddedRollups } from "./rollups.ts";

export interface EmbeddedOptions {
  /** Made when it is missing. */
  readonly dataDir: string;
}

/** The engine of one machine: Parquet and SQLite in one folder, which any number of processes may open at once. */
export async function openEmbedded({ dataDir }: EmbeddedOptions): Promise<Engine> {
  const folder = resolve(dataDir);
  const { control, rollups } = openFiles(folder);
  const facts = new EmbeddedFacts(folder, control, new ProcessMutex(join(folder, "append.lock")));
  const rollupStore = new EmbeddedRollups(rollups, join(folder, "rollups.sqlite"));
  const controlStore = new EmbeddedControl(control);
  return {
    name: "embedded",
    facts,
    rollups: rollupStore,
    control: controlStore,
    close: async () => {
      await rollupStore.close();
      await facts.close();
    },
  };
}

function openFiles(folder: string): {
  control: ReturnType<typeof openDatabase>;
  rollups: ReturnType<typeof openDatabase>;
} {
  try {
    mkdirSync(folder, { recursive: true });
    const control = openDatabase({
      path: join(folder, "control.sqlite"),
      schema: CONTROL_SCHEMA,
      version: CONTROL_VERSION,
      synchronous: "FULL",
    });
    const rollups = openDatabase({
      path: join(folder, "rollups.sqlite"),
      schema: ROLLUP_SCHEMA,
      version: ROLLUP_VERSION,
      synchronous: "NORMAL",
      cacheKb: 64_000,
    });
    return { control, rollups };
  } catch (error) {
    throw error instanceof StatsError ? error : new DataDirError(folder, error);
  }
}

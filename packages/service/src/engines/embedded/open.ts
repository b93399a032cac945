import { join, resolve } from "node:path";
import { StatsError } from "@community-stats/contract/problems.ts";
import { DataDirError } from "../../engine/errors.ts";
import type { Engine } from "../../engine/engine.ts";
import { makeFolder } from "../../engine/folders.ts";
import { writing } from "../../engine/writing.ts";
import { CONTROL_SCHEMA, CONTROL_VERSION } from "./control-schema.ts";
import { EmbeddedControl } from "./control.ts";
import { openDatabase } from "./database.ts";
import { INBOX_LIMITS, type InboxLimits } from "./event-store.ts";
import { EmbeddedFacts } from "./facts.ts";
import { ProcessMutex } from "./mutex.ts";
import { ROLLUP_PAGE_BYTES, ROLLUP_SCHEMA, ROLLUP_VERSION } from "./rollup-schema.ts";
import { EmbeddedRollups } from "./rollups.ts";

export interface EmbeddedOptions {
  /** Made when it is missing. */
  readonly dataDir: string;
  /** How events of small batches wait. */
  readonly inbox?: InboxLimits;
}

/** The engine of one machine: Parquet and SQLite in one folder, which any number of processes may open at once. */
export async function openEmbedded({ dataDir, inbox = INBOX_LIMITS }: EmbeddedOptions): Promise<Engine> {
  const folder = resolve(dataDir);
  const { control, rollups } = await openFiles(folder);
  const mutex = new ProcessMutex(join(folder, "append.lock"));
  const facts = new EmbeddedFacts(folder, { database: control, mutex, inbox });
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

type Databases = Readonly<Record<"control" | "rollups", ReturnType<typeof openDatabase>>>;

/** One process at a time: two that make the same new file at once could meet half of it. */
async function openFiles(folder: string): Promise<Databases> {
  try {
    return await writing(folder, async () => {
      makeFolder(folder);
      return await new ProcessMutex(join(folder, "open.lock")).run(async () => openDatabases(folder));
    });
  } catch (error) {
    throw error instanceof StatsError ? error : new DataDirError(folder, error);
  }
}

function openDatabases(folder: string): Databases {
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
    cacheKb: 32_000,
    pageBytes: ROLLUP_PAGE_BYTES,
  });
  return { control, rollups };
}

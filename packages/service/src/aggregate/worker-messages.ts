import type { DayNumber } from "@community-stats/contract/days.ts";
import type { DayResult } from "./day-counter.ts";
import type { CountingTables } from "./usage-dims.ts";

/** What a counting thread is started with. */
export interface WorkerStart {
  /** As `app.ts` opens an engine. */
  readonly spec: { readonly name: string; readonly dataDir: string };
  readonly tables: CountingTables;
}

export type ToWorker =
  | { readonly kind: "count"; readonly days: readonly DayNumber[] }
  | { readonly kind: "codes"; readonly codes: Int32Array }
  | { readonly kind: "stop" };

export type FromWorker =
  | { readonly kind: "result"; readonly result: DayResult }
  /** All days of a `count` are done; several are done in the order in which they came. */
  | { readonly kind: "end" }
  /** Asks for RollupStore codes; answered by `codes`. */
  | { readonly kind: "sets"; readonly texts: readonly string[] }
  | { readonly kind: "broken"; readonly error: string };

import type { EventIndex, EventIndices, EventSource, Enrichment } from "../engine/event-indices.ts";
import { addedFields, enrichedEvent } from "./enriching.ts";
import type { MonthNames, MonthPlan } from "./month-plan.ts";
import type { RecordMemory } from "./record-memory.ts";

/** Bounds of a run; the configuration's, unless the command says otherwise. */
export interface MigrationLimits {
  /** Per month and run. */
  readonly maxBatches: number;
  /** Events in a batch. */
  readonly batchSize: number;
  readonly maxMemoryPercent: number;
}

/** Why a month does not go on for now. */
export class Pause extends Error {}

/** What all steps of one month share. */
export interface MonthWork {
  readonly indices: EventIndices;
  readonly enrichment: Enrichment;
  readonly records: RecordMemory;
  readonly limits: MigrationLimits;
  readonly names: MonthNames;
  /** Lets a batch begin. @throws Pause when it should not: cancelled, lease lost, unhealthy, limit reached. */
  readonly admit: (kind: "copy" | "compare") => Promise<void>;
  /** Told how many events more are copied or compared. */
  readonly note: (events: number) => void;
}

/** Names of fields in the indices of a month that are no part of what happened. */
export function addedIn({ sources, existing }: MonthPlan, enrichment: Enrichment): ReadonlySet<string> {
  const indices = existing === null ? sources : [...sources, existing];
  return addedFields(
    enrichment,
    indices.flatMap(({ enrichedFields }) => enrichedFields),
  );
}

/** The events of a batch, enriched. */
export async function enrichAll(
  { records, enrichment }: MonthWork,
  plan: MonthPlan,
  sources: readonly EventSource[],
): Promise<readonly EventSource[]> {
  await records.prepare(sources.flatMap(({ recid }) => (typeof recid === "string" ? [recid] : [])));
  const enriching = { type: plan.type, enrichment, added: addedIn(plan, enrichment), records };
  return sources.map((source) => enrichedEvent(source, enriching));
}

/** By what the cursor of a shard is known; an index that was made anew begins anew. */
export function cursorName({ name, uuid }: Pick<EventIndex, "name" | "uuid">, shard: number): string {
  return `${name} ${uuid} ${shard}`;
}

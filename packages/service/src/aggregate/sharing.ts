import type { DayNumber } from "@community-stats/contract/days.ts";
import type { RecordHistory } from "../domain/record-history.ts";
import type { Engine } from "../engine/engine.ts";
import type { Generation } from "../engine/rollup-store.ts";
import { PieceCounter } from "./piece-counter.ts";
import { countShared, type SharedJob, type SharedOutcome } from "./shared-counting.ts";

/** Below this many days handing them out costs more than it saves. */
const WORTH_SHARING = 20;

export interface SharingRequest extends Pick<SharedJob, "recordSeq" | "read" | "pieceDays" | "mayGoOn" | "written"> {
  readonly target: Generation;
  readonly days: readonly DayNumber[];
  readonly history: RecordHistory;
  readonly versions: ReadonlyMap<DayNumber, number>;
  /** Events by day. */
  readonly events: ReadonlyMap<DayNumber, number>;
}

/** Lets all machines count the days; null where the engine does not share work, or it is not worth it. */
export async function shareDays(engine: Engine, request: SharingRequest): Promise<SharedOutcome | null> {
  const { work, rollups } = engine;
  const { target, days, history, versions, events, recordSeq, ...job } = request;
  if (work === undefined || rollups.staged === undefined || days.length < WORTH_SHARING) return null;
  // Its rules may be others since this run began: hands look at them as they are now.
  const generation = (await rollups.generations()).find(({ id }) => id === target.id) ?? target;
  return await countShared({
    ...job,
    work,
    staged: rollups.staged,
    generation,
    recordSeq,
    days: days.map((day) => ({ day, eventVersion: versions.get(day) ?? 0, recordSeq })),
    eventsOf: (day) => events.get(day) ?? 0,
    own: new PieceCounter(engine, rollups.staged, { recordSeq, history }),
  });
}

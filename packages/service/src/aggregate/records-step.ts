import type { RecordHistory } from "../domain/record-history.ts";
import type { LabelSpan } from "../engine/rollup-store.ts";
import type { AggregationInput, TimedStep } from "./aggregation-input.ts";
import { buildHistory } from "./history.ts";
import { runLedger } from "./ledger.ts";
import { historyOf, labelsOf } from "./part-of-history.ts";
import type { BookedAgain } from "./recount-request.ts";
import type { AggregationFailure } from "./report.ts";
import { savedHistory, saveHistory } from "./saved-history.ts";
import { extractDefinition, valuePlans } from "./value-columns.ts";

export interface RecordsStep {
  readonly input: AggregationInput;
  readonly timed: TimedStep;
  /** Of the record facts that are there. */
  readonly recordSeq: number;
  /** Whose records are booked whatever is stored of them, beside those that changed; null: nobody's. */
  readonly again: BookedAgain | null;
}

/** What became of the booking of scopes. */
export interface Booked {
  /** How many were booked. */
  readonly scopes: number;
  /** All that were asked for. */
  readonly isWhole: boolean;
  /** Codes of those that have failed and were not booked since, ascending. */
  readonly failedScopes: readonly number[];
  readonly failures: readonly AggregationFailure[];
}

export interface RecordsTaken {
  readonly history: RecordHistory;
  readonly booked: Booked | null;
}

/** The history of all records, and their ledger where it is asked for; without it the history as it was kept will do. */
export async function takeRecords(step: RecordsStep): Promise<RecordsTaken> {
  const { input, timed, recordSeq, again } = step;
  const { engine, note, settings } = input;
  const { facts, rollups } = engine;
  const { breakdowns, read, workers } = settings;
  const place = { facts, rollups, plans: valuePlans(read) };
  if (again === null) {
    const saved = await timed("records", () => savedHistory(place, recordSeq));
    if (saved !== null) return { history: historyOf(breakdowns, saved), booked: null };
  }
  const progress = (done: number, records: number): void => note.done(done, records);
  const built = await timed("records", () => buildHistory({ facts, rollups, breakdowns: read, workers, progress }));
  const history = historyOf(breakdowns, built.history);
  const labels = labelsOf(breakdowns, built.labels);
  const booked = again === null ? null : await timed("ledger", () => book(input, { history, labels, again }));
  await saveHistory(place, built.history, built);
  return { history, booked };
}

interface Booking {
  readonly history: RecordHistory;
  readonly labels: readonly LabelSpan[];
  readonly again: BookedAgain;
}

async function book({ engine, note, before, settings, target }: AggregationInput, booking: Booking): Promise<Booked> {
  const { facts, rollups } = engine;
  const { history, labels, again } = booking;
  const { failures, complete, ...outcome } = await runLedger({
    facts,
    rollups,
    generation: target.id,
    history,
    labels,
    workers: settings.workers,
    progress: (done, total) => note.done(done, total),
    mayGoOn: note.mayGoOn,
    definition: extractDefinition(valuePlans(settings.breakdowns)),
    again,
  });
  // A run that was ended early has not come to all that failed before; what has failed is never taken to be as booked.
  const stillFailed = complete ? [] : before.failedScopes;
  const failed = failures.map(({ code }) => code);
  return {
    scopes: outcome.scopes - failures.length,
    isWhole: complete && failures.length === 0,
    failedScopes: [...new Set([...stillFailed, ...failed])].toSorted((a, b) => a - b),
    failures: failures.map(({ scope, error }) => ({
      what: `records of ${scope}`,
      error: error instanceof Error ? error.message : String(error),
    })),
  };
}

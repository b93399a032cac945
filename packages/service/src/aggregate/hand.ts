import type { Engine } from "../engine/engine.ts";
import type { WorkHand } from "../engine/shared-work.ts";
import type { CountingPiece, PieceResult } from "./counting-piece.ts";
import { PieceCounter } from "./piece-counter.ts";

/** What a hand tells of itself. */
export interface HandLog {
  info(what: object, text: string): void;
  warn(what: object, text: string): void;
}

/** Counts pieces of any run until it is closed; null where the engine does not share work. */
export function lendHand(
  engine: Engine,
  { log, now }: { readonly log: HandLog; readonly now: () => number },
): WorkHand | null {
  const { work, rollups } = engine;
  if (work === undefined || rollups.staged === undefined) return null;
  const counter = new PieceCounter(engine, rollups.staged, null);
  const count = async (text: string, attempt: number): Promise<string> => {
    const begun = now();
    try {
      const result = await counter.count(text, attempt);
      log.info({ ...told(text, result), attempt, ms: now() - begun }, "piece counted");
      return result;
    } catch (error) {
      log.warn({ ...spanOf(text), attempt, err: error }, "piece not counted; it is tried again");
      throw error;
    }
  };
  return work.serve(count, (err) => log.warn({ err }, "the queue of work cannot be reached; it is tried again"));
}

function told(text: string, result: string): object {
  const { days }: PieceResult = JSON.parse(result);
  return { ...spanOf(text), counted: days.filter(({ kind }) => kind === "counted").length };
}

function spanOf(text: string): object {
  const { days }: CountingPiece = JSON.parse(text);
  return { first: days[0]?.day, days: days.length };
}

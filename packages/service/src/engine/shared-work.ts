/** A piece of work that any process of any machine may do. */
export interface WorkPiece {
  /** Of this piece only, now and later. Letters, digits and dashes. */
  readonly key: string;
  /** What is to be done, as text; so is what came of it. */
  readonly data: string;
}

/**
 * What became of a piece. `aside`: it failed again and again, or ended whoever took it, and is kept apart to be looked at. `lost`: it is
 * gone from the queue, which forgot what it held.
 */
export type WorkOutcome =
  | { readonly kind: "done"; readonly key: string; readonly result: string }
  | { readonly kind: "aside"; readonly key: string; readonly error: string }
  | { readonly kind: "lost"; readonly key: string };

/** The pieces of one run. Whatever an earlier run left waiting is dropped when it is opened. */
export interface WorkRun {
  add(pieces: readonly WorkPiece[]): Promise<void>;
  /** What has ended since the last time; waits a moment for something to end. */
  ended(): Promise<readonly WorkOutcome[]>;
  /** Drops what waits. Pieces that are being done are done to their end, for nothing. */
  close(): Promise<void>;
}

/** Does one piece. `attempt` grows with each try of it, from 1 on, whoever tried. */
export type DoPiece = (data: string, attempt: number) => Promise<string>;

/** Somebody who does pieces, one after the other. */
export interface WorkHand {
  /** Takes no more, and waits for the piece at hand. */
  close(): Promise<void>;
}

export interface WorkStanding {
  readonly waiting: number;
  readonly active: number;
  readonly hands: number;
  readonly aside: readonly { readonly key: string; readonly error: string }[];
}

/** A queue that all machines share. It may forget everything at any time, and nothing but time is lost. */
export interface SharedWork {
  open(): Promise<WorkRun>;
  /** @param trouble told of what keeps it from working; it goes on by itself. */
  serve(work: DoPiece, trouble: (error: Error) => void): WorkHand;
  standing(): Promise<WorkStanding>;
}

import type { FactStore } from "../engine/fact-store.ts";
import type { SourceCursor } from "../engine/facts.ts";

export const STEPS = ["communities", "records", "memberships", "deletions", "events"] as const;
export type Step = (typeof STEPS)[number];

interface Reached {
  /** Of the source when the copy began: with other record facts, its lines are counted anew. */
  readonly recordSeq: number;
  readonly step: Step;
  /** Lines that were copied; of events, the first day that was not. */
  readonly at: number;
  readonly isDone: boolean;
}

/** How far a copy is, kept in the target by the same commits as the facts. */
export class Position {
  readonly #to: FactStore;
  readonly #name: string;
  #reached: Reached | null = null;

  private constructor(to: FactStore, name: string, reached: Reached | null) {
    this.#to = to;
    this.#name = name;
    this.#reached = reached;
  }

  static async open(to: FactStore, name: string): Promise<Position> {
    const text = await to.cursor(name);
    return new Position(to, name, text === null ? null : reachedOf(JSON.parse(text)));
  }

  /** A copy from there into this target was begun before. */
  get isKnown(): boolean {
    return this.#reached !== null;
  }

  /** Goes on, or from the start: after a copy that ended, or when the source has other record facts by now. */
  async begin(recordSeq: number): Promise<void> {
    const reached = this.#reached;
    if (reached !== null && !reached.isDone && reached.recordSeq === recordSeq) return;
    this.#reached = { recordSeq, step: "communities", at: 0, isDone: false };
    await this.#to.append({}, this.#cursor());
  }

  isAhead(step: Step): boolean {
    return STEPS.indexOf(step) >= STEPS.indexOf(this.#reached?.step ?? "communities");
  }

  at(step: Step): number {
    return this.#reached?.step === step ? this.#reached.at : 0;
  }

  /** The cursor that says so; for the commit that makes it true. */
  reached(step: Step, at: number): SourceCursor {
    this.#reached = { recordSeq: this.#reached?.recordSeq ?? 0, step, at, isDone: false };
    return this.#cursor();
  }

  async end(): Promise<void> {
    this.#reached = { recordSeq: this.#reached?.recordSeq ?? 0, step: "communities", at: 0, isDone: true };
    await this.#to.append({}, this.#cursor());
  }

  #cursor(): SourceCursor {
    return { source: this.#name, position: JSON.stringify(this.#reached) };
  }
}

function reachedOf(value: unknown): Reached | null {
  return typeof value === "object" && value !== null && "step" in value ? (value as Reached) : null;
}

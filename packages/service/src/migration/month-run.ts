import { StatsError } from "@community-stats/contract/problems.ts";
import type { EventIndex } from "../engine/event-indices.ts";
import { compareAll } from "./comparing.ts";
import { type CopyCursors, copyNew, enrichInPlace, hasNew, isLive } from "./copying.ts";
import { isShown, type MonthPlan, showing } from "./month-plan.ts";
import { cursorName, type MonthWork, Pause } from "./month-work.ts";
import { type Retirement, retireSources, unblock } from "./retirement.ts";
import { freshState, type MonthState, nextPhase, type Step } from "./states.ts";

/** Rounds of comparing and repairing before a month is left broken. */
const ROUNDS = 3;
/** Documents that are compared again: a neighbour's can become visible late, under a smaller number. */
const OVERLAP = 1000;
/** Looks for late events in one run: where they never end, the next run goes on. */
const MOST_DRAINS = 100;

export interface MonthRunOptions {
  readonly work: MonthWork;
  readonly plan: MonthPlan;
  readonly state: MonthState | null;
  /** What was copied before does not count. */
  readonly isFresh: boolean;
  readonly save: (state: MonthState) => Promise<void>;
  /** The month's plan as it is now: what the repository and we have done to it since. */
  readonly look: () => Promise<MonthPlan>;
  /** Removes the old indices at the end, if all is well. */
  readonly retires: boolean;
  readonly now: () => number;
}

export interface MonthOutcome {
  readonly state: MonthState;
  /** Events copied by this run, late ones too, without those that were repaired. */
  readonly copied: number;
  readonly repaired: number;
  /** Enriched where the repository wrote them. */
  readonly inPlace: number;
}

/** Takes one month as far as it goes now. Whoever calls it holds the month's lease. */
export async function runMonth(options: MonthRunOptions): Promise<MonthOutcome> {
  return await new MonthRun(options).run();
}

class MonthRun {
  readonly #options: MonthRunOptions;
  readonly #work: MonthWork;
  #plan: MonthPlan;
  #state: MonthState;
  #copied = 0;
  #repaired = 0;
  #inPlace = 0;

  constructor(options: MonthRunOptions) {
    this.#options = options;
    this.#work = options.work;
    this.#plan = options.plan;
    const { target } = options.plan;
    const { configuration } = options.work.enrichment;
    const { state, isFresh } = options;
    const isSame = !isFresh && state?.target === target && state.configuration === configuration;
    const fresh = freshState(target, configuration, options.now());
    this.#state = isSame ? state : { ...fresh, blocked: state?.blocked ?? [] };
  }

  async run(): Promise<MonthOutcome> {
    try {
      await unblock(this.#retirement, this.#plan);
      await this.#go();
      if (this.#options.retires && this.#state.phase === "verified") await this.#retire();
    } catch (error) {
      if (!(error instanceof Pause) && !(error instanceof StatsError)) throw error;
      await this.#pause(error.message);
    }
    return { state: this.#state, copied: this.#copied, repaired: this.#repaired, inPlace: this.#inPlace };
  }

  async #go(): Promise<void> {
    await this.#provideTarget();
    if (this.#plan.sources.length === 0) return await this.#keepRetired();
    const wasVerified = this.#state.phase === "verified";
    if (!isShown(this.#plan, this.#work.names)) {
      await this.#step("begin");
      await this.#copy();
      await this.#step("copied");
      await this.#verify();
      await this.#show();
      return await this.#drain();
    }
    if (wasVerified && !hasNew(this.#plan.sources, this.#state.cursors)) return await this.#enrichInPlace();
    if (wasVerified) return await this.#takeLate();
    await this.#step("begin");
    await this.#drain();
  }

  async #provideTarget(): Promise<void> {
    const { indices, enrichment } = this.#work;
    if (this.#plan.existing !== null) return;
    await indices.create(this.#plan.target, enrichment);
    await this.#lookAgain();
    if (this.#plan.existing === null) throw new Pause(`the index ${this.#state.target} could not be made`);
  }

  /** Only the enriched index is left: the repository writes to it, by its alias. */
  async #keepRetired(): Promise<void> {
    await this.#enrichInPlace();
    if (this.#state.phase !== "retired") await this.#change({ phase: "retired", reason: null });
  }

  async #copy(): Promise<void> {
    const from: CopyCursors = this.#state;
    const save = async ({ cursors, copied }: CopyCursors): Promise<void> => {
      this.#copied += copied - this.#state.copied;
      await this.#change({ cursors, copied });
    };
    await copyNew(this.#work, this.#plan, { from, save });
  }

  /** Until a comparison finds nothing to repair. @param after what was compared before; by default nothing. */
  async #verify(after?: MonthState["cursors"]): Promise<void> {
    for (let round = 1; ; round++) {
      const bounds = { cursors: this.#state.cursors, ...(after === undefined ? {} : { after }) };
      const { repaired, surplus } = await compareAll(this.#work, this.#plan, bounds);
      this.#repaired += repaired;
      if (repaired === 0 && surplus === 0) break;
      const reason = brokenText(repaired, surplus, this.#plan);
      await this.#step("differs", reason);
      if (surplus > 0 || round === ROUNDS) throw new Pause(reason);
      await this.#step("begin");
      await this.#step("copied");
    }
    await this.#change({ verified: fingerprint(this.#plan.sources, this.#state.cursors) });
  }

  async #show(): Promise<void> {
    await this.#step("clean");
    await this.#work.admit("compare");
    // The names may have been changed since they were looked at.
    await this.#lookAgain();
    if (fingerprint(this.#plan.sources, this.#state.cursors) !== this.#state.verified) {
      throw new Pause("other indices are there than were compared; the next run compares them");
    }
    await this.#work.indices.switchAliases(showing(this.#plan, this.#work.names));
    await this.#lookAgain();
    await this.#step("switched");
  }

  /** Copies what arrived in the sources until a look finds nothing, then compares everything that changed since it was last compared. */
  async #drain(): Promise<void> {
    if (this.#state.phase === "running") {
      await this.#copyLate();
      await this.#step("copied");
      await this.#verify();
    } else {
      await this.#copyLate();
      if (fingerprint(this.#plan.sources, this.#state.cursors) !== this.#state.verified) {
        await this.#step("copied");
        await this.#verify();
      }
    }
    await this.#step("drained");
    await this.#enrichInPlace();
  }

  async #copyLate(): Promise<void> {
    for (let look = 0; look < MOST_DRAINS; look++) {
      await this.#lookAgain();
      if (!hasNew(this.#plan.sources, this.#state.cursors)) return;
      await this.#copy();
    }
  }

  /** Of a verified month only what is new is copied and compared; everything is compared again before its old index goes. */
  async #takeLate(): Promise<void> {
    const after = Object.fromEntries(
      Object.entries(this.#state.cursors).map(([name, position]) => [name, position - OVERLAP]),
    );
    await this.#step("arrived");
    await this.#copyLate();
    await this.#step("copied");
    await this.#verify(after);
    await this.#step("drained");
    await this.#enrichInPlace();
  }

  async #retire(): Promise<void> {
    await retireSources(this.#retirement);
    await this.#step("retire");
    await this.#lookAgain();
  }

  get #retirement(): Retirement {
    return {
      work: this.#work,
      look: this.#options.look,
      state: () => this.#state,
      change: (change) => this.#change(change),
    };
  }

  async #enrichInPlace(): Promise<void> {
    if (!isLive(this.#work, this.#plan)) return;
    this.#inPlace += await enrichInPlace(this.#work, this.#plan);
  }

  async #lookAgain(): Promise<void> {
    this.#plan = await this.#options.look();
  }

  async #step(step: Step, reason: string | null = null): Promise<void> {
    await this.#change({ phase: nextPhase(this.#state.phase, step), reason });
  }

  async #change(change: Partial<MonthState>): Promise<void> {
    this.#state = { ...this.#state, ...change, updatedAt: this.#options.now() };
    await this.#options.save(this.#state);
  }

  /** A verified month that could not be looked at stays verified; a broken one broken. Where even this cannot be kept, the phase stays that of a run that died. */
  async #pause(reason: string): Promise<void> {
    const { phase } = this.#state;
    if (phase === "verified" || phase === "retired" || phase === "broken") {
      this.#state = { ...this.#state, reason };
      return;
    }
    this.#state = { ...this.#state, phase: nextPhase(phase, "pause"), reason, updatedAt: this.#options.now() };
    await this.#options.save(this.#state).catch((error: unknown) => {
      if (!(error instanceof StatsError)) throw error;
    });
  }
}

function brokenText(repaired: number, surplus: number, { target }: MonthPlan): string {
  if (surplus > 0) return `${target} has ${surplus} events that no source has; begin anew with --fresh-start`;
  return `${repaired} events of ${target} were missing or differed; they were copied again`;
}

/** What was compared: which indices, and up to which of their numbers. */
export function fingerprint(sources: readonly EventIndex[], cursors: Readonly<Record<string, number>>): string {
  const names = sources.flatMap((source) => source.shards.map(({ shard }) => cursorName(source, shard)));
  return names.map((name) => `${name} ${cursors[name] ?? -1}`).join("; ");
}

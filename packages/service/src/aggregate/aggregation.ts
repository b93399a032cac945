import type { DayNumber } from "@community-stats/contract/days.ts";
import { dayFromNumber } from "@community-stats/contract/days.ts";
import { yearOfDay } from "../domain/periods.ts";
import type { RecordHistory } from "../domain/record-history.ts";
import type { Progress } from "../engine/rollup-store.ts";
import type { AggregationInput, TimedStep } from "./aggregation-input.ts";
import { bookedName } from "./booked-scopes.ts";
import { writeUsageCheckpoints } from "./checkpoints.ts";
import { FirstDaysOfUse, readFirstDays } from "./first-days.ts";
import { reached } from "./planner.ts";
import type { BookedAgain } from "./recount-request.ts";
import type { AggregationFailure, AggregationReport } from "./report.ts";
import { restate } from "./restatement.ts";
import type { UsedDay } from "./counting-piece.ts";
import { countRound } from "./counting-round.ts";
import { findWork, type Findings } from "./findings.ts";
import { takeRecords } from "./records-step.ts";
import { forgetOtherExtracts } from "./saved-history.ts";
import { valuePlans } from "./value-columns.ts";

/** Says whether first days and checkpoints are those of the counted days: the generation and time of the run that finished them. */
const DERIVED_SETTING = "aggregation:derived";
const DERIVED_PART_SETTING = "aggregation:derived:part";
/** Rounds in which days are tried again whose events grew while they were counted. */
const ROUNDS = 3;

/** One run, step by step. */
export class Aggregation {
  readonly #input: AggregationInput;
  readonly #seconds: Record<string, number> = {};
  readonly #failures: AggregationFailure[] = [];
  readonly #countedNow = new Set<DayNumber>();
  #scopes = 0;
  #ledgerDone = true;
  #failedScopes: readonly number[];

  constructor(input: AggregationInput) {
    this.#input = input;
    this.#failedScopes = input.before.failedScopes;
  }

  async run(): Promise<AggregationReport> {
    const findings = await this.#timed("plan", () => this.#find());
    const isDerived = await this.#isDerived();
    const again = this.#input.settings.bookAgain;
    const hasNewRecords = this.#input.before.recordSeq !== findings.recordSeq;
    const bookRecords = hasNewRecords || again === "all" || again.size > 0;
    if (bookRecords || findings.todo.length > 0) {
      const history = await this.#records(findings, bookRecords ? again : null);
      if (findings.todo.length > 0) await this.#timed("usage", () => this.#countUsage(findings, history, isDerived));
    }
    if (!isDerived || this.#touchesClosedYear()) await this.#timed("checkpoints", () => this.#writeCheckpoints());
    const progress = await this.#settle(findings);
    const state = this.#state();
    const remaining = this.#remaining(findings);
    const restated = state === "done" && remaining === 0 && (await this.#switch());
    return {
      state,
      heldBy: null,
      days: this.#countedNow.size,
      remaining,
      scopes: this.#scopes,
      failures: this.#failures,
      seconds: this.#seconds,
      through: progress.through === null ? null : dayFromNumber(progress.through),
      restated,
      breakdowns: null,
    };
  }

  async #timed<T>(step: string, work: () => Promise<T>): Promise<T> {
    const started = this.#input.settings.now();
    this.#input.note.step(step);
    const result = await work();
    this.#seconds[step] = (this.#input.settings.now() - started) / 1000;
    return result;
  }

  async #find(): Promise<Findings> {
    const { engine, before, limits, settings, target } = this.#input;
    const { recountFrom, mostDays } = settings;
    return await findWork({ engine, before, limits, target, recountFrom, mostDays });
  }

  async #isDerived(): Promise<boolean> {
    const { engine, before, target } = this.#input;
    return (await engine.control.setting(this.#derivedSetting())) === `${target.id}:${before.updatedAt}`;
  }

  #derivedSetting(): string {
    return this.#input.isPart ? DERIVED_PART_SETTING : DERIVED_SETTING;
  }

  /** The history, and the ledger where records are to be booked. */
  async #records({ recordSeq }: Findings, again: BookedAgain | null): Promise<RecordHistory> {
    const timed: TimedStep = (step, work) => this.#timed(step, work);
    const { history, booked } = await takeRecords({ input: this.#input, timed, recordSeq, again });
    if (booked !== null) {
      this.#scopes = booked.scopes;
      this.#ledgerDone = booked.isWhole;
      this.#failedScopes = booked.failedScopes;
      this.#failures.push(...booked.failures);
    }
    return history;
  }

  async #countUsage(findings: Findings, history: RecordHistory, isDerived: boolean): Promise<void> {
    const { rollups, control } = this.#input.engine;
    const generation = this.#input.target.id;
    await control.setSetting(this.#derivedSetting(), "pending");
    const known = isDerived ? await rollups.firstDays(generation, "usage") : await readFirstDays(rollups, generation);
    const firstDays = new FirstDaysOfUse(known);
    let days = findings.todo;
    for (let round = 0; round < ROUNDS && days.length > 0 && this.#input.note.mayGoOn(); round++) {
      days = await this.#countRound(days, { findings, history, firstDays });
    }
    for (const day of days) this.#failDay(day, "its events keep changing; the next run counts it");
    await firstDays.write(rollups, generation);
    await rollups.settleUse?.(generation, [...this.#countedNow], this.#input.note.mayGoOn);
  }

  /** Returns the days that must be tried again with newer tables. */
  async #countRound(days: readonly DayNumber[], counting: Counting): Promise<readonly DayNumber[]> {
    const { engine, note, settings, target } = this.#input;
    const { findings, history } = counting;
    const { mayGoOn } = note;
    const written = (results: readonly UsedDay[]): Promise<void> => this.#written(results, counting);
    const outcome = await countRound({ engine, target, days, findings, history, settings, mayGoOn, written });
    for (const { day, error } of outcome.failed) this.#failDay(day, error);
    return outcome.stale;
  }

  #failDay(day: DayNumber, error: string): void {
    this.#failures.push({ what: dayFromNumber(day), error });
  }

  /** On the first run the numbers grow while one looks. */
  async #written(results: readonly UsedDay[], { findings, firstDays }: Counting): Promise<void> {
    const { engine, note, before, target } = this.#input;
    for (const { day } of results) this.#countedNow.add(day);
    firstDays.add(results);
    const counted = this.#counted(findings);
    note.done(this.#countedNow.size, findings.todo.length);
    note.countedTo(counted === null ? null : dayFromNumber(counted));
    if (before.updatedAt !== null) return;
    await firstDays.write(engine.rollups, target.id);
    await engine.rollups.setProgress(target.id, { ...before, counted });
  }

  #left({ dirty }: Findings): DayNumber[] {
    return dirty.filter((day) => !this.#countedNow.has(day));
  }

  /** Days of the range that are not among those to count in this run. */
  #remaining({ dirty, todo }: Findings): number {
    const planned = new Set(todo);
    return dirty.filter((day) => day >= this.#input.limits.from && !planned.has(day)).length;
  }

  /** Failed days have no numbers, but those after them have. */
  #counted(findings: Findings): DayNumber | null {
    const { before, limits } = this.#input;
    const failed = new Set(this.#failures.map(({ what }) => what));
    const left = this.#left(findings).filter((day) => !failed.has(dayFromNumber(day)));
    return reached({ before: before.counted, goal: limits.to, left });
  }

  #touchesClosedYear(): boolean {
    const { before, limits } = this.#input;
    const closed = yearOfDay(limits.to) - 1;
    if (before.counted === null || yearOfDay(before.counted) - 1 < closed) return true;
    for (const day of this.#countedNow) if (yearOfDay(day) <= closed) return true;
    return false;
  }

  async #writeCheckpoints(): Promise<void> {
    const { engine, note, limits, settings, target } = this.#input;
    const named = settings.breakdowns.flatMap(({ name, usage }) => (usage === null ? [] : [name]));
    await writeUsageCheckpoints({
      rollups: engine.rollups,
      generation: target.id,
      breakdowns: ["", ...named],
      lastYear: yearOfDay(limits.to) - 1,
      mayGoOn: note.mayGoOn,
      progress: (done, total) => note.done(done, total),
    });
  }

  async #settle(findings: Findings): Promise<Progress> {
    const { engine, before, limits, settings, target, note } = this.#input;
    const goal = (limits.to < limits.today ? limits.to : limits.today - 1) as DayNumber;
    const left = this.#left(findings);
    const through = settings.updateBookmark ? reached({ before: before.through, goal, left }) : before.through;
    const progress: Progress = {
      through,
      counted: this.#counted(findings),
      recordSeq: this.#isSettled(findings) ? findings.recordSeq : before.recordSeq,
      failedScopes: this.#failedScopes,
      updatedAt: settings.now(),
    };
    if (note.mayGoOn()) {
      await engine.rollups.setProgress(target.id, progress);
      await engine.control.setSetting(this.#derivedSetting(), `${target.id}:${progress.updatedAt}`);
    } else await engine.rollups.setProgress(target.id, { ...progress, updatedAt: before.updatedAt });
    return progress;
  }

  /** Whether every counted day is known to be right up to the newest record fact. */
  #isSettled(findings: Findings): boolean {
    const reachesAll = findings.counted.every(({ day }) => day <= this.#input.limits.to);
    return this.#state() === "done" && this.#ledgerDone && reachesAll && this.#left(findings).length === 0;
  }

  #state(): "done" | "partial" | "interrupted" {
    if (!this.#input.note.mayGoOn()) return "interrupted";
    return this.#failures.length > 0 ? "partial" : "done";
  }

  /** Puts the new rules' numbers in the place of the old ones, once they are complete. */
  async #switch(): Promise<boolean> {
    const { engine, replaces, settings, target } = this.#input;
    if (replaces === null) return false;
    const entry = await restate(engine.rollups, replaces, { to: target, at: settings.now() });
    await engine.rollups.activate(target.id, entry);
    const kept = { rollups: engine.rollups, plans: valuePlans(settings.read) };
    await forgetOtherExtracts(kept, [bookedName(target.id)]);
    return true;
  }
}

interface Counting {
  readonly findings: Findings;
  readonly history: RecordHistory;
  readonly firstDays: FirstDaysOfUse;
}

import { randomUUID } from "node:crypto";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { CountedDay, RollupBlob, StagedUse, UsageBatch, UsePlaces } from "../../src/engine/rollup-store.ts";
import { firstDayOfYear } from "../../src/domain/periods.ts";
import { MemoryRollups } from "../../src/engines/memory/rollups.ts";
import type { Random } from "../conformance/random.ts";
import { usageBatch } from "../usage-batch.ts";

const SCOPES = [0, 3, 70];
const BREAKDOWNS = ["", "countries", "subjects"];
/** Around the end of a year, which lies within a window of days. */
const NEW_YEAR = firstDayOfYear(2026);
export const DAYS = Array.from({ length: 44 }, (_, index) => (NEW_YEAR - 22 + index) as DayNumber);

type Step = "replace" | "hand out" | "stage" | "validate" | "lose" | "write too late" | "exchange" | "settle";
const MIXTURE: readonly Step[] = [
  ...(["replace", "hand out", "lose", "write too late"] as const),
  ...(["replace", "hand out", "lose", "write too late"] as const),
  ...(["stage", "validate", "stage", "validate", "stage", "validate"] as const),
  ...(["exchange", "settle", "settle"] as const),
];

/** A piece that somebody is at. */
interface Piece {
  readonly days: readonly CountedDay[];
  readonly places: UsePlaces;
  readonly attempt: number;
  /** What the last try wrote, if any has come to its end. */
  readonly staged: UsageBatch | null;
}

/** Random writing into one generation, and what its numbers must be, in memory. */
export class UseTrial {
  readonly #engine: Engine;
  readonly #staged: StagedUse;
  readonly #choices: Random;
  readonly #generation: number;
  readonly #expected = new MemoryRollups();
  #pieces: readonly Piece[] = [];
  /** Pieces that were given up, of which somebody may still write. */
  #lost: readonly Piece[] = [];
  done = "";

  private constructor(engine: Engine, staged: StagedUse, choices: Random, generation: number) {
    this.#engine = engine;
    this.#staged = staged;
    this.#choices = choices;
    this.#generation = generation;
  }

  static async begin(engine: Engine, choices: Random): Promise<UseTrial> {
    const { staged } = engine.rollups;
    if (staged === undefined) throw new Error("the engine does not stage");
    const { id } = await engine.rollups.createGeneration("rules", "{}");
    const trial = new UseTrial(engine, staged, choices, id);
    await trial.#expected.createGeneration("rules", "{}");
    return trial;
  }

  async step(): Promise<void> {
    const steps: Readonly<Record<Step, () => Promise<void>>> = {
      replace: () => this.#replace(),
      "hand out": () => this.#handOut(),
      stage: () => this.#stage(),
      validate: () => this.#validate(),
      lose: () => this.#lose(),
      "write too late": () => this.#writeTooLate(),
      exchange: () => this.#exchange(),
      settle: () => this.#settle(),
    };
    const chosen = this.#choices.pick(MIXTURE);
    this.done = `${this.done} ${chosen},`;
    await steps[chosen]();
  }

  /** Where the numbers are not as they must be. */
  async differences(): Promise<readonly string[]> {
    const { rollups } = this.#engine;
    const told: string[] = [];
    const check = (what: string, found: unknown, wanted: unknown): void => {
      const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
      if (a !== b) told.push(`${what}: ${a} instead of ${b}`);
    };
    const [first, last] = [DAYS[5] ?? 0, DAYS[40] ?? 0];
    for (const scope of SCOPES) {
      const range = { scope, from: first, to: last };
      const found = await rollups.readTogether?.(this.#generation, {
        ...range,
        kind: "usage",
        breakdowns: BREAKDOWNS,
        opening: null,
      });
      for (const breakdown of BREAKDOWNS) {
        const wanted = await this.#expected.read(EXPECTED, { ...range, kind: "usage", breakdown });
        check(`${scope} ${breakdown}`, bytesOf(found?.get(breakdown)?.parts ?? []), bytesOf(wanted));
      }
    }
    for (const kind of ["usage", "usage-records"] as const) {
      const scopes = [
        await rollups.scopes(this.#generation, kind),
        await this.#expected.scopes(EXPECTED, kind),
      ] as const;
      check(`scopes of ${kind}`, ...scopes);
    }
    const all = { kind: "usage-records", scope: 0, breakdown: "", from: first, to: last } as const;
    const records = await rollups.read(this.#generation, all);
    check("records", bytesOf(records), bytesOf(await this.#expected.read(EXPECTED, all)));
    check("days", await rollups.countedDays(this.#generation), await this.#expected.countedDays(EXPECTED));
    return told;
  }

  async #replace(): Promise<void> {
    const batch = this.#use(this.#free(20).map(counted));
    await this.#engine.rollups.replaceUsageDays(this.#generation, batch);
    await this.#expected.replaceUsageDays(EXPECTED, batch);
  }

  /** Some pieces with places that were given out together. */
  async #handOut(days = this.#free(12)): Promise<void> {
    const places = await this.#staged.places(this.#generation, days);
    const cut = this.#choices.int(days.length + 1);
    const slots = new Map(places.slots);
    for (const its of [days.slice(0, cut), days.slice(cut)]) {
      if (its.length === 0) continue;
      const own = { ...places, slots: its.map((day) => [day, slots.get(day) ?? 0] as const) };
      this.#pieces = [...this.#pieces, { days: its.map(counted), places: own, attempt: 0, staged: null }];
    }
  }

  async #stage(): Promise<void> {
    await this.#withPiece(async (piece) => [await this.#tried(piece)]);
  }

  async #tried(piece: Piece): Promise<Piece> {
    const attempt = piece.attempt + 1;
    // A day of a piece can fail; then the others stand alone.
    const days = this.#choices.chance(70) ? piece.days : piece.days.slice(1);
    const staged = this.#use(days);
    await this.#staged.stage(this.#generation, staged, { places: piece.places, attempt });
    return { ...piece, attempt, staged };
  }

  async #validate(): Promise<void> {
    await this.#withPiece(async (piece) => {
      const { staged, places, attempt } = piece;
      if (staged === null) return [piece];
      const days = staged.days.map(({ day }) => counted(day));
      await this.#staged.validate(this.#generation, days, { places, attempt });
      await this.#expected.replaceUsageDays(EXPECTED, staged);
      return [];
    });
  }

  /** The queue forgot it: its days are handed out again, while whoever has it may go on. */
  async #lose(): Promise<void> {
    await this.#withPiece(async (piece) => {
      this.#lost = [...this.#lost, piece];
      await this.#handOut(piece.days.map(({ day }) => day));
      return [];
    });
  }

  async #writeTooLate(): Promise<void> {
    if (this.#lost.length > 0) await this.#tried(this.#choices.pick(this.#lost));
  }

  /** A breakdown comes out of a generation with other days and windows. Whoever has a piece then works for nothing: its run is over. */
  async #exchange(): Promise<void> {
    this.#giveUp();
    const breakdown = this.#choices.pick(["countries", "subjects"]);
    const { rollups } = this.#engine;
    const { id } = await rollups.createGeneration("other rules", "{}");
    const other = await this.#expected.createGeneration("other rules", "{}");
    const days = (await rollups.countedDays(this.#generation)).map(({ day }) => day);
    for (const some of [days.filter((day) => day % 3 !== 0), days.filter((day) => day % 3 === 0)]) {
      const batch = this.#use(some.map(counted));
      await rollups.replaceUsageDays(id, batch);
      await this.#expected.replaceUsageDays(other.id, batch);
    }
    const exchange = { breakdowns: [breakdown], ruleVersion: randomUUID(), rules: "{}", restatement: null };
    await rollups.exchangeBreakdowns(this.#generation, { ...exchange, with: id });
    await this.#expected.exchangeBreakdowns(EXPECTED, { ...exchange, with: other.id });
    await rollups.dropGeneration(id);
  }

  /** Days that were counted one by one are put together; nobody has a piece then. */
  async #settle(): Promise<void> {
    this.#giveUp();
    for (const day of this.#free(20)) {
      const batch = this.#use([counted(day)]);
      await this.#engine.rollups.replaceUsageDays(this.#generation, batch);
      await this.#expected.replaceUsageDays(EXPECTED, batch);
    }
    await this.#engine.rollups.settleUse?.(this.#generation, DAYS, () => true);
  }

  #giveUp(): void {
    this.#lost = [...this.#lost, ...this.#pieces];
    this.#pieces = [];
  }

  async #withPiece(work: (piece: Piece) => Promise<readonly Piece[]>): Promise<void> {
    const [piece] = this.#choices.shuffled(this.#pieces);
    if (piece === undefined) return await this.#handOut();
    this.#pieces = this.#pieces.filter((other) => other !== piece);
    const left = await work(piece);
    this.#pieces = [...this.#pieces, ...left];
  }

  /** Days that are in no piece, ascending. */
  #free(most: number): readonly DayNumber[] {
    const taken = new Set(this.#pieces.flatMap(({ days }) => days.map(({ day }) => day)));
    const free = DAYS.filter((day) => !taken.has(day));
    const first = this.#choices.int(free.length);
    return free.slice(first, first + 1 + this.#choices.int(most));
  }

  #use(days: readonly CountedDay[]): UsageBatch {
    const blobs = days.flatMap(({ day }) => [
      ...SCOPES.flatMap((scope) => (this.#choices.chance(60) ? this.#blobs(scope, day) : [])),
      ...(this.#choices.chance(70) ? [{ ...this.#blob(0, "", day), kind: "usage-records" as const }] : []),
    ]);
    return usageBatch(days, blobs);
  }

  #blobs(scope: number, day: DayNumber): readonly RollupBlob[] {
    return BREAKDOWNS.filter((name) => name === "" || this.#choices.chance(70)).map((name) =>
      this.#blob(scope, name, day),
    );
  }

  /** Mostly a few bytes, sometimes as many as are compressed, or as do not stand together with others. */
  #blob(scope: number, breakdown: string, period: number): RollupBlob {
    const length = this.#choices.chance(20) ? this.#choices.pick([3000, 12_000]) : 1 + this.#choices.int(6);
    const data = Uint8Array.from({ length }, () => this.#choices.int(256));
    return { kind: "usage", scope, breakdown, period, data };
  }
}

/** The first generation of the rollups in memory. */
const EXPECTED = 1;

export function counted(day: DayNumber): CountedDay {
  return { day, eventVersion: 1, recordSeq: 1 };
}

function bytesOf(parts: readonly { readonly period: number; readonly data: Uint8Array }[]) {
  return parts.map(({ period, data }) => [period, Buffer.from(data).toString("hex")]);
}

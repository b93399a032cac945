import type { Breakdown } from "@community-stats/contract/breakdowns.ts";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { Engine } from "../engine/engine.ts";
import type { Generation, StagedUse } from "../engine/rollup-store.ts";
import { type CountingPiece, type PieceDay, type PieceResult, usedScopes } from "./counting-piece.ts";
import { type CountedResult, type DayResult, LocalDayCounter } from "./day-counter.ts";
import type { RecordHistory } from "../domain/record-history.ts";
import { breakdownsBefore, type Rules } from "./rules-text.ts";
import { savedHistory } from "./saved-history.ts";
import { type CountingTables, countingTables } from "./usage-dims.ts";
import { valuePlans } from "./value-columns.ts";

/** Rounds in which days are tried again whose events are newer than the tables. */
const ROUNDS = 3;

/** A history that is in memory already. */
export interface KnownHistory {
  readonly recordSeq: number;
  readonly history: RecordHistory;
}

interface Prepared {
  readonly ruleVersion: string;
  readonly recordSeq: number;
  readonly tables: CountingTables;
  readonly counter: LocalDayCounter;
}

/** Counts pieces, wherever they come from. Its tables stay for the next piece of the same rules and record facts. */
export class PieceCounter {
  readonly #engine: Engine;
  readonly #staged: StagedUse;
  #known: KnownHistory | null;
  #prepared: Prepared | null = null;

  constructor(engine: Engine, staged: StagedUse, known: KnownHistory | null) {
    this.#engine = engine;
    this.#staged = staged;
    this.#known = known;
  }

  /** @returns a `PieceResult` as text. @throws Error where the piece cannot be counted here; another may, or it may later. */
  readonly count = async (text: string, attempt: number): Promise<string> => {
    const piece: CountingPiece = JSON.parse(text);
    const results = await this.#countAll(piece);
    const counted = results.filter((result) => result.kind === "counted");
    if (counted.length > 0) await this.#write(piece, counted, attempt);
    return JSON.stringify({ attempt, days: results.map(told) } satisfies PieceResult);
  };

  async #countAll(piece: CountingPiece): Promise<readonly DayResult[]> {
    let prepared = await this.#prepare(piece);
    let results: DayResult[] = [];
    let left = piece.days.map(({ day }) => day);
    for (let round = 0; round < ROUNDS && left.length > 0; round++) {
      if (round > 0) prepared = await this.#renew(piece);
      const fresh = await collected(prepared.counter, left);
      results = [...results.filter(({ kind }) => kind !== "stale"), ...fresh];
      left = fresh.flatMap(({ kind, day }) => (kind === "stale" ? [day] : []));
    }
    return results;
  }

  async #write(piece: CountingPiece, counted: readonly CountedResult[], attempt: number): Promise<void> {
    const { tables } = await this.#prepare(piece);
    const facts = new Map(piece.days.map((entry) => [entry.day, entry]));
    const days = counted.flatMap(({ day, packed, records }) => {
      const entry = facts.get(day);
      return entry === undefined ? [] : [{ ...entry, ...packed, records }];
    });
    const { breakdowns, globalScope } = tables.dims;
    const batch = { days, breakdowns: ["", ...breakdowns.map(({ name }) => name)], globalScope };
    await this.#staged.stage(piece.generation, batch, { places: piece.places, attempt });
  }

  async #prepare(piece: CountingPiece): Promise<Prepared> {
    const known = this.#prepared;
    if (known !== null && known.ruleVersion === piece.ruleVersion && known.recordSeq === piece.recordSeq) return known;
    return await this.#renew(piece);
  }

  /** Tables of this moment, which know the texts of all events up to now. */
  async #renew(piece: CountingPiece): Promise<Prepared> {
    const { facts, rollups } = this.#engine;
    const { ruleVersion, recordSeq } = piece;
    const breakdowns = countedBy(await rollups.generations(), piece);
    const history = await this.#history(piece);
    const tables = await countingTables({ facts, rollups, history, breakdowns });
    const internSets = (texts: readonly string[]): Promise<Int32Array> => rollups.intern("scopeSet", texts);
    const counter = new LocalDayCounter({ facts, tables, internSets });
    this.#prepared = { ruleVersion, recordSeq, tables, counter };
    return this.#prepared;
  }

  async #history({ recordSeq, read }: CountingPiece): Promise<RecordHistory> {
    const known = this.#known;
    this.#known = null;
    if (known?.recordSeq === recordSeq) return known.history;
    const { facts, rollups } = this.#engine;
    const saved = await savedHistory({ facts, rollups, plans: valuePlans(read) }, recordSeq);
    if (saved === null) throw new Error(`the history of record facts up to ${recordSeq} is not kept`);
    return saved;
  }
}

/** The breakdowns of a generation. @throws Error where it is gone, or this program has other rules. */
function countedBy(
  generations: readonly Generation[],
  { generation, ruleVersion }: Pick<CountingPiece, "generation" | "ruleVersion">,
): readonly Breakdown[] {
  const found = generations.find(({ id }) => id === generation);
  if (found?.ruleVersion !== ruleVersion) {
    throw new Error(`there is no generation ${generation} of the rules ${ruleVersion}: its run is over`);
  }
  const { lists }: Pick<Rules, "lists"> = JSON.parse(found.rules);
  const breakdowns = breakdownsBefore(found.rules, { breakdowns: [], lists });
  if (breakdowns === null) throw new Error(`the rules ${ruleVersion} are those of another version of this program`);
  return breakdowns;
}

async function collected(counter: LocalDayCounter, days: readonly DayNumber[]): Promise<readonly DayResult[]> {
  const results: DayResult[] = [];
  for await (const result of counter.count(days)) results.push(result);
  return results;
}

function told(result: DayResult): PieceDay {
  if (result.kind !== "counted") return result;
  return { kind: "counted", day: result.day, scopes: [...usedScopes(result.packed)] };
}

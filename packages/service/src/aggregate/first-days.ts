import type { DayNumber } from "@community-stats/contract/days.ts";
import type { FirstDay, RollupStore } from "../engine/rollup-store.ts";
import type { UsedDay } from "./counting-piece.ts";

const LATEST = 10_000_000 as DayNumber;
const EARLIEST = -10_000_000 as DayNumber;

/** Keeps track of the first day of use of every scope while days are counted. */
export class FirstDaysOfUse {
  readonly #first: Map<number, DayNumber>;
  /** Scopes whose first day may lie later now, by the day after which to look. */
  readonly #doubtful = new Set<number>();

  constructor(known: readonly FirstDay[]) {
    this.#first = new Map(known.map(({ scope, day }) => [scope, day]));
  }

  add(results: readonly UsedDay[]): void {
    for (const result of results) this.#addDay(result);
  }

  #addDay({ day, scopes }: UsedDay): void {
    const used = new Set(scopes);
    for (const scope of used) {
      if (day <= (this.#first.get(scope) ?? LATEST)) {
        this.#first.set(scope, day);
        this.#doubtful.delete(scope);
      }
    }
    for (const [scope, first] of this.#first) if (first === day && !used.has(scope)) this.#doubtful.add(scope);
  }

  /** Looks up what a recount made doubtful, and writes all. */
  async write(rollups: RollupStore, generation: number): Promise<void> {
    for (const scope of this.#doubtful) {
      const first = await firstDayOf(rollups, generation, scope);
      if (first === null) this.#first.delete(scope);
      else this.#first.set(scope, first);
    }
    const days = [...this.#first].map(([scope, day]): FirstDay => ({ kind: "usage", scope, day }));
    await rollups.replaceFirstDays(generation, "usage", days);
  }
}

/** From the rollups alone: for the run after one that died before it wrote the first days. */
export async function readFirstDays(rollups: RollupStore, generation: number): Promise<FirstDay[]> {
  const days: FirstDay[] = [];
  for (const scope of await rollups.scopes(generation, "usage")) {
    const day = await firstDayOf(rollups, generation, scope);
    if (day !== null) days.push({ kind: "usage", scope, day });
  }
  return days;
}

async function firstDayOf(rollups: RollupStore, generation: number, scope: number): Promise<DayNumber | null> {
  const range = { kind: "usage", scope, breakdown: "", from: EARLIEST, to: LATEST } as const;
  const [first] = await rollups.read(generation, range);
  return first === undefined ? null : (first.period as DayNumber);
}

import { availableParallelism } from "node:os";
import { setImmediate as immediate } from "node:timers/promises";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import { BASES, type Basis } from "@community-stats/contract/metrics.ts";
import type { LedgerBook, LedgerScope } from "../domain/ledger.ts";
import type { LedgerPart } from "../domain/ledger-rows.ts";
import type { RecordHistory } from "../domain/record-history.ts";
import { scopeMarks } from "../domain/scope-marks.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { FirstDay, LabelSpan, RollupBlob, RollupKind, RollupStore } from "../engine/rollup-store.ts";
import { bookedScopes, keepBookedScopes } from "./booked-scopes.ts";
import { type Bookkeeper, LocalBookkeeper } from "./bookkeeper.ts";
import { ThreadBookkeeper } from "./bookkeeping-thread.ts";
import type { BookedAgain } from "./recount-request.ts";

export interface LedgerJob {
  readonly facts: FactStore;
  readonly rollups: RollupStore;
  readonly generation: number;
  readonly history: RecordHistory;
  readonly labels: readonly LabelSpan[];
  /** Least number of rows between checkpoints; without it, the ledger's own choice. */
  readonly checkpointRows?: number;
  /** Threads that book; null or absent: one per core, at most two, and none of their own for few records. */
  readonly workers?: number | null;
  /** Names the values that are counted (`extractDefinition`): books of another definition are not those of today. */
  readonly definition: string;
  /** Scopes to book whatever is stored of them; of the others those whose records are not as they were booked. */
  readonly again: BookedAgain;
  /** Called after each scope. */
  readonly progress?: (done: number, scopes: number) => void;
  /** Asked between scopes: false ends the run there. */
  readonly mayGoOn?: () => boolean;
}

export interface LedgerFailure {
  /** "global" or a community id. */
  readonly scope: string;
  /** Of the scope, in the rollups. */
  readonly code: number;
  readonly error: unknown;
}

export interface LedgerOutcome {
  /** That were booked, or failed. */
  readonly scopes: number;
  readonly failures: readonly LedgerFailure[];
  /** False when the run was ended before the last scope. */
  readonly complete: boolean;
}

/**
 * Replays the holdings of scopes in every basis and replaces their rollups, scope by scope. A scope that fails keeps its old numbers,
 * is reported, and does not stop the others. The caller notes in the generation's progress what the ledger has seen.
 */
export async function runLedger(job: LedgerJob): Promise<LedgerOutcome> {
  const { scopes, booked } = await scopesToBook(job);
  const run = await LedgerRun.open(job);
  const failures: LedgerFailure[] = [];
  const queue = scopes.values();
  let done = 0;
  const work = async (keeper: Bookkeeper): Promise<void> => {
    for (const scope of queue) {
      try {
        await run.book(scope, keeper);
        booked.set(scope.code, scope.mark);
      } catch (error) {
        failures.push({ scope: scope.key, code: scope.code, error });
      }
      done++;
      job.progress?.(done, scopes.length);
      await immediate();
      if (job.mayGoOn?.() === false) return;
    }
  };
  const keepers = bookkeepers(job);
  try {
    if (job.mayGoOn?.() !== false) await Promise.all(keepers.map(work));
  } finally {
    await Promise.all(keepers.map((keeper) => keeper.close()));
  }
  await run.finish();
  await keepBookedScopes(job, booked);
  return { scopes: done, failures, complete: done === scopes.length };
}

const MOST_THREADS = 2;
/** Below this many states a thread costs more than it saves. */
const FEW_STATES = 50_000;

function bookkeepers({ history, checkpointRows, workers }: LedgerJob): readonly Bookkeeper[] {
  const options = checkpointRows === undefined ? {} : { checkpointRows };
  const given = workers ?? null;
  const threads = given ?? (history.states.count < FEW_STATES ? 1 : Math.min(MOST_THREADS, availableParallelism()));
  if (threads < 2) return [new LocalBookkeeper(history, options)];
  return Array.from({ length: threads }, () => new ThreadBookkeeper({ history, options }));
}

interface NamedScope {
  readonly key: string;
  readonly scope: LedgerScope;
  readonly code: number;
  /** Of its records (domain/scope-marks.ts). */
  readonly mark: string;
}

interface ScopesToBook {
  readonly scopes: readonly NamedScope[];
  /** Those that are left as they are. */
  readonly booked: Map<number, string>;
}

async function scopesToBook(job: LedgerJob): Promise<ScopesToBook> {
  const before = await bookedScopes(job);
  const all = await scopesOf(job);
  const isAsBooked = ({ key, code, mark }: NamedScope): boolean =>
    job.again !== "all" && !job.again.has(key) && before.get(code) === mark;
  const booked = new Map(all.filter(isAsBooked).map(({ code, mark }) => [code, mark]));
  if (booked.size < before.size) await keepBookedScopes(job, booked);
  return { scopes: all.filter((scope) => !isAsBooked(scope)), booked };
}

/** The repository, every community that any fact names, and those that facts no longer name: their old numbers must go. */
async function scopesOf({ facts, rollups, history }: LedgerJob): Promise<readonly NamedScope[]> {
  const known = (await facts.communities()).map(({ id }) => id);
  const before = await rollups.terms("scope");
  const ids = [...new Set([...history.communities, ...known, ...before])].filter((id) => id !== GLOBAL_KEY);
  const codes = await rollups.intern("scope", [GLOBAL_KEY, ...ids]);
  const marks = scopeMarks(history);
  const global: NamedScope = { key: GLOBAL_KEY, scope: { kind: "global" }, code: codes[0] ?? 0, mark: marks.global };
  const codeOf = new Map(history.communities.map((id, code) => [id, code]));
  const communities = ids.map((key, index): NamedScope => {
    // A community without records has no code in the history: its book is empty.
    const code = codeOf.get(key) ?? history.communities.length;
    const mark = marks.communities[code] ?? marks.empty;
    return { key, scope: { kind: "community", code }, code: codes[index + 1] ?? 0, mark };
  });
  return [global, ...communities];
}

class LedgerRun {
  readonly #job: LedgerJob;
  readonly #kinds: ReadonlyMap<RollupKind, StoredKind>;

  private constructor(job: LedgerJob, kinds: ReadonlyMap<RollupKind, StoredKind>) {
    this.#job = job;
    this.#kinds = kinds;
  }

  static async open(job: LedgerJob): Promise<LedgerRun> {
    const { rollups, generation } = job;
    const kinds = new Map<RollupKind, StoredKind>();
    for (const kind of BASES.map(kindOf)) {
      const firstDays = await rollups.firstDays(generation, kind);
      kinds.set(kind, {
        scopes: new Set(await rollups.scopes(generation, kind)),
        firstDays: new Map(firstDays.map((first) => [first.scope, first])),
      });
    }
    await rollups.replaceLabels(generation, job.labels);
    return new LedgerRun(job, kinds);
  }

  async book(named: NamedScope, keeper: Bookkeeper): Promise<void> {
    for (const { bases, book } of await keeper.book(named.scope)) {
      for (const basis of bases) await this.#replace(named, kindOf(basis), book);
    }
  }

  async finish(): Promise<void> {
    const { rollups, generation } = this.#job;
    for (const [kind, { firstDays }] of this.#kinds) {
      await rollups.replaceFirstDays(generation, kind, [...firstDays.values()]);
    }
  }

  async #replace({ code }: NamedScope, kind: RollupKind, book: LedgerBook): Promise<void> {
    const { rollups, generation } = this.#job;
    const stored = this.#kinds.get(kind);
    if (book.firstDay === null && stored?.scopes.has(code) === false) return;
    const blob = ({ breakdown, year, data }: LedgerPart): RollupBlob => {
      return { kind, scope: code, breakdown, period: year, data };
    };
    await rollups.replaceRecords(generation, kind, code, book.years.map(blob), book.checkpoints.map(blob));
    if (book.firstDay === null) stored?.firstDays.delete(code);
    else stored?.firstDays.set(code, { kind, scope: code, day: book.firstDay });
  }
}

/** What a kind has in the store: scopes with rollups, and first days by scope. */
interface StoredKind {
  readonly scopes: ReadonlySet<number>;
  readonly firstDays: Map<number, FirstDay>;
}

function kindOf(basis: Basis): RollupKind {
  return `records-${basis}`;
}

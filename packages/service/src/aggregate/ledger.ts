import { availableParallelism } from "node:os";
import { setImmediate as immediate } from "node:timers/promises";
import { GLOBAL_KEY } from "@community-stats/contract/ids.ts";
import { BASES, type Basis } from "@community-stats/contract/metrics.ts";
import type { LedgerBook, LedgerScope } from "../domain/ledger.ts";
import type { LedgerPart } from "../domain/ledger-rows.ts";
import type { RecordHistory } from "../domain/record-history.ts";
import type { FactStore } from "../engine/fact-store.ts";
import type { FirstDay, LabelSpan, RollupBlob, RollupKind, RollupStore } from "../engine/rollup-store.ts";
import { type Bookkeeper, LocalBookkeeper } from "./bookkeeper.ts";
import { ThreadBookkeeper } from "./bookkeeping-thread.ts";

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
  /** Keys of the scopes to book; absent: all. */
  readonly only?: ReadonlySet<string>;
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
  readonly scopes: number;
  readonly failures: readonly LedgerFailure[];
  /** False when the run was ended before the last scope. */
  readonly complete: boolean;
}

/**
 * Replays the holdings of every scope in every basis and replaces their rollups, scope by scope. A scope that fails keeps its old numbers,
 * is reported, and does not stop the others. The caller notes in the generation's progress what the ledger has seen.
 */
export async function runLedger(job: LedgerJob): Promise<LedgerOutcome> {
  const scopes = (await scopesOf(job)).filter(({ key }) => job.only === undefined || job.only.has(key));
  const run = await LedgerRun.open(job);
  const failures: LedgerFailure[] = [];
  const queue = scopes.values();
  let done = 0;
  const work = async (keeper: Bookkeeper): Promise<void> => {
    for (const scope of queue) {
      try {
        await run.book(scope, keeper);
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
}

/** The repository, every community that any fact names, and those that facts no longer name: their old numbers must go. */
async function scopesOf({ facts, rollups, history }: LedgerJob): Promise<readonly NamedScope[]> {
  const known = (await facts.communities()).map(({ id }) => id);
  const before = await rollups.terms("scope");
  const ids = [...new Set([...history.communities, ...known, ...before])].filter((id) => id !== GLOBAL_KEY);
  const codes = await rollups.intern("scope", [GLOBAL_KEY, ...ids]);
  const global: NamedScope = { key: GLOBAL_KEY, scope: { kind: "global" }, code: codes[0] ?? 0 };
  const codeOf = new Map(history.communities.map((id, code) => [id, code]));
  const communities = ids.map((key, index): NamedScope => {
    // A community without records has no code in the history: its book is empty.
    const code = codeOf.get(key) ?? history.communities.length;
    return { key, scope: { kind: "community", code }, code: codes[index + 1] ?? 0 };
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

import type { Basis } from "@community-stats/contract/metrics.ts";
import { Ledger, type LedgerBook, type LedgerOptions, type LedgerScope } from "../domain/ledger.ts";
import type { RecordHistory } from "../domain/record-history.ts";

/** The book of a scope, and the bases that it holds for. */
export interface ScopeBook {
  readonly bases: readonly Basis[];
  readonly book: LedgerBook;
}

/** Books scopes, here or in a thread of its own; one scope at a time. */
export interface Bookkeeper {
  /** The books of all bases. @throws Error where the scope cannot be booked; the next one can. */
  book(scope: LedgerScope): Promise<readonly ScopeBook[]>;
  close(): Promise<void>;
}

/** Books in the thread it is made in. */
export class LocalBookkeeper implements Bookkeeper {
  readonly #history: RecordHistory;
  readonly #options: LedgerOptions;
  #ledger: Ledger;

  constructor(history: RecordHistory, options: LedgerOptions) {
    this.#history = history;
    this.#options = options;
    this.#ledger = new Ledger(history, options);
  }

  async book(scope: LedgerScope): Promise<readonly ScopeBook[]> {
    try {
      return this.#ledger.bases(scope).map((bases) => ({ bases, book: this.#ledger.book(scope, bases[0]) }));
    } catch (error) {
      // After a failure nothing is known about the ledger's buffers.
      this.#ledger = new Ledger(this.#history, this.#options);
      throw error;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

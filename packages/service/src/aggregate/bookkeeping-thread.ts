import { Worker, type MessagePort } from "node:worker_threads";
import type { LedgerOptions, LedgerScope } from "../domain/ledger.ts";
import type { RecordHistory } from "../domain/record-history.ts";
import { type Bookkeeper, LocalBookkeeper, type ScopeBook } from "./bookkeeper.ts";

/** What a bookkeeping thread is started with; the columns of the history lie on shared memory. */
export interface BookkeepingStart {
  readonly history: RecordHistory;
  readonly options: LedgerOptions;
}
type Reply =
  | { readonly kind: "books"; readonly books: readonly ScopeBook[] }
  | { readonly kind: "failed"; readonly error: string };

const ENTRY = new URL("../ledger.worker.ts", import.meta.url);

/** Books in a thread of its own. A thread that breaks fails every scope that it is still given. */
export class ThreadBookkeeper implements Bookkeeper {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #broken: Error | null = null;
  #settle: { readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void } | null = null;

  constructor(start: BookkeepingStart) {
    this.#worker = new Worker(ENTRY, { workerData: start });
    this.#worker.on("message", (reply: Reply) => this.#settle?.resolve(reply));
    this.#worker.on("error", (error) => this.#break(error));
    this.#ended = new Promise((resolve) => {
      this.#worker.on("exit", (code) => {
        this.#break(new Error(`bookkeeping thread ended with code ${code}`));
        resolve();
      });
    });
  }

  async book(scope: LedgerScope): Promise<readonly ScopeBook[]> {
    const reply = await new Promise<Reply>((resolve, reject) => {
      if (this.#broken !== null) return reject(this.#broken);
      this.#settle = { resolve, reject };
      this.#worker.postMessage(scope, []);
    });
    this.#settle = null;
    if (reply.kind === "failed") throw new Error(reply.error);
    return reply.books;
  }

  async close(): Promise<void> {
    if (this.#broken === null) this.#worker.postMessage(null, []);
    await this.#ended;
  }

  #break(error: Error): void {
    this.#broken ??= error;
    this.#settle?.reject(this.#broken);
  }
}

/** The life of a bookkeeping thread: books the scopes it is given until it is given none. */
export async function bookForParent(port: MessagePort, { history, options }: BookkeepingStart): Promise<void> {
  const keeper = new LocalBookkeeper(history, options);
  const reply = async (scope: LedgerScope): Promise<void> => {
    try {
      const books = await keeper.book(scope);
      port.postMessage({ kind: "books", books } satisfies Reply, buffersOf(books));
    } catch (error) {
      const told = error instanceof Error ? error.message : String(error);
      port.postMessage({ kind: "failed", error: told } satisfies Reply, []);
    }
  };
  await new Promise<void>((resolve) => {
    port.on("message", (scope: LedgerScope | null) => {
      if (scope === null) resolve();
      else void reply(scope);
    });
  });
}

/** The blobs of a book lie in one buffer, which goes over without a copy. */
function buffersOf(books: readonly ScopeBook[]): ArrayBuffer[] {
  const parts = books.flatMap(({ book }) => [...book.years, ...book.checkpoints]);
  return [...new Set(parts.map(({ data }) => data.buffer as ArrayBuffer))];
}

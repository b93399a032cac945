import type { Fence } from "./fence.ts";

/** What this process has written into an index, and when its searches see it. */
export class OwnWrites {
  readonly #refresh: () => Promise<void>;
  readonly #fence: Pick<Fence, "token">;
  #token = 0;
  /** Null while something may be unseen. */
  #refreshed: Promise<void> | null = null;

  /**
   * @param refresh makes everything that is written visible.
   * @param fence knows when a lease is given anew: what its last holder wrote has to be seen as well.
   */
  constructor(refresh: () => Promise<void>, fence: Pick<Fence, "token">) {
    this.#refresh = refresh;
    this.#fence = fence;
  }

  /** Notes that something was written. */
  readonly wrote = (): void => {
    this.#refreshed = null;
  };

  /** Resolves once everything that was written before is visible: at the first call, after each writing, and with each new lease. */
  readonly seen = async (): Promise<void> => {
    const { token } = this.#fence;
    if (token !== this.#token) this.#refreshed = null;
    this.#token = token;
    const refreshed = (this.#refreshed ??= this.#refresh());
    try {
      await refreshed;
    } catch (error) {
      if (this.#refreshed === refreshed) this.#refreshed = null;
      throw error;
    }
  };
}

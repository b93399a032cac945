/** What this process has written into an index, and when its searches see it. */
export class OwnWrites {
  readonly #refresh: () => Promise<void>;
  /** Null while something may be unseen. */
  #refreshed: Promise<void> | null = null;

  /** @param refresh makes everything that is written visible. */
  constructor(refresh: () => Promise<void>) {
    this.#refresh = refresh;
  }

  /** Notes that something was written. */
  readonly wrote = (): void => {
    this.#refreshed = null;
  };

  /** Resolves once everything that was written before is visible: at the first call, and after each writing. */
  readonly seen = async (): Promise<void> => {
    const refreshed = (this.#refreshed ??= this.#refresh());
    try {
      await refreshed;
    } catch (error) {
      if (this.#refreshed === refreshed) this.#refreshed = null;
      throw error;
    }
  };
}

/** What other processes write is seen this much later at most. */
export const KEPT_MS = 250;

/**
 * Answers to what every request asks again and again: which numbers are live, how far they go. Kept for a moment, and forgotten whenever
 * this process writes.
 */
export class BriefMemory {
  readonly #kept = new Map<string, { readonly since: number; readonly value: Promise<unknown> }>();

  async of<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const now = performance.now();
    const known = this.#kept.get(key);
    // A key is always asked with one type: it names what is asked.
    if (known !== undefined && now - known.since < KEPT_MS) return (await known.value) as T;
    const value = ask();
    this.#kept.set(key, { since: now, value });
    // A failure is not an answer: the next one asks again.
    value.catch(() => this.#kept.delete(key));
    return await value;
  }

  forget(): void {
    this.#kept.clear();
  }
}

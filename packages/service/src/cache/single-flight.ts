/** Work that is going on, by key: who asks for the same meanwhile waits for the same result. */
export class SingleFlight<T> {
  readonly #going = new Map<string, Promise<T>>();

  run(key: string, work: () => Promise<T>): Promise<T> {
    const going = this.#going.get(key);
    if (going !== undefined) return going;
    const started = work().finally(() => this.#going.delete(key));
    this.#going.set(key, started);
    return started;
  }
}

/** Values that were met in one round, in views and in downloads each for themselves. */
export class MetValues {
  /** By value: the last round in which it was met. */
  readonly #inView: Int32Array;
  readonly #inDownload: Int32Array;
  #round = 0;

  /** For values below `count`. */
  constructor(count: number) {
    this.#inView = new Int32Array(count);
    this.#inDownload = new Int32Array(count);
  }

  begin(): void {
    this.#round++;
    if (this.#round !== 0x7fff_ffff) return;
    this.#inView.fill(0);
    this.#inDownload.fill(0);
    this.#round = 1;
  }

  /** Adds `pool[start..end)`, seen in a view (bit 1) or a download (bit 2). False where one of them was met before. */
  add(
    { pool, start, end }: { readonly pool: Int32Array; readonly start: number; readonly end: number },
    bits: number,
  ): boolean {
    const round = this.#round;
    for (let at = start; at < end; at++) {
      const value = pool[at] ?? 0;
      if ((bits & 1) !== 0 && this.#inView[value] === round) return false;
      if ((bits & 2) !== 0 && this.#inDownload[value] === round) return false;
      if ((bits & 1) !== 0) this.#inView[value] = round;
      if ((bits & 2) !== 0) this.#inDownload[value] = round;
    }
    return true;
  }
}

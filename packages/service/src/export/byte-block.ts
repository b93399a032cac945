/** Bytes in blocks; those of a call are gone with the next but one. */
export interface ByteBlocks {
  /** Null at the end. */
  next(): Buffer | null;
}

export const BLOCK_BYTES = 1 << 16;
const ZERO = 48;
const MINUS = 45;

/** Memory that is written from front to back, and again: what is written leaves nothing for the collector. The writer sees to the room. */
export class ByteBlock {
  readonly #memory = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  readonly #digits = new Uint8Array(20);
  #used = 0;

  get room(): number {
    return BLOCK_BYTES - this.#used;
  }

  /** What was written since it was cleared. */
  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#used);
  }

  clear(): void {
    this.#used = 0;
  }

  text(text: string): void {
    this.#used += this.#memory.write(text, this.#used);
  }

  piece(bytes: Uint8Array): void {
    this.#memory.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** As `String` writes it. */
  number(value: number): void {
    if (!Number.isSafeInteger(value)) {
      this.text(String(value));
      return;
    }
    let rest = Math.abs(value);
    let count = 0;
    do {
      this.#digits[count++] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    } while (rest > 0);
    if (value < 0) this.#memory[this.#used++] = MINUS;
    while (count > 0) this.#memory[this.#used++] = this.#digits[--count] ?? ZERO;
  }
}

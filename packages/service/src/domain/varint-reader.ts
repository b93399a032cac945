/** Reads the numbers of a packed blob one after the other; used again for any number of blobs. */
export class VarintReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #position = 0;

  start(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#position = 0;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  /** @throws RangeError where the blob ends inside a number. */
  next(): number {
    const bytes = this.#bytes;
    let at = this.#position;
    let byte = bytes[at++];
    let value = (byte ?? 0) & 0x7f;
    let factor = 1;
    while (byte !== undefined && byte >= 0x80) {
      byte = bytes[at++];
      factor *= 0x80;
      value += ((byte ?? 0) & 0x7f) * factor;
    }
    if (byte === undefined) throw new RangeError(`packed blob of ${bytes.length} bytes ends inside a number`);
    this.#position = at;
    return value;
  }

  /** Steps over a number without decoding it. @throws RangeError where the blob ends inside it. */
  skip(): void {
    const bytes = this.#bytes;
    let at = this.#position;
    while ((bytes[at] ?? 0) >= 0x80) at++;
    this.#position = at + 1;
    if (this.#position > bytes.length)
      throw new RangeError(`packed blob of ${bytes.length} bytes ends inside a number`);
  }
}

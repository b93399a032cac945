import { bufferOf } from "../../engine/window-packing.ts";

/** Columns of fewer bytes than this together stand in one: most documents are small, and each column costs, however short. */
const MOST_BYTES = 32 << 10;
/** Of the length of a name, and of the length of its column. */
const [NAME_HEAD, COLUMN_HEAD] = [1, 4];

/** The columns of one document, one after the other. Keeps its buffer: what it gives out holds until the next `begin`. */
export class ColumnBundle {
  readonly #columns: { readonly field: string; readonly from: number; readonly to: number }[] = [];
  #bytes = Buffer.alloc(4 * MOST_BYTES);
  #length = 0;

  begin(): void {
    this.#columns.length = 0;
    this.#length = 0;
  }

  /** @param field of less than 256 bytes. */
  add(field: string, column: Uint8Array): void {
    const name = Buffer.from(field);
    const from = this.#length + NAME_HEAD + name.length + COLUMN_HEAD;
    if (from + column.length > this.#bytes.length) this.#grow(from + column.length);
    this.#bytes[this.#length] = name.length;
    name.copy(this.#bytes, this.#length + NAME_HEAD);
    this.#bytes.writeUInt32LE(column.length, from - COLUMN_HEAD);
    this.#bytes.set(column, from);
    this.#length = from + column.length;
    this.#columns.push({ field, from, to: this.#length });
  }

  get isSmall(): boolean {
    return this.#length < MOST_BYTES;
  }

  /** As `bundledColumns` reads it. */
  get packed(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  *columns(): Generator<readonly [field: string, column: Uint8Array]> {
    for (const { field, from, to } of this.#columns) yield [field, this.#bytes.subarray(from, to)];
  }

  #grow(length: number): void {
    const larger = Buffer.alloc(2 * length);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Views of the columns by field. A cut bundle is never taken for a short one. */
export function bundledColumns(packed: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const bytes = bufferOf(packed);
  const columns = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.length;) {
    const head = at + NAME_HEAD + (bytes[at] ?? 0);
    const from = head + COLUMN_HEAD;
    const to = from + (from <= bytes.length ? bytes.readUInt32LE(head) : Number.POSITIVE_INFINITY);
    if (to > bytes.length) throw new RangeError(`columns of ${bytes.length} bytes end inside one of them`);
    columns.set(bytes.toString("utf8", at + NAME_HEAD, head), bytes.subarray(from, to));
    at = to;
  }
  return columns;
}

import { FloatColumn, IntColumn, shareFloats, shareInts } from "./columns.ts";
import type { FileColumns } from "./record-history.ts";

export interface FileInput {
  readonly key: string;
  /** Null where the source does not say: counts as no bytes, but is not the same file as one of 0 bytes. */
  readonly bytes: number | null;
  readonly checksum: string | null;
  /** Value code of the type, or -1. */
  readonly type: number;
}

/** Collects the files of states; states of one record share a set as long as nothing about the files changes. */
export class FileSets {
  readonly #setStart = new IntColumn();
  readonly #setBytes = new FloatColumn();
  readonly #id = new IntColumn();
  readonly #bytes = new FloatColumn();
  readonly #type = new IntColumn();
  readonly #ids = new Map<string, number>();
  #previous = EMPTY;
  /** What `#previous` was made of. */
  #given: readonly FileInput[] = NO_FILES;

  constructor() {
    this.#setStart.push(0);
    this.#endSet(0);
  }

  beginRecord(): void {
    this.#ids.clear();
    this.#previous = EMPTY;
    this.#given = NO_FILES;
  }

  /** Number of the set of these files. A file listed twice is one file. */
  add(files: readonly FileInput[]): number {
    if (files.length === 0) return EMPTY;
    // Most states change nothing about the files: then nothing needs to be numbered.
    if (isSameList(files, this.#given)) return this.#previous;
    const byId = new Map<number, FileInput>();
    for (const file of files) {
      const id = this.#idOf(file);
      if (!byId.has(id)) byId.set(id, file);
    }
    const ids = Int32Array.from(byId.keys()).toSorted();
    if (!this.#isPrevious(ids, byId)) this.#previous = this.#newSet(ids, byId);
    this.#given = files;
    return this.#previous;
  }

  finish(): FileColumns {
    return {
      setStart: shareInts(this.#setStart),
      setBytes: shareFloats(this.#setBytes),
      id: shareInts(this.#id),
      bytes: shareFloats(this.#bytes),
      type: shareInts(this.#type),
    };
  }

  #idOf({ key, bytes, checksum }: FileInput): number {
    const identity = JSON.stringify([key, bytes, checksum]);
    const known = this.#ids.get(identity);
    if (known !== undefined) return known;
    this.#ids.set(identity, this.#ids.size);
    return this.#ids.size - 1;
  }

  #newSet(ids: Int32Array, files: ReadonlyMap<number, FileInput>): number {
    let sum = 0;
    for (const id of ids) {
      const bytes = files.get(id)?.bytes ?? 0;
      sum += bytes;
      this.#id.push(id);
      this.#bytes.push(bytes);
      this.#type.push(files.get(id)?.type ?? -1);
    }
    return this.#endSet(sum);
  }

  #endSet(bytes: number): number {
    this.#setBytes.push(bytes);
    this.#setStart.push(this.#id.length);
    return this.#setBytes.length - 1;
  }

  #isPrevious(ids: Int32Array, files: ReadonlyMap<number, FileInput>): boolean {
    const start = this.#setStart.array[this.#previous] ?? 0;
    const end = this.#setStart.array[this.#previous + 1] ?? 0;
    if (end - start !== ids.length) return false;
    return ids.every(
      (id, index) => this.#id.array[start + index] === id && this.#type.array[start + index] === files.get(id)?.type,
    );
  }
}

/** The set without files. */
const EMPTY = 0;
const NO_FILES: readonly FileInput[] = [];

function isSameList(left: readonly FileInput[], right: readonly FileInput[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((file, index) => {
    const other = right[index];
    if (other === undefined || file.key !== other.key || file.bytes !== other.bytes) return false;
    return file.checksum === other.checksum && file.type === other.type;
  });
}

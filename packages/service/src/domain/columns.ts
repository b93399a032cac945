/** Columns that grow, and columns on shared memory. */

/** A growing column of int32 numbers. */
export class IntColumn {
  array = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.array.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.array);
      this.array = larger;
    }
    this.array[this.length++] = value;
  }
}

/** A growing column of doubles. */
export class FloatColumn {
  array = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.array.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.array);
      this.array = larger;
    }
    this.array[this.length++] = value;
  }
}

export function sharedInt32(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

export function sharedFloat64(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

export function sharedUint8(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

/** A shared copy of what the column holds. */
export function shareInts(column: IntColumn): Int32Array {
  const shared = sharedInt32(column.length);
  shared.set(column.array.subarray(0, column.length));
  return shared;
}

export function shareFloats(column: FloatColumn): Float64Array {
  const shared = sharedFloat64(column.length);
  shared.set(column.array.subarray(0, column.length));
  return shared;
}

/** An array of at least `length` numbers: the given one, or a copy with room to spare. */
export function grownInt32(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const grown = new Int32Array(roomFor(array.length, length));
  grown.set(array);
  return grown;
}

/** Like `grownInt32`. */
export function grownFloat64(array: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const grown = new Float64Array(roomFor(array.length, length));
  grown.set(array);
  return grown;
}

function roomFor(present: number, needed: number): number {
  return Math.max(16, needed, present * 2);
}

/**
 * MurmurHash3 (x86, 128 bits) over the UTF-16 code units of a text, two units to a 32-bit word, low unit first. The four `lanes` are the seed
 * and receive the hash, so that hashes chain. Not for secrets: it keeps apart what a repository numbered itself. Stored facts depend on every
 * bit of it; it must never change.
 */
export function hash128(text: string, lanes: Uint32Array): void {
  let h1 = lanes[0] ?? 0;
  let h2 = lanes[1] ?? 0;
  let h3 = lanes[2] ?? 0;
  let h4 = lanes[3] ?? 0;
  const { length } = text;
  const whole = length & ~7;
  for (let at = 0; at < whole; at += 8) {
    h1 ^= scramble(pair(text, at), C1, 15, C2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= scramble(pair(text, at + 2), C2, 16, C3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= scramble(pair(text, at + 4), C3, 17, C4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= scramble(pair(text, at + 6), C4, 18, C1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  const rest = length - whole;
  if (rest > 6) h4 ^= scramble(pair(text, whole + 6), C4, 18, C1);
  if (rest > 4) h3 ^= scramble(pair(text, whole + 4), C3, 17, C4);
  if (rest > 2) h2 ^= scramble(pair(text, whole + 2), C2, 16, C3);
  if (rest > 0) h1 ^= scramble(pair(text, whole), C1, 15, C2);
  finish(lanes, [h1, h2, h3, h4], length * 2);
}

/** The same hash of a text of ASCII only, from its bytes. */
export function hashAscii128(
  bytes: Uint8Array,
  range: { readonly from: number; readonly to: number },
  lanes: Uint32Array,
): void {
  const { from, to } = range;
  let h1 = lanes[0] ?? 0;
  let h2 = lanes[1] ?? 0;
  let h3 = lanes[2] ?? 0;
  let h4 = lanes[3] ?? 0;
  const whole = from + ((to - from) & ~7);
  for (let at = from; at < whole; at += 8) {
    h1 ^= scramble(bytePair(bytes, at), C1, 15, C2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= scramble(bytePair(bytes, at + 2), C2, 16, C3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= scramble(bytePair(bytes, at + 4), C3, 17, C4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= scramble(bytePair(bytes, at + 6), C4, 18, C1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  const rest = to - whole;
  if (rest > 6) h4 ^= scramble(bytes[whole + 6] ?? 0, C4, 18, C1);
  if (rest > 4) h3 ^= scramble(lastPair(bytes, whole + 4, to), C3, 17, C4);
  if (rest > 2) h2 ^= scramble(lastPair(bytes, whole + 2, to), C2, 16, C3);
  if (rest > 0) h1 ^= scramble(lastPair(bytes, whole, to), C1, 15, C2);
  finish(lanes, [h1, h2, h3, h4], (to - from) * 2);
}

function bytePair(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 16);
}

/** Past the end there is nothing, whatever comes there in the line. */
function lastPair(bytes: Uint8Array, at: number, to: number): number {
  return at + 1 < to ? bytePair(bytes, at) : (bytes[at] ?? 0);
}

const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

/** Two code units as one word; past the end they are zero. */
function pair(text: string, at: number): number {
  return at + 1 < text.length ? text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16) : text.charCodeAt(at);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

// oxlint-disable-next-line max-params -- four numbers of one formula, in the innermost loop
function scramble(word: number, before: number, bits: number, after: number): number {
  return Math.imul(rotate(Math.imul(word, before), bits), after);
}

function finish(lanes: Uint32Array, state: readonly [number, number, number, number], byteLength: number): void {
  let [h1, h2, h3, h4] = state;
  h1 ^= byteLength;
  h2 ^= byteLength;
  h3 ^= byteLength;
  h4 ^= byteLength;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = avalanche(h2 + h1);
  h3 = avalanche(h3 + h1);
  h4 = avalanche(h4 + h1);
  h1 = avalanche(h1);
  h1 = (h1 + h2 + h3 + h4) | 0;
  lanes[0] = h1;
  lanes[1] = h2 + h1;
  lanes[2] = h3 + h1;
  lanes[3] = h4 + h1;
}

function avalanche(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

import * as fc from "fast-check";
import { expect, it } from "vitest";
import { forEachLine, lineBlocks, linesOf } from "./line-blocks.ts";

interface Seen {
  readonly number: number;
  readonly text: string | null;
}

async function seen(
  bytes: Uint8Array,
  step: number,
  sizes = { blockBytes: 16, lineBytes: 64 },
): Promise<readonly Seen[]> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += step) yield bytes.slice(at, at + step);
  }
  const found: Seen[] = [];
  let before = 0;
  for await (const block of lineBlocks(chunks(), sizes)) {
    before += block.tooLong;
    const raw = Array.from(linesOf(block), ({ number, bytes: line }) => [number, Buffer.from(line).toString()]);
    const texts: [number, string | null][] = [];
    const lines = forEachLine(block, (text, number) => {
      texts.push([number, text?.replace(/\r$/, "") ?? null]);
      found.push({ number: before + number, text });
    });
    expect(texts.map(([number, text], index) => [number, text ?? raw[index]?.[1]])).toEqual(raw);
    before += lines;
    // As if it went to another thread: nothing that is given out may be needed any more.
    block.bytes.buffer.transfer();
  }
  return found;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

it("numbers lines across blocks, blank ones included", async () => {
  expect(await seen(encode('\uFEFF{"a":1}\r\n\r\n  \n{"b":2}\nlast'), 5)).toEqual([
    { number: 1, text: '{"a":1}\r' },
    { number: 4, text: '{"b":2}' },
    { number: 5, text: "last" },
  ]);
});

it("leaves out what is too long and goes on behind it", async () => {
  const long = "x".repeat(200);
  expect(await seen(encode(`a\n${long}\nb\n${long}`), 7)).toEqual([
    { number: 1, text: "a" },
    { number: 3, text: "b" },
  ]);
});

it("leaves out a line that becomes too long within a chunk of the size of a block", async () => {
  expect(await seen(encode(`1234567\n${"x".repeat(66)}\nb\ncc\n`), 16)).toEqual([
    { number: 1, text: "1234567" },
    { number: 3, text: "b" },
    { number: 4, text: "cc" },
  ]);
});

it("gives null for a line that is no UTF-8, and only for that", async () => {
  const bytes = Buffer.concat([encode("ä\n"), Buffer.from([0xff, 0xfe, 10]), encode("ö\n")]);
  expect((await seen(bytes, 3)).map(({ text }) => text)).toEqual(["ä", null, "ö"]);
});

it("sees the same lines however the bytes arrive", async () => {
  // Chunks of the size of a block become blocks as they are.
  const steps = fc.oneof(fc.constant(16), fc.integer({ min: 1, max: 50 }));
  const line = fc.oneof(fc.string({ maxLength: 40 }), fc.constant(""), fc.string({ unit: "grapheme", maxLength: 8 }));
  await fc.assert(
    fc.asyncProperty(fc.array(line), steps, fc.boolean(), async (lines, step, closed) => {
      const clean = lines.map((text) => text.replaceAll(/[\r\n\uFEFF]/g, "").toWellFormed());
      const bytes = encode(clean.join("\n") + (closed ? "\n" : ""));
      const expected = clean
        .map((text, index) => ({ number: index + 1, text }))
        .filter(({ text }) => !/^[ \t]*$/.test(text));
      expect(await seen(bytes, step, { blockBytes: 16, lineBytes: 1024 })).toEqual(expected);
    }),
  );
});

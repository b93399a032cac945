import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { type GunzipOutcome, gunzipChunks } from "./gunzip.ts";

async function unpacked(bytes: Uint8Array, step: number): Promise<GunzipOutcome & { readonly text: string }> {
  const outcome: GunzipOutcome = { damage: null };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  }
  const parts: Uint8Array[] = [];
  for await (const part of gunzipChunks(chunks(), outcome)) parts.push(part);
  return { text: Buffer.concat(parts).toString(), damage: outcome.damage };
}

const first = Array.from({ length: 400 }, (_, index) => `line ${index} ${Math.sin(index)}\n`).join("");
const second = "the second member\n";

it("reads several members, wherever the chunks are cut", async () => {
  const packed = Buffer.concat([gzipSync(first), gzipSync(second)]);
  for (const step of [1, 7, gzipSync(first).length, packed.length]) {
    expect(await unpacked(packed, step)).toEqual({ text: first + second, damage: null });
  }
});

it("gives what comes before the cut and says that there is one", async () => {
  const packed = gzipSync(first);
  const { text, damage } = await unpacked(packed.subarray(0, packed.length - 200), 1000);
  expect(text.length).toBeGreaterThan(first.length / 2);
  expect(first.startsWith(text)).toBe(true);
  expect(damage).not.toBeNull();
});

it("notices a cut in the last bytes, behind all data", async () => {
  const packed = gzipSync(first);
  expect(await unpacked(packed.subarray(0, packed.length - 3), 1000)).toMatchObject({
    text: first,
    damage: expect.any(String),
  });
});

it("gives the members before a damaged one", async () => {
  const damaged = Buffer.concat([gzipSync(first), gzipSync(second)]);
  damaged.fill(0xaa, damaged.length - 20);
  const { text, damage } = await unpacked(damaged, 64);
  expect(text.startsWith(first)).toBe(true);
  expect(damage).not.toBeNull();
});

it("takes padding behind the last member for nothing", async () => {
  const padded = Buffer.concat([gzipSync(second), new Uint8Array(5000)]);
  for (const step of [100, 10_000]) expect((await unpacked(padded, step)).text).toBe(second);
});

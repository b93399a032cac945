import { describe, expect, it } from "vitest";
import { ByteMemo } from "./byte-memo.ts";

describe("numbers of texts by their bytes", () => {
  it("asks once for each text and keeps them apart, however many there are", () => {
    const asked: string[] = [];
    const memo = new ByteMemo((text) => asked.push(text));
    const texts = Array.from({ length: 20_000 }, (_, index) => `r-${index % 7000}`);
    const all = new TextEncoder().encode(texts.join(""));
    let at = 0;
    for (const text of texts) {
      expect(memo.number(all, at, at + text.length)).toBe(1 + Number(text.slice(2)));
      at += text.length;
    }
    expect(asked).toHaveLength(7000);
  });

  it("forgets when too much was met, and asks again", () => {
    const memo = new ByteMemo((text) => Number(text.slice(0, 8)));
    const text = new Uint8Array(1_000).fill(48);
    for (let number = 0; number < 20_000; number++) {
      text.set(new TextEncoder().encode(String(number).padStart(8, "0")));
      expect(memo.number(text, 0, text.length)).toBe(number);
    }
    expect(memo.number(text, 0, 8)).toBe(19_999);
    expect(memo.number(text, 0, 0)).toBe(0);
  });
});

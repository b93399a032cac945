import { describe, expect, it } from "vitest";
import { readAhead } from "./read-ahead.ts";

/** Pieces that end when they are told to. */
function pieces(count: number) {
  const begun: number[] = [];
  const ends = Array.from({ length: count }, () => Promise.withResolvers<number>());
  const work = ends.map(({ promise }, number) => () => {
    begun.push(number);
    return promise;
  });
  return { begun, ends, work };
}

describe("reading ahead", () => {
  it("keeps the order, and begins no more than so many before their turn", async () => {
    const { begun, ends, work } = pieces(5);
    const results = readAhead(work, 2);
    const asked = results.next();
    expect(begun).toEqual([0, 1, 2]);
    for (const [number, { resolve }] of [...ends.entries()].toReversed()) resolve(10 * number);
    expect((await asked).value).toBe(0);
    expect(begun).toEqual([0, 1, 2]);
    const others: number[] = [];
    for await (const result of results) others.push(result);
    expect(others).toEqual([10, 20, 30, 40]);
    expect(begun).toEqual([0, 1, 2, 3, 4]);
  });

  it("ends at a piece that fails, after those before it", async () => {
    const { ends, work } = pieces(3);
    ends[0]?.resolve(1);
    ends[1]?.reject(new Error("no such year"));
    ends[2]?.resolve(3);
    const results = readAhead(work, 2);
    expect((await results.next()).value).toBe(1);
    await expect(results.next()).rejects.toThrow("no such year");
  });

  it("leaves nothing under way where nobody reads on", async () => {
    const { ends, work } = pieces(3);
    ends[0]?.resolve(1);
    const results = readAhead(work, 2);
    await results.next();
    let isLeft = false;
    const left = results.return(undefined).then(() => (isLeft = true));
    ends[1]?.resolve(2);
    await ends[1]?.promise;
    expect(isLeft).toBe(false);
    ends[2]?.reject(new Error("nobody cares"));
    await left;
  });
});

import { MS_PER_DAY } from "@community-stats/contract/days.ts";
import { describe, expect, it } from "vitest";
import { EventColumns } from "./event-columns.ts";
import { FactBatches } from "./fact-batches.ts";

/** Sizes of the appends that events on these days come to, in blocks of ten. */
function appends(count: number, dayOf: (event: number) => number): readonly number[] {
  const batches = new FactBatches({ events: 100, lines: 10, sourceCharacters: 1_000 });
  const sizes: number[] = [];
  const note = ({ events }: { readonly events?: { readonly count: number } }): number => sizes.push(events?.count ?? 0);
  for (let from = 0; from < count; from += 10) {
    const block = new EventColumns(10);
    for (let at = 0; at < 10; at++) block.columns.instant[at] = dayOf(from + at) * MS_PER_DAY;
    block.count = 10;
    for (const batch of batches.add({ events: block.batch() })) note(batch);
  }
  for (const batch of batches.rest()) note(batch);
  return sizes;
}

describe("batches of events", () => {
  it("are full ones as long as each touches few days", () => {
    expect(appends(350, (event) => Math.floor(event / 3))).toEqual([100, 100, 100, 50]);
  });

  it("are gathered for longer where they are spread over many days, up to a limit", () => {
    expect(appends(1_250, (event) => (event * 7) % 365)).toEqual([500, 500, 250]);
  });

  it("end as soon as their days are dense enough", () => {
    expect(appends(400, (event) => event % 70)).toEqual([200, 200]);
  });
});

import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { describe, expect, it } from "vitest";
import { openOracle, type OracleQuery, type World } from "../oracle/oracle.ts";
import { arrivals, LINE_KINDS, type Batch, type LineKind } from "./arrivals.ts";
import { firstWrongAnswer } from "./answers.ts";
import { differences, firstDifference, oracleOf } from "./comparison.ts";
import { shrunk, sizeOf } from "./shrink.ts";
import type { SystemUnderTest } from "./system.ts";
import { seededWorld } from "./worlds.ts";

const SETTINGS = { breakdowns: DEFAULT_BREAKDOWNS, topLimit: 20 };
const SEEDS = Array.from({ length: 24 }, (_, index) => 5000 + index);

/** A system that answers from the oracle, to try the harness itself. */
function answering(batches: readonly Batch[], forget: (kind: LineKind, line: unknown) => boolean): SystemUnderTest {
  const lines = (kind: LineKind) =>
    batches
      .filter((batch) => batch.kind === kind)
      .flatMap((batch) => batch.lines.map((line): unknown => JSON.parse(line)))
      .filter((line) => !forget(kind, line));
  const [communities = [], records = [], memberships = [], events = []] = LINE_KINDS.map(lines);
  const oracle = openOracle({ communities, records, memberships, events });
  return {
    ingestLines: () => Promise.resolve(),
    aggregate: () => Promise.resolve(),
    documents: (query: OracleQuery) => Promise.resolve(oracle.documents(query)),
    answer: () => Promise.resolve(null),
    useOfRecords: () => Promise.resolve([]),
    reconfigure: () => Promise.resolve(),
    digest: () => Promise.resolve(""),
    close: () => Promise.resolve(),
  };
}

const isView = (kind: LineKind, line: unknown) => kind === "events" && JSON.stringify(line).includes("record-view");

function lost(world: World): Promise<string | null> {
  const system = answering(arrivals(world, 1), isView);
  return firstDifference(system, oracleOf(world, SETTINGS), { ...seededWorld(5004), world, digests: new Map() });
}

describe("the oracle", () => {
  it.each(SEEDS)("does not depend on order, split or repetition of the lines of seed %i", async (seed) => {
    const seeded = seededWorld(seed);
    const system = answering(arrivals(seeded.world, seed), () => false);
    expect(await firstDifference(system, oracleOf(seeded.world, SETTINGS), seeded)).toBeNull();
  });
});

describe("the harness", () => {
  it("makes the same world of the same seed", () => {
    expect(seededWorld(7)).toEqual(seededWorld(7));
    expect(arrivals(seededWorld(7).world, 7)).toEqual(arrivals(seededWorld(7).world, 7));
  });

  it("finds a system that forgets views and says where", async () => {
    const seeded = seededWorld(5004);
    const system = answering(arrivals(seeded.world, 1), isView);
    const difference = await firstDifference(system, oracleOf(seeded.world, SETTINGS), seeded);
    expect(difference).toMatch(/community-usage-delta of "global"[^]*\.totals\.view/);
  });

  it("finds a system that gives documents and no other answers", async () => {
    const seeded = seededWorld(5004);
    const [system, oracle] = [answering(arrivals(seeded.world, 1), () => false), oracleOf(seeded.world, SETTINGS)];
    expect(await firstDifference(system, oracle, seeded)).toBeNull();
    expect(await firstWrongAnswer(system, oracle, { seeded, settings: SETTINGS })).toMatch(/ as columns of .* differs/);
  });

  it("leaves little of a world that fails", async () => {
    const small = await shrunk(seededWorld(5004).world, async (world) => (await lost(world)) !== null, 60);
    expect(sizeOf(small)).toBeLessThan(6);
  });

  it("names the paths that differ, items by their id", () => {
    const expected = {
      a: [
        { id: "x", n: 1 },
        { id: "y", n: 2 },
      ],
      b: 1,
    };
    const found = { a: [{ id: "y", n: 3 }], b: 1 };
    expect(differences(expected, found)).toEqual([
      '.a["x"]: expected {"id":"x","n":1}, found null',
      '.a["y"].n: expected 2, found 3',
    ]);
  });
});

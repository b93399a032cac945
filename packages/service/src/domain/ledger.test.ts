import { RECORD_COUNTERS } from "@community-stats/contract/counters.ts";
import { BASES } from "@community-stats/contract/metrics.ts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowsBySets } from "../../test/ledger-by-sets.ts";
import { checkpointsOf, instant, rowsOf, worldOf, type Counters, type WorldRecord } from "../../test/ledger-world.ts";
import { DAY, START, worlds } from "../../test/ledger-arbitraries.ts";
import { Ledger } from "./ledger.ts";

const day = (text: string) => instant(text) / DAY;

const cases = BASES.flatMap((basis) => [null, "A", "B"].map((community) => ({ basis, community })));

function bookOf(records: readonly WorldRecord[], community: string | null, basis: (typeof BASES)[number]) {
  const world = worldOf(records);
  const ledger = new Ledger(world.history, { checkpointRows: 1 });
  const code = world.communities.indexOf(community ?? "");
  const book = ledger.book(community === null ? { kind: "global" } : { kind: "community", code }, basis);
  return { book, world };
}

function sumOf(rows: readonly Counters[]): Counters {
  const sum: Counters = {};
  for (const name of RECORD_COUNTERS) {
    const total = rows.reduce((before, row) => before + (row[name] ?? 0), 0);
    if (total > 0) sum[name] = total;
  }
  return sum;
}

describe("ledger", () => {
  it.each(cases)("counts as sets do: $community, basis $basis", ({ community, basis }) => {
    fc.assert(
      fc.property(worlds, (records) => {
        fc.pre(community === null || records.some((one) => one.memberships.some((two) => two.community === community)));
        const { book, world } = bookOf(records, community, basis);
        expect(rowsOf(book, world)).toEqual(rowsBySets(records, community, basis));
      }),
      { numRuns: 300 },
    );
  });

  it("gives the same book twice and in any order of input", () => {
    fc.assert(
      fc.property(worlds, (records) => {
        const { book, world } = bookOf(records, null, "created");
        const turned = bookOf(records.toReversed(), null, "created");
        expect(rowsOf(turned.book, turned.world)).toEqual(rowsOf(book, world));
        const ledger = new Ledger(world.history, { checkpointRows: 1 });
        ledger.book({ kind: "global" }, "published");
        expect(ledger.book({ kind: "global" }, "created")).toEqual(book);
      }),
    );
  });

  it("books bases together only where their books are the same", () => {
    fc.assert(
      fc.property(worlds, (records) => {
        const world = worldOf(records);
        const ledger = new Ledger(world.history);
        for (const code of world.communities.keys()) {
          const scope = { kind: "community", code } as const;
          const groups = ledger.bases(scope);
          expect(groups.flat()).toEqual([...BASES]);
          for (const [first, ...others] of groups) {
            const book = ledger.book(scope, first);
            for (const other of others) expect(ledger.book(scope, other)).toEqual(book);
          }
        }
      }),
    );
  });

  it("books added and created together where every record joined at its creation, and in the whole repository", () => {
    const together = [["added", "created"], ["published"]];
    expect(basesOf([joined("r1", START), joined("r2", START)])).toEqual(together);
    expect(basesOf([joined("r1", START), joined("r2", START + 1)])).toEqual(BASES.map((basis) => [basis]));
    expect(new Ledger(worldOf([joined("r1", START + 1)]).history).bases({ kind: "global" })).toEqual(together);
  });

  it("keeps sums at the end of each year, never negative", () => {
    fc.assert(
      fc.property(worlds, (records) => {
        const { book, world } = bookOf(records, null, "published");
        const rows = Object.entries(rowsOf(book, world)).map(([key, row]) => ({ key: key.split("/"), row }));
        for (const [key, sum] of Object.entries(checkpointsOf(book, world))) {
          const [breakdown, value, year] = key.split("/");
          const until = day(`${year}-12-31`);
          const before = rows.filter(
            (one) => one.key[0] === breakdown && one.key[1] === value && Number(one.key[2]) <= until,
          );
          expect(sum).toEqual(sumOf(before.map(({ row }) => row)));
          expect((sum.filesAdded ?? 0) - (sum.filesRemoved ?? 0)).toBeGreaterThanOrEqual(0);
          expect((sum.bytesAdded ?? 0) - (sum.bytesRemoved ?? 0)).toBeGreaterThanOrEqual(0);
          expect((sum.worksAdded ?? 0) - (sum.worksRemoved ?? 0)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it("begins on the day of the first active instant", () => {
    const one = { ...plain("r1"), deletions: [{ open: instant("2025-01-01"), close: instant("2025-02-01T12:00:00") }] };
    const { book } = bookOf([{ ...one, created: instant("2025-01-05") }], null, "created");
    expect(book.firstDay).toBe(day("2025-02-01"));
    expect(bookOf([{ ...one, published: null }], null, "published").book).toEqual({
      firstDay: null,
      years: [],
      checkpoints: [],
    });
  });

  it("books a work of thousands of versions in linear time", () => {
    const count = 100_000;
    const records = Array.from({ length: count }, (_, index) => {
      const created = START + index * 3_600_000;
      return {
        ...plain(`r${index}`),
        created,
        deletions: index % 3 === 0 ? [{ open: created + DAY, close: Infinity }] : [],
      };
    });
    const world = worldOf(records);
    const ledger = new Ledger(world.history, { checkpointRows: 1 });
    const before = process.cpuUsage();
    const book = ledger.book({ kind: "global" }, "created");
    // Some 200 ms; looking at all versions for each takes several seconds. Time of the processor, which others on the machine do not add to.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2_000);
    const rows = rowsOf(book, world);
    expect(sumOf(Object.entries(rows).flatMap(([key, row]) => (key.startsWith("//") ? [row] : []))).worksAdded).toBe(1);
  });
});

function plain(id: string): WorldRecord {
  const state = { from: START, parent: "p1", owner: "u1", withFiles: true, files: [], kinds: ["k1"] };
  return { id, created: START, published: null, states: [state], deletions: [], memberships: [] };
}

/** A record that is in one community for good. */
function joined(id: string, open: number): WorldRecord {
  return { ...plain(id), memberships: [{ community: "A", open, close: Infinity }] };
}

function basesOf(records: readonly WorldRecord[]): readonly (readonly string[])[] {
  return new Ledger(worldOf(records).history).bases({ kind: "community", code: 0 });
}

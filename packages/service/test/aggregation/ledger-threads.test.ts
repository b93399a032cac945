import { describe, expect, it } from "vitest";
import { LocalBookkeeper, type Bookkeeper, type ScopeBook } from "../../src/aggregate/bookkeeper.ts";
import { ThreadBookkeeper } from "../../src/aggregate/bookkeeping-thread.ts";
import { canonicalDigest } from "../../src/aggregate/canonical-dump.ts";
import { runLedger } from "../../src/aggregate/ledger.ts";
import type { LedgerScope } from "../../src/domain/ledger.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { instant, worldOf, type WorldRecord } from "../ledger-world.ts";

const COMMUNITIES = 12;
const RECORDS = Array.from({ length: 60 }, (_, index): WorldRecord => {
  const created = instant(`2021-0${1 + (index % 9)}-15T10:00`);
  const state = {
    from: created,
    parent: `p${index % 40}`,
    owner: "u",
    withFiles: false,
    files: [],
    kinds: [`k${index % 5}`],
  };
  return {
    id: `r${index}`,
    created,
    published: null,
    states: [state],
    deletions: [],
    memberships: [{ community: `c${index % COMMUNITIES}`, open: created, close: Infinity }],
  };
});
const SCOPES: readonly LedgerScope[] = [
  { kind: "global" },
  ...Array.from({ length: COMMUNITIES + 1 }, (_, code) => ({ kind: "community", code }) as const),
];

async function allBooks(keeper: Bookkeeper): Promise<readonly (readonly ScopeBook[])[]> {
  const books: (readonly ScopeBook[])[] = [];
  for (const scope of SCOPES) books.push(await keeper.book(scope));
  await keeper.close();
  return books;
}

async function digestOf(workers: number): Promise<string> {
  const { facts, rollups } = openMemory({ clock: Date.now });
  const { history } = worldOf(RECORDS);
  const { id } = await rollups.createGeneration("test", "{}");
  const outcome = await runLedger({
    facts,
    rollups,
    generation: id,
    history,
    labels: [],
    workers,
    definition: "",
    again: "all",
  });
  expect(outcome).toMatchObject({ failures: [], complete: true });
  return await canonicalDigest(rollups, id);
}

describe("ledger threads", () => {
  it("book what the main thread books", async () => {
    const { history } = worldOf(RECORDS);
    const local = await allBooks(new LocalBookkeeper(history, {}));
    expect(await allBooks(new ThreadBookkeeper({ history, options: {} }))).toEqual(local);
    expect(local.flat().some(({ book }) => book.years.length > 0)).toBe(true);
  });

  it("give the same rollups whatever their number", async () => {
    expect(await digestOf(3)).toBe(await digestOf(1));
  });

  it("tell of a thread that breaks, and do not wait for it", async () => {
    const { history } = worldOf(RECORDS);
    const keeper = new ThreadBookkeeper({ history: { ...history, values: JSON.parse("null") }, options: {} });
    await expect(keeper.book({ kind: "global" })).rejects.toThrow(/null|ended with code/);
    await expect(keeper.book({ kind: "global" })).rejects.toThrow(/null|ended with code/);
    await keeper.close();
  });
});

import { MS_PER_DAY, type DayNumber } from "@community-stats/contract/days.ts";
import { describe, expect, it } from "vitest";
import { runLedger } from "../../src/aggregate/ledger.ts";
import { firstDayOfYear } from "../../src/domain/periods.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Generation } from "../../src/engine/rollup-store.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import type { TableSource } from "../../src/query/reading.ts";
import { ALL_RECORDS, readTable, type Table } from "../../src/query/table.ts";
import { instant, worldOf, type WorldRecord } from "../ledger-world.ts";

const YEARS = [2019, 2020, 2021, 2022, 2023, 2024];
const KINDS = ["records-added", "records-created", "records-published"] as const;

/** Records of every year, in two communities, edited and deleted in later years. */
const RECORDS = YEARS.flatMap((year, number) =>
  Array.from({ length: 6 }, (_, index): WorldRecord => {
    const created = instant(`${year}-0${index + 1}-15T10:00`);
    const state = {
      from: created,
      parent: `p${number}-${index % 4}`,
      owner: `u${index}`,
      withFiles: index % 2 === 0,
      files: index % 2 === 0 ? [{ key: "a", bytes: 100 * index + number, type: index > 2 ? "pdf" : "csv" }] : [],
      kinds: [`k${index % 3}`],
    };
    return {
      id: `r${number}-${index}`,
      created,
      published: Math.floor(created / MS_PER_DAY) - 200 * index,
      states: [state, { ...state, from: created + 500 * MS_PER_DAY, kinds: ["k0", `k${number}`], withFiles: true }],
      deletions: index === 5 ? [{ open: created + 700 * MS_PER_DAY, close: Infinity }] : [],
      memberships: [
        { community: "A", open: created, close: Infinity },
        { community: "B", open: created + 100 * MS_PER_DAY, close: created + 900 * MS_PER_DAY },
      ].slice(index % 2),
    };
  }),
);

interface Booked {
  readonly engine: Engine;
  readonly generation: Generation;
}

async function booked(checkpointRows: number): Promise<Booked> {
  const engine = openMemory({ clock: Date.now });
  const { facts, rollups } = engine;
  const { history } = worldOf(RECORDS);
  const generation = await rollups.createGeneration("test", "{}");
  const outcome = await runLedger({
    facts,
    rollups,
    generation: generation.id,
    history,
    labels: [],
    checkpointRows,
    definition: "",
    again: "all",
  });
  expect(outcome).toMatchObject({ scopes: 3, failures: [], complete: true });
  return { engine, generation };
}

interface Asked {
  readonly kind: TableSource["kind"];
  readonly scope: number;
  readonly breakdown: string;
  readonly year: number;
}

async function openingOf({ engine, generation }: Booked, { kind, scope, breakdown, year }: Asked): Promise<Table> {
  const span = { from: firstDayOfYear(year), to: (firstDayOfYear(year + 1) - 1) as DayNumber };
  const reading = { store: engine.rollups, generation, signal: null };
  const source = { kind, scope, breakdown };
  return readTable(reading, { source, span, picks: ALL_RECORDS, openingSince: firstDayOfYear(0) });
}

/** Numbers of a table's opening by value, which do not depend on the order in which values are met. */
function byValue({ codes, opening, width }: Table): Readonly<Record<string, readonly number[]>> {
  const all = codes.map((code, slot) => [code, [...opening.subarray(slot * width, (slot + 1) * width)]] as const);
  return Object.fromEntries(all.filter(([, numbers]) => numbers.some((number) => number !== 0)));
}

const CASES = KINDS.flatMap((kind) => [0, 1, 2].map((scope) => ({ kind, scope })));

describe("checkpoints of the ledger", () => {
  it.each(CASES)("stand for all rows before them: $kind, scope $scope", async ({ kind, scope }) => {
    const often = await booked(1);
    const never = await booked(Infinity);
    for (const breakdown of ["", "kinds", "file_types"]) {
      const place = { kind, scope, breakdown };
      expect(await often.engine.rollups.checkpoint(often.generation.id, place, 2030)).not.toBeNull();
      expect(await never.engine.rollups.checkpoint(never.generation.id, place, 2030)).toBeNull();
      for (const year of [...YEARS, 2030]) {
        const opening = byValue(await openingOf(often, { ...place, year }));
        expect(opening).toEqual(byValue(await openingOf(never, { ...place, year })));
      }
    }
  });

  it("are left out while there are few rows", async () => {
    const { engine, generation } = await booked(1_000);
    const place = { kind: "records-added", scope: 0, breakdown: "" } as const;
    expect(await engine.rollups.checkpoint(generation.id, place, 2030)).toBeNull();
    expect(await engine.rollups.read(generation.id, { ...place, from: 2010, to: 2030 })).not.toHaveLength(0);
  });
});

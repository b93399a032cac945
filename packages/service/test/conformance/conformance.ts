import {
  DEFAULT_BREAKDOWNS,
  OPTIONAL_USAGE_SIDES,
  type Breakdown,
  type RecordSide,
} from "@community-stats/contract/breakdowns.ts";
import { describe, expect, it } from "vitest";
import { expectedDocuments, WORKED_DAYS, WORKED_SCOPES, workedExample } from "../worked-example.ts";
import { arrivals, atOnce, type Batch } from "./arrivals.ts";
import { firstWrongAnswer } from "./answers.ts";
import { answered, documentsDiffer, firstDifference, oracleOf, queriesOf } from "./comparison.ts";
import { printed, shrunk, sizeOf } from "./shrink.ts";
import type { OpenSystem, SystemSettings, SystemUnderTest } from "./system.ts";
import { seededWorld, type SeededWorld } from "./worlds.ts";

const SETTINGS: SystemSettings = { breakdowns: DEFAULT_BREAKDOWNS, topLimit: 20 };
const WORLDS_PER_WAY = 40;
const FIRST_SEED = Number(process.env["CONFORMANCE_SEED"] ?? 1);
/** Columns, categories, series and lists are asked for in two of so many worlds: they are told from the same rollups. */
const WORLDS_PER_ANSWER = 8;
const TIMEOUT_MS = 300_000;
/** A world takes a second or two; on a cluster and a machine that does much else, a minute and more. */
const WORLD_TIMEOUT_MS = 60_000;

/** How the lines of a world reach the system. Each must end in the documents of the oracle. */
type Way = (system: SystemUnderTest, seeded: SeededWorld) => Promise<void>;

const WAYS: Readonly<Record<string, Way>> = {
  "in one batch": async (system, { world, endDate }) => {
    await ingest(system, atOnce(world));
    await system.aggregate({ endDate });
  },
  "every line twice": async (system, { world, endDate }) => {
    await ingest(system, atOnce(world));
    await ingest(system, atOnce(world));
    await system.aggregate({ endDate });
    await ingest(system, atOnce(world));
    await system.aggregate({ endDate });
  },
  "in any order and split": async (system, { world, endDate, seed }) => {
    await ingest(system, arrivals(world, seed));
    await system.aggregate({ endDate });
  },
  "aggregated twice": async (system, { world, endDate, seed }) => {
    await ingest(system, arrivals(world, seed));
    await system.aggregate({ endDate });
    const before = await system.digest();
    await system.aggregate({ endDate });
    expect(await system.digest()).toBe(before);
  },
  "aggregated after each batch, late facts and all": async (system, { world, endDate, seed }) => {
    for (const batch of arrivals(world, seed)) {
      await ingest(system, [batch]);
      await system.aggregate({ endDate });
    }
  },
};

async function ingest(system: SystemUnderTest, batches: readonly Batch[]): Promise<void> {
  for (const { kind, lines } of batches) await system.ingestLines(kind, lines);
}

/** A share of all worlds, so that several processes can work on them at once: part 0 of 2, part 1 of 2. */
export interface Share {
  readonly part: number;
  readonly of: number;
  /** Worlds in each way, of all shares together; 40 where nothing is said here or by CONFORMANCE_WORLDS. */
  readonly worlds?: number;
}

function worldsPerWay({ worlds = WORLDS_PER_WAY }: Share): number {
  return Number(process.env["CONFORMANCE_WORLDS"] ?? worlds);
}

/** Every engine passes all of this. `open` gives a fresh, empty system. */
export function engineConformance(name: string, open: OpenSystem, share: Share): void {
  describe(`${name} conforms to the rules`, { timeout: TIMEOUT_MS + worldsPerWay(share) * WORLD_TIMEOUT_MS }, () => {
    workedExampleCase(open);
    Object.entries(WAYS).forEach(([title, way], index) => worldsCase(open, { title, way, index, share }));
    digestCase(open, share);
    breakdownCase(open, share);
    topLimitCase(open, share);
  });
}

function seedsOf(first: number, count: number, { part, of }: Share): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index).filter((seed) => seed % of === part);
}

function workedExampleCase(open: OpenSystem): void {
  it("gives every document of the worked example", async () => {
    await using system = disposable(await open(SETTINGS));
    await ingest(system, atOnce(workedExample()));
    await system.aggregate({ endDate: WORKED_DAYS.to });
    const queries = queriesOf({ world: workedExample(), scopes: WORKED_SCOPES, windows: [WORKED_DAYS] });
    for await (const { query, found } of answered(system, queries)) {
      const expected: object[] = Object.values(Object(expectedDocuments(query.query, query.scope)));
      expect(documentsDiffer(query, expected, found)).toBeNull();
    }
  });
}

interface WorldsCase {
  readonly title: string;
  readonly way: Way;
  readonly index: number;
  readonly share: Share;
}

function worldsCase(open: OpenSystem, { title, way, index, share }: WorldsCase): void {
  const seeds = seedsOf(FIRST_SEED + index * worldsPerWay(share), worldsPerWay(share), share);
  it(`equals the oracle in ${seeds.length} worlds of seeds ${seeds[0]} to ${seeds.at(-1)}: ${title}`, async () => {
    for (const seed of seeds) {
      const seeded = seededWorld(seed);
      const difference = await tried(open, way, seeded);
      if (difference !== null) throw new Error(await told(open, way, { seeded, difference }));
      expect(difference).toBeNull();
    }
  });
}

/** Null when all documents agree. */
async function tried(open: OpenSystem, way: Way, seeded: SeededWorld): Promise<string | null> {
  await using system = disposable(await open(SETTINGS));
  await way(system, seeded);
  const oracle = oracleOf(seeded.world, SETTINGS);
  const difference = await firstDifference(system, oracle, seeded);
  if (difference !== null || seeded.seed % WORLDS_PER_ANSWER > 1) return difference;
  return await firstWrongAnswer(system, oracle, { seeded, settings: SETTINGS });
}

interface Failure {
  readonly seeded: SeededWorld;
  readonly difference: string;
}

async function told(open: OpenSystem, way: Way, { seeded, difference }: Failure): Promise<string> {
  const [query = ""] = difference.split(" ");
  const small = await shrunk(seeded.world, async (world) => {
    return (await tried(open, way, { ...seeded, world, digests: new Map() }))?.startsWith(query) === true;
  });
  const still = await tried(open, way, { ...seeded, world: small, digests: new Map() });
  const smaller = sizeOf(small) < sizeOf(seeded.world) ? `\nWith only ${sizeOf(small)} lines: ${still}` : "";
  const lines = sizeOf(small) <= 24 ? `\n${printed(small)}` : "";
  return `Seed ${seeded.seed}: ${difference}${smaller}${lines}`;
}

function digestCase(open: OpenSystem, share: Share): void {
  it("derives the same bytes whatever the order, the split and the number of runs", async () => {
    for (const seed of seedsOf(FIRST_SEED, Math.min(10, worldsPerWay(share)), share)) {
      const digests = await Promise.all(
        Object.values(WAYS).map(async (way) => {
          await using system = disposable(await open(SETTINGS));
          await way(system, seededWorld(seed));
          return await system.digest();
        }),
      );
      expect(new Set(digests), `seed ${seed}`).toHaveLength(1);
    }
  });
}

const KINDS: RecordSide = {
  snapshot: "top",
  sources: [{ entries: "metadata.resource_type", id: "id", label: "title" }],
};
/** Subjects and referrers of use switched on, two fields of their own, and a breakdown switched off: no new harvest. */
const CHANGED: readonly Breakdown[] = [
  ...DEFAULT_BREAKDOWNS.filter(({ name }) => name !== "publishers").map((row) => {
    const side = OPTIONAL_USAGE_SIDES[row.name];
    return side === undefined ? row : { ...row, usage: side };
  }),
  {
    name: "titles",
    records: { snapshot: "top", sources: [{ entries: "metadata.title", id: null, label: null }] },
    usage: { from: "record", snapshot: "all", sources: [{ entries: "metadata.title", id: null, label: null }] },
    label: "none",
    multiple: false,
  },
  { name: "kinds", records: KINDS, usage: { from: "record", ...KINDS }, label: "either", multiple: false },
];

function breakdownCase(open: OpenSystem, share: Share): void {
  it("counts a breakdown that was added later", async () => {
    expect(await differenceAfter(open, { breakdowns: CHANGED, topLimit: 20 }, share)).toBeNull();
  });
}

function topLimitCase(open: OpenSystem, share: Share): void {
  it("cuts top lists at the limit", async () => {
    expect(await differenceAfter(open, { breakdowns: DEFAULT_BREAKDOWNS, topLimit: 2 }, share)).toBeNull();
  });
}

async function differenceAfter(open: OpenSystem, changed: SystemSettings, share: Share): Promise<string | null> {
  for (const seed of seedsOf(FIRST_SEED + 1000, Math.min(8, worldsPerWay(share)), share)) {
    const { world, endDate, scopes, windows } = seededWorld(seed);
    await using system = disposable(await open(SETTINGS));
    await ingest(system, atOnce(world));
    await system.aggregate({ endDate });
    await system.reconfigure(changed);
    await system.aggregate({ endDate });
    const difference = await firstDifference(system, oracleOf(world, changed), { world, scopes, windows });
    if (difference !== null) return `Seed ${seed}: ${difference}`;
  }
  return null;
}

function disposable(system: SystemUnderTest): SystemUnderTest & AsyncDisposable {
  return {
    ingestLines: (kind, lines) => system.ingestLines(kind, lines),
    aggregate: (options) => system.aggregate(options),
    documents: (query) => system.documents(query),
    answer: (query, parameters) => system.answer(query, parameters),
    useOfRecords: (range) => system.useOfRecords(range),
    reconfigure: (settings) => system.reconfigure(settings),
    digest: () => system.digest(),
    close: () => system.close(),
    [Symbol.asyncDispose]: () => system.close(),
  };
}

import { createHash } from "node:crypto";
import { USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import { compareCodePoints } from "../domain/code-points.ts";
import { unpackRecordUse, unpackRows } from "../domain/packing.ts";
import { unpackRecordDays, unpackRecordRows } from "../domain/record-packing.ts";
import { ROLLUP_KINDS, type RollupKind, type RollupStore } from "../engine/rollup-store.ts";

const EARLIEST = -10_000_000;
const LATEST = 10_000_000;
const LAST_YEAR = 9999;

interface Place {
  readonly kind: RollupKind;
  readonly scope: number;
  readonly breakdown: string;
}
interface DumpedRow {
  readonly day: number;
  readonly id: string;
  readonly counters: readonly number[];
}

/**
 * A generation as text, the same for the same numbers whatever codes the store gave and in whatever order it was written:
 * one JSON array per line, ascending by scope key, kind, breakdown, day and value id (by code points), then first days and labels.
 * Holds the rows of one (scope, kind, breakdown) at a time.
 */
async function* canonicalDump(rollups: RollupStore, generation: number): AsyncGenerator<string> {
  const names = new Names(rollups);
  const scopes = await names.of("scope");
  const breakdowns = await breakdownNames(rollups, generation);
  for await (const place of placesOf(rollups, generation, { scopes, breakdowns })) {
    const head = [scopes[place.scope] ?? "", place.kind, place.breakdown];
    for (const row of await rowsOf(rollups, generation, { place, names })) yield line(head, row);
    for (const row of await checkpointsOf(rollups, generation, { place, names })) yield line([...head, "up to"], row);
  }
  yield* firstDayLines(rollups, generation, scopes);
  yield* labelLines(rollups, generation, { breakdowns, names });
}

/** Where rows may stand, in order. */
async function* placesOf(
  rollups: RollupStore,
  generation: number,
  { scopes, breakdowns }: { readonly scopes: readonly string[]; readonly breakdowns: readonly string[] },
): AsyncGenerator<Place> {
  const used = new Map<RollupKind, ReadonlySet<number>>();
  for (const kind of ROLLUP_KINDS) used.set(kind, new Set(await rollups.scopes(generation, kind)));
  for (const scope of inOrder(scopes)) {
    const kinds = ROLLUP_KINDS.filter((kind) => used.get(kind)?.has(scope) === true);
    yield* kinds.flatMap((kind) => breakdowns.map((breakdown): Place => ({ kind, scope, breakdown })));
  }
}

/** sha256 of the dump, as hex. */
export async function canonicalDigest(rollups: RollupStore, generation: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const text of canonicalDump(rollups, generation)) hash.update(text).update("\n");
  return hash.digest("hex");
}

interface Wanted {
  readonly place: Place;
  readonly names: Names;
}

async function rowsOf(rollups: RollupStore, generation: number, { place, names }: Wanted): Promise<DumpedRow[]> {
  const parts = await rollups.read(generation, { ...place, from: EARLIEST, to: LATEST });
  const rows: DumpedRow[] = [];
  const ids = await names.ofValues(place);
  const scopeSets = place.kind === "usage-records" ? await names.scopeSets() : [];
  for (const { period, data } of parts) {
    switch (place.kind) {
      case "usage":
        unpackRows(data, USAGE_COUNTERS.length, (key, counters) => {
          rows.push({ day: period, id: ids[key] ?? "", counters: [...counters] });
        });
        break;
      case "usage-records":
        unpackRecordUse(data, USAGE_COUNTERS.length, (record, set, counters) => {
          rows.push({ day: period, id: JSON.stringify([ids[record], scopeSets[set]]), counters: [...counters] });
        });
        break;
      default:
        unpackRecordDays(data, (day, key, counters) => {
          rows.push({ day, id: ids[key] ?? "", counters: [...counters] });
        });
    }
  }
  return rows.toSorted((a, b) => a.day - b.day || compareCodePoints(a.id, b.id));
}

async function checkpointsOf(rollups: RollupStore, generation: number, wanted: Wanted): Promise<DumpedRow[]> {
  const { place, names } = wanted;
  const ids = await names.ofValues(place);
  const rows: DumpedRow[] = [];
  for (let year = LAST_YEAR; ;) {
    const part = await rollups.checkpoint(generation, place, year);
    if (part === null) break;
    const take = (key: number, counters: Float64Array): void => {
      rows.push({ day: part.period, id: ids[key] ?? "", counters: [...counters] });
    };
    if (place.kind === "usage") unpackRows(part.data, USAGE_COUNTERS.length, take);
    else unpackRecordRows(part.data, take);
    year = part.period - 1;
  }
  return rows.toSorted((a, b) => a.day - b.day || compareCodePoints(a.id, b.id));
}

function line(head: readonly string[], { day, id, counters }: DumpedRow): string {
  return JSON.stringify([...head, day, id, ...counters]);
}

async function* firstDayLines(
  rollups: RollupStore,
  generation: number,
  scopes: readonly string[],
): AsyncGenerator<string> {
  for (const kind of ROLLUP_KINDS) {
    const days = await rollups.firstDays(generation, kind);
    const lines = days.map(({ scope, day }) => JSON.stringify(["first day", kind, scopes[scope] ?? "", day]));
    yield* lines.toSorted(compareCodePoints);
  }
}

async function* labelLines(
  rollups: RollupStore,
  generation: number,
  { breakdowns, names }: { readonly breakdowns: readonly string[]; readonly names: Names },
): AsyncGenerator<string> {
  for (const breakdown of breakdowns) {
    if (breakdown === "") continue;
    const spans = await rollups.labels(generation, breakdown);
    const ids = await names.of(`value:${breakdown}`);
    const lines = spans.map(({ value, from, label }) => JSON.stringify(["label", breakdown, ids[value], from, label]));
    yield* lines.toSorted(compareCodePoints);
  }
}

async function breakdownNames(rollups: RollupStore, generation: number): Promise<readonly string[]> {
  const rules = (await rollups.generations()).find(({ id }) => id === generation)?.rules ?? "{}";
  const parsed: { readonly breakdowns?: readonly { readonly name: string }[] } = JSON.parse(rules);
  return ["", ...(parsed.breakdowns ?? []).map(({ name }) => name)].toSorted(compareCodePoints);
}

function inOrder(texts: readonly string[]): number[] {
  return [...texts.keys()].toSorted((a, b) => compareCodePoints(texts[a] ?? "", texts[b] ?? ""));
}

/** Texts of the store's codes, each kind read once. */
class Names {
  readonly #rollups: RollupStore;
  readonly #texts = new Map<string, readonly string[]>();

  constructor(rollups: RollupStore) {
    this.#rollups = rollups;
  }

  async of(kind: string): Promise<readonly string[]> {
    const known = this.#texts.get(kind) ?? (await this.#rollups.terms(kind));
    this.#texts.set(kind, known);
    return known;
  }

  ofValues({ kind, breakdown }: Place): Promise<readonly string[]> {
    if (kind === "usage-records") return this.of("record");
    return breakdown === "" ? Promise.resolve([]) : this.of(`value:${breakdown}`);
  }

  /** Community sets with their codes as keys. */
  async scopeSets(): Promise<readonly (readonly string[])[]> {
    const scopes = await this.of("scope");
    return (await this.of("scopeSet")).map((text) => {
      const codes: readonly number[] = JSON.parse(text);
      return codes.map((code) => scopes[code] ?? "").toSorted(compareCodePoints);
    });
  }
}

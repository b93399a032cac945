import { dayFromNumber, type DayNumber } from "@community-stats/contract/days.ts";
import type {
  CountedDay,
  FirstDay,
  Generation,
  LabelSpan,
  Progress,
  Restatement,
  RollupBlob,
  RollupKind,
  RollupPart,
  RollupRange,
  RollupStore,
} from "../../engine/rollup-store.ts";
import { Terms } from "./terms.ts";

type Address = Omit<RollupRange, "from" | "to">;

/** What one rule version counted. */
class GenerationData {
  readonly blobs = new Map<string, Map<number, Uint8Array>>();
  readonly checkpoints = new Map<string, Map<number, Uint8Array>>();
  readonly counted = new Map<DayNumber, CountedDay>();
  readonly firstDays = new Map<RollupKind, readonly FirstDay[]>();
  labels: readonly LabelSpan[] = [];
  progress: Progress = { through: null, counted: null, recordSeq: -1, updatedAt: null };
}

export class MemoryRollups implements RollupStore {
  readonly #generations = new Map<number, Generation>();
  readonly #data = new Map<number, GenerationData>();
  readonly #terms = new Map<string, Terms>();
  readonly #restatements: Restatement[] = [];
  readonly #extracts = new Map<string, Map<number, Uint8Array>>();
  #lastGeneration = 0;

  async generations(): Promise<readonly Generation[]> {
    return [...this.#generations.values()];
  }

  async createGeneration(ruleVersion: string, rules: string): Promise<Generation> {
    const generation = { id: ++this.#lastGeneration, ruleVersion, rules, live: false };
    this.#generations.set(generation.id, generation);
    this.#data.set(generation.id, new GenerationData());
    return generation;
  }

  async activate(id: number, restatement: Restatement | null): Promise<void> {
    this.#of(id);
    for (const generation of this.#generations.values()) {
      this.#generations.set(generation.id, { ...generation, live: generation.id === id });
    }
    if (restatement !== null) this.#restatements.push(restatement);
  }

  async dropGeneration(id: number): Promise<void> {
    this.#generations.delete(id);
    this.#data.delete(id);
  }

  async restatements(): Promise<readonly Restatement[]> {
    return [...this.#restatements];
  }

  async progress(id: number): Promise<Progress> {
    return this.#of(id).progress;
  }

  async setProgress(id: number, progress: Progress): Promise<void> {
    this.#of(id).progress = progress;
  }

  async countedDays(id: number): Promise<readonly CountedDay[]> {
    return [...this.#of(id).counted.values()].toSorted((a, b) => a.day - b.day);
  }

  async intern(kind: string, texts: readonly string[]): Promise<Int32Array> {
    const terms = this.#kind(kind);
    return Int32Array.from(texts, (text) => terms.intern(text));
  }

  async terms(kind: string, fromCode = 0): Promise<readonly string[]> {
    return this.#kind(kind).texts.slice(fromCode);
  }

  async code(kind: string, text: string): Promise<number> {
    return this.#kind(kind).code(text);
  }

  async replaceUsageDays(id: number, days: readonly CountedDay[], blobs: readonly RollupBlob[]): Promise<void> {
    const data = this.#of(id);
    const replaced = new Set<number>(days.map(({ day }) => day));
    const firstYear = Math.min(...days.map(({ day }) => Number(dayFromNumber(day).slice(0, 4))));
    removeWhere(data.blobs, isUsage, (period) => replaced.has(period));
    removeWhere(data.checkpoints, isUsage, (year) => year >= firstYear);
    for (const day of days) data.counted.set(day.day, day);
    for (const blob of blobs) put(data.blobs, blob);
  }

  async replaceRecords(
    id: number,
    kind: RollupKind,
    scope: number,
    blobs: readonly RollupBlob[],
    checkpoints: readonly RollupBlob[],
  ): Promise<void> {
    const data = this.#of(id);
    const ours = (key: string) => key.startsWith(`${kind} ${scope} `);
    removeWhere(data.blobs, ours, () => true);
    removeWhere(data.checkpoints, ours, () => true);
    for (const blob of blobs) put(data.blobs, blob);
    for (const blob of checkpoints) put(data.checkpoints, blob);
  }

  async writeCheckpoints(id: number, blobs: readonly RollupBlob[]): Promise<void> {
    for (const blob of blobs) put(this.#of(id).checkpoints, blob);
  }

  async replaceFirstDays(id: number, kind: RollupKind, days: readonly FirstDay[]): Promise<void> {
    this.#of(id).firstDays.set(kind, [...days]);
  }

  async replaceLabels(id: number, labels: readonly LabelSpan[]): Promise<void> {
    this.#of(id).labels = [...labels].toSorted((a, b) => a.value - b.value || a.from - b.from);
  }

  async read(id: number, range: RollupRange): Promise<readonly RollupPart[]> {
    const periods = this.#of(id).blobs.get(keyOf(range)) ?? new Map<number, Uint8Array>();
    return [...periods]
      .filter(([period]) => period >= range.from && period <= range.to)
      .map(([period, data]) => ({ period, data }))
      .toSorted((a, b) => a.period - b.period);
  }

  async checkpoint(id: number, address: Address, year: number): Promise<RollupPart | null> {
    const periods = this.#of(id).checkpoints.get(keyOf(address)) ?? new Map<number, Uint8Array>();
    const newest = Math.max(...[...periods.keys()].filter((period) => period <= year));
    const data = periods.get(newest);
    return data === undefined ? null : { period: newest, data };
  }

  async firstDays(id: number, kind: RollupKind): Promise<readonly FirstDay[]> {
    return this.#of(id).firstDays.get(kind) ?? [];
  }

  async labels(id: number, breakdown: string): Promise<readonly LabelSpan[]> {
    return this.#of(id).labels.filter((span) => span.breakdown === breakdown);
  }

  async scopes(id: number, kind: RollupKind): Promise<readonly number[]> {
    const keys = [...this.#of(id).blobs.keys()].map((key) => key.split(" "));
    return [...new Set(keys.filter(([of]) => of === kind).map(([, scope]) => Number(scope)))].toSorted((a, b) => a - b);
  }

  async extracts(definition: string): Promise<ReadonlyMap<number, Uint8Array>> {
    return this.#extracts.get(definition) ?? new Map<number, Uint8Array>();
  }

  async writeExtracts(definition: string, entries: ReadonlyMap<number, Uint8Array>): Promise<void> {
    const known = this.#extracts.get(definition) ?? new Map<number, Uint8Array>();
    for (const [seq, data] of entries) known.set(seq, data);
    this.#extracts.set(definition, known);
  }

  async size(): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {
    this.#data.clear();
  }

  #of(id: number): GenerationData {
    const data = this.#data.get(id);
    if (data === undefined) throw new RangeError(`there is no generation ${id}`);
    return data;
  }

  #kind(kind: string): Terms {
    const terms = this.#terms.get(kind) ?? new Terms();
    this.#terms.set(kind, terms);
    return terms;
  }
}

function keyOf({ kind, scope, breakdown }: Address): string {
  return `${kind} ${scope} ${breakdown}`;
}

function put(into: Map<string, Map<number, Uint8Array>>, blob: RollupBlob): void {
  const periods = into.get(keyOf(blob)) ?? new Map<number, Uint8Array>();
  periods.set(blob.period, blob.data);
  into.set(keyOf(blob), periods);
}

function isUsage(key: string): boolean {
  return key.startsWith("usage ") || key.startsWith("usage-records ");
}

function removeWhere(
  from: Map<string, Map<number, Uint8Array>>,
  keys: (key: string) => boolean,
  periods: (period: number) => boolean,
): void {
  for (const [key, parts] of from) {
    if (!keys(key)) continue;
    for (const period of parts.keys()) if (periods(period)) parts.delete(period);
    if (parts.size === 0) from.delete(key);
  }
}

import { dayFromNumber, yearOf, type DayNumber } from "@community-stats/contract/days.ts";
import type {
  BreakdownExchange,
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
  UsageBatch,
} from "../../engine/rollup-store.ts";
import { blobsOfUse } from "../../engine/usage-blobs.ts";
import { TermTable } from "./term-table.ts";

/** Blobs by series, then by period. */
type Shelf = Map<string, { readonly key: SeriesKey; readonly parts: Map<number, Uint8Array> }>;
type SeriesKey = Pick<RollupBlob, "kind" | "scope" | "breakdown">;

interface Numbers {
  readonly blobs: Shelf;
  readonly checkpoints: Shelf;
  readonly counted: Map<DayNumber, CountedDay>;
  readonly firstDays: Map<RollupKind, readonly FirstDay[]>;
  labels: readonly LabelSpan[];
  progress: Progress;
}

const BEFORE: Progress = { through: null, counted: null, recordSeq: -1, failedScopes: [], updatedAt: null };

/** Rollups in maps. */
export class MemoryRollups implements RollupStore {
  #generations: readonly Generation[] = [];
  #lastGeneration = 0;
  readonly #numbers = new Map<number, Numbers>();
  readonly #restatements: Restatement[] = [];
  readonly #terms = new Map<string, TermTable>();
  readonly #extracts = new Map<string, Map<number, Uint8Array>>();

  generations = async (): Promise<readonly Generation[]> => this.#generations;

  async createGeneration(ruleVersion: string, rules: string): Promise<Generation> {
    const generation = { id: ++this.#lastGeneration, ruleVersion, live: false, rules };
    this.#generations = [...this.#generations, generation];
    return generation;
  }

  async activate(generation: number, restatement: Restatement | null): Promise<void> {
    this.#generations = this.#generations.map((one) => ({ ...one, live: one.id === generation }));
    if (restatement !== null) this.#restatements.push(restatement);
  }

  async exchangeBreakdowns(generation: number, exchange: BreakdownExchange): Promise<void> {
    const [numbers, others] = [this.#of(generation), this.#of(exchange.with)];
    const moves = new Set(exchange.breakdowns);
    exchangeShelves(numbers.blobs, others.blobs, moves);
    exchangeShelves(numbers.checkpoints, others.checkpoints, moves);
    const all = [numbers.labels, others.labels].map((labels) =>
      Map.groupBy(labels, ({ breakdown }) => moves.has(breakdown)),
    );
    const labelsOf = (stay: number, come: number): readonly LabelSpan[] =>
      [...(all[stay]?.get(false) ?? []), ...(all[come]?.get(true) ?? [])].toSorted(
        (a, b) => a.value - b.value || a.from - b.from,
      );
    [numbers.labels, others.labels] = [labelsOf(0, 1), labelsOf(1, 0)];
    const { ruleVersion, rules, restatement } = exchange;
    this.#generations = this.#generations.map((one) => (one.id === generation ? { ...one, ruleVersion, rules } : one));
    if (restatement !== null) this.#restatements.push(restatement);
  }

  async dropGeneration(generation: number): Promise<void> {
    this.#generations = this.#generations.filter((one) => one.id !== generation);
    this.#numbers.delete(generation);
  }

  restatements = async (): Promise<readonly Restatement[]> => [...this.#restatements];

  progress = async (generation: number): Promise<Progress> => this.#of(generation).progress;

  async setProgress(generation: number, progress: Progress): Promise<void> {
    this.#of(generation).progress = progress;
  }

  async countedDays(generation: number): Promise<readonly CountedDay[]> {
    return Array.from(this.#of(generation).counted.values()).toSorted((a, b) => a.day - b.day);
  }

  intern = async (kind: string, texts: readonly string[]): Promise<Int32Array> => this.#table(kind).intern(texts);
  terms = async (kind: string, fromCode = 0): Promise<readonly string[]> => this.#table(kind).texts.slice(fromCode);
  code = async (kind: string, text: string): Promise<number> => this.#table(kind).code(text);

  async replaceUsageDays(generation: number, batch: UsageBatch): Promise<void> {
    const { blobs: shelf, checkpoints, counted } = this.#of(generation);
    const days = batch.days.map(({ day, eventVersion, recordSeq }) => ({ day, eventVersion, recordSeq }));
    const replaced = new Set<number>(days.map(({ day }) => day));
    const firstYear = Math.min(...days.map(({ day }) => yearOf(dayFromNumber(day))));
    removeWhere(shelf, ({ kind }, period) => isUsage(kind) && replaced.has(period));
    removeWhere(checkpoints, ({ kind }, year) => isUsage(kind) && year >= firstYear);
    for (const day of days) counted.set(day.day, day);
    place(shelf, [...blobsOfUse(batch)]);
  }

  // oxlint-disable-next-line eslint/max-params -- the port's signature
  async replaceRecords(
    generation: number,
    kind: RollupKind,
    scope: number,
    blobs: readonly RollupBlob[],
    checkpoints: readonly RollupBlob[],
  ): Promise<void> {
    const numbers = this.#of(generation);
    const ofScope = (key: SeriesKey): boolean => key.kind === kind && key.scope === scope;
    removeWhere(numbers.blobs, ofScope);
    removeWhere(numbers.checkpoints, ofScope);
    place(numbers.blobs, blobs);
    place(numbers.checkpoints, checkpoints);
  }

  async writeCheckpoints(generation: number, blobs: readonly RollupBlob[]): Promise<void> {
    place(this.#of(generation).checkpoints, blobs);
  }

  async replaceFirstDays(generation: number, kind: RollupKind, days: readonly FirstDay[]): Promise<void> {
    this.#of(generation).firstDays.set(kind, [...days]);
  }

  async replaceLabels(generation: number, labels: readonly LabelSpan[]): Promise<void> {
    this.#of(generation).labels = labels.toSorted((a, b) => a.value - b.value || a.from - b.from);
  }

  async read(generation: number, range: RollupRange): Promise<readonly RollupPart[]> {
    const parts = this.#of(generation).blobs.get(seriesOf(range))?.parts ?? new Map<number, Uint8Array>();
    const inside = Array.from(parts).filter(([period]) => period >= range.from && period <= range.to);
    return inside.toSorted(([a], [b]) => a - b).map(([period, data]) => ({ period, data }));
  }

  async checkpoint(
    generation: number,
    series: Omit<RollupRange, "from" | "to">,
    year: number,
  ): Promise<RollupPart | null> {
    const parts = this.#of(generation).checkpoints.get(seriesOf(series))?.parts ?? new Map<number, Uint8Array>();
    const before = Array.from(parts).filter(([period]) => period <= year);
    const [newest] = before.toSorted(([a], [b]) => b - a);
    return newest === undefined ? null : { period: newest[0], data: newest[1] };
  }

  async firstDays(generation: number, kind: RollupKind): Promise<readonly FirstDay[]> {
    return (this.#of(generation).firstDays.get(kind) ?? []).toSorted((a, b) => a.scope - b.scope);
  }

  async labels(generation: number, breakdown: string): Promise<readonly LabelSpan[]> {
    return this.#of(generation).labels.filter((label) => label.breakdown === breakdown);
  }

  async scopes(generation: number, kind: RollupKind): Promise<readonly number[]> {
    const series = Array.from(this.#of(generation).blobs.values());
    const held = series.filter(({ key, parts }) => key.kind === kind && parts.size > 0);
    return Array.from(new Set(held.map(({ key }) => key.scope))).toSorted((a, b) => a - b);
  }

  async extracts(definition: string): Promise<ReadonlyMap<number, Uint8Array>> {
    return new Map(this.#extracts.get(definition));
  }

  async writeExtracts(definition: string, entries: ReadonlyMap<number, Uint8Array>): Promise<void> {
    this.#extracts.set(definition, new Map([...(this.#extracts.get(definition) ?? []), ...entries]));
  }

  async dropExtractsExcept(definitions: readonly string[]): Promise<void> {
    for (const definition of this.#extracts.keys()) {
      if (!definitions.includes(definition)) this.#extracts.delete(definition);
    }
  }

  size = async (): Promise<number> => 0;
  close = async (): Promise<void> => undefined;

  #of(generation: number): Numbers {
    const known = this.#numbers.get(generation);
    if (known !== undefined) return known;
    const numbers: Numbers = {
      blobs: new Map(),
      checkpoints: new Map(),
      counted: new Map(),
      firstDays: new Map(),
      labels: [],
      progress: BEFORE,
    };
    this.#numbers.set(generation, numbers);
    return numbers;
  }

  #table(kind: string): TermTable {
    const known = this.#terms.get(kind);
    if (known !== undefined) return known;
    const table = new TermTable();
    this.#terms.set(kind, table);
    return table;
  }
}

function isUsage(kind: RollupKind): boolean {
  return kind === "usage" || kind === "usage-records";
}

function seriesOf({ kind, scope, breakdown }: SeriesKey): string {
  return JSON.stringify([kind, scope, breakdown]);
}

function place(shelf: Shelf, blobs: readonly RollupBlob[]): void {
  for (const { kind, scope, breakdown, period, data } of blobs) {
    const key = { kind, scope, breakdown };
    const series = shelf.get(seriesOf(key)) ?? { key, parts: new Map<number, Uint8Array>() };
    series.parts.set(period, data);
    shelf.set(seriesOf(key), series);
  }
}

function exchangeShelves(one: Shelf, other: Shelf, moves: ReadonlySet<string>): void {
  const leaving = [one, other].map((shelf) => [...shelf].filter(([, { key }]) => moves.has(key.breakdown)));
  for (const [index, shelf] of [one, other].entries()) {
    for (const [series] of leaving[index] ?? []) shelf.delete(series);
    for (const [series, held] of leaving[1 - index] ?? []) shelf.set(series, held);
  }
}

function removeWhere(shelf: Shelf, matches: (key: SeriesKey, period: number) => boolean): void {
  for (const { key, parts } of shelf.values()) {
    for (const period of parts.keys()) if (matches(key, period)) parts.delete(period);
  }
}

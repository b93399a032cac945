import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { DayNumber } from "@community-stats/contract/days.ts";
import {
  type BreakdownExchange,
  type CountedDay,
  type FirstDay,
  type Generation,
  type LabelSpan,
  type Progress,
  type Restatement,
  ROLLUP_KINDS,
  type RollupBlob,
  type RollupKind,
  type RollupPart,
  type RollupRange,
  type RollupsOfBreakdown,
  type RollupsTogether,
  type RollupStore,
  type StagedUse,
  type UsageBatch,
  type UseSinceCheckpoint,
} from "../../engine/rollup-store.ts";
import { KEPT_MS } from "./brief-memory.ts";
import { SearchRefusedError } from "../../engine/search-errors.ts";
import { nextNumber } from "./documents.ts";
import { Extracts } from "./extracts.ts";
import type { Fence } from "./fence.ts";
import { LAYOUT } from "./generation-directory.ts";
import { Labels } from "./labels.ts";
import type { IndexNames } from "./names.ts";
import { OwnWrites } from "./own-writes.ts";
import type { Requests } from "./requests.ts";
import { RollupStates } from "./rollup-states.ts";
import { SeriesNumbers } from "./series-numbers.ts";
import { SeriesTogether } from "./series-together.ts";
import { settleUse } from "./settled-use.ts";
import { createIndex, WHILE_BUILT, WHILE_READ } from "./templates.ts";
import { TermChain } from "./term-chain.ts";
import { type SinceRequest, UseCheckpoints } from "./use-checkpoints.ts";
import { ATTEMPTS, type NumbersPlace } from "./numbers-place.ts";
import { UseNumbers } from "./use-numbers.ts";
import { yearOfDayNumber } from "./year-manifests.ts";

type Address = Omit<RollupRange, "from" | "to">;

/** The numbers of one generation: an index of its own. */
interface Numbers {
  readonly place: NumbersPlace;
  readonly use: UseNumbers;
  readonly checkpoints: UseCheckpoints;
  readonly series: SeriesNumbers;
  readonly together: SeriesTogether;
  readonly labels: Labels;
}

/** Rollups in OpenSearch. What makes numbers valid is always one document, written last. */
export class OpenSearchRollups implements RollupStore {
  readonly #requests: Requests;
  readonly #names: IndexNames;
  readonly #fence: Fence;
  readonly #extracts: Extracts;
  readonly #terms = new Map<string, TermChain>();
  readonly #numbers = new Map<number, Numbers>();
  readonly #states: RollupStates;

  constructor(requests: Requests, names: IndexNames, fence: Fence) {
    this.#requests = requests;
    this.#names = names;
    this.#fence = fence;
    this.#extracts = new Extracts(requests, names.rollups);
    this.#states = new RollupStates(requests, names, fence);
  }

  generations = (): Promise<readonly Generation[]> => this.#states.generations();
  restatements = (): Promise<readonly Restatement[]> => this.#states.restatements();
  progress = (generation: number): Promise<Progress> => this.#states.progress(generation);
  setProgress = (generation: number, progress: Progress): Promise<void> =>
    this.#states.setProgress(generation, progress);
  firstDays = (generation: number, kind: RollupKind): Promise<readonly FirstDay[]> =>
    this.#states.firstDays(generation, kind);
  replaceFirstDays = (generation: number, kind: RollupKind, days: readonly FirstDay[]): Promise<void> =>
    this.#states.replaceFirstDays(generation, kind, days);

  async createGeneration(ruleVersion: string, rules: string): Promise<Generation> {
    const id = await nextNumber(this.#requests, this.#names.facts, "counter/generations");
    await createIndex(this.#requests, this.#names.numbers(id), WHILE_BUILT);
    const generation = { id, ruleVersion, live: false, rules };
    const { generations } = await this.#states.changeDirectory((before) => ({
      ...before,
      generations: [...before.generations, { ...generation, layout: LAYOUT }],
    }));
    for (const { id: other, layout } of generations) if (layout !== LAYOUT) await this.dropGeneration(other);
    return generation;
  }

  async activate(generation: number, restatement: Restatement | null): Promise<void> {
    const index = this.#names.numbers(generation);
    await this.#requests.send("PUT", `/${index}/_settings`, { body: WHILE_READ });
    // From the first moment on, whoever reads it sees all of it.
    await this.#requests.refresh(index);
    await this.#states.changeDirectory((before) => ({
      ...before,
      generations: before.generations.map((one) => ({ ...one, live: one.id === generation })),
      restatements: restatement === null ? before.restatements : [...before.restatements, restatement],
    }));
  }

  async exchangeBreakdowns(generation: number, exchange: BreakdownExchange): Promise<void> {
    const columns = new Map(exchange.breakdowns.map((name) => [name, `${name}-${exchange.with}`]));
    const [to, from] = [this.#of(generation), this.#of(exchange.with)];
    if (columns.size > 0) {
      await to.use.take(from.use, columns, exchange.with);
      await to.checkpoints.take(from.checkpoints, columns);
      for (const kind of ROLLUP_KINDS) if (!isUse(kind)) await to.series.take(kind, from.series, columns);
      await to.labels.take(from.labels, columns);
      await to.place.seen();
    }
    const { ruleVersion, rules, restatement } = exchange;
    await this.#states.changeDirectory(({ generations, restatements }) => ({
      generations: generations.map((one) => {
        const all = { ...one.columns, ...Object.fromEntries(columns) };
        return one.id === generation ? { ...one, ruleVersion, rules, columns: all } : one;
      }),
      restatements: restatement === null ? restatements : [...restatements, restatement],
    }));
    // Before a day is counted again under the new names, everybody has seen them.
    await pause(KEPT_MS);
  }

  async dropGeneration(generation: number): Promise<void> {
    await this.#states.changeDirectory((before) => ({
      ...before,
      generations: before.generations.filter(({ id }) => id !== generation),
    }));
    this.#numbers.delete(generation);
    await this.#requests.send("DELETE", `/${this.#names.numbers(generation)}`, { accept: [404] });
  }

  async countedDays(generation: number): Promise<readonly CountedDay[]> {
    return await this.#unlessGone(generation, [], async ({ use }) => await use.counted());
  }

  intern = async (kind: string, texts: readonly string[]): Promise<Int32Array> => await this.#chain(kind).intern(texts);
  code = async (kind: string, text: string): Promise<number> => await this.#chain(kind).code(text);

  async terms(kind: string, fromCode = 0): Promise<readonly string[]> {
    return (await this.#chain(kind).texts()).slice(fromCode);
  }

  readonly staged: StagedUse = {
    places: async (generation, days) => await this.#of(generation).use.places(days),
    stage: async (generation, batch, at) => {
      const columns = await this.#states.columns(generation);
      await this.#of(generation).use.stage({ ...batch, breakdowns: batch.breakdowns.map(columns) }, at);
    },
    validate: async (generation, days, at) => await this.#of(generation).use.validate(days, at),
  };

  async replaceUsageDays(generation: number, batch: UsageBatch): Promise<void> {
    const columns = await this.#states.columns(generation);
    await this.#of(generation).use.replace({ ...batch, breakdowns: batch.breakdowns.map(columns) });
  }

  async settleUse(generation: number, days: readonly DayNumber[], mayGoOn: () => boolean): Promise<void> {
    await settleUse(this.#of(generation).use, new Set(days.map(yearOfDayNumber)), mayGoOn);
  }

  async replaceRecords(
    generation: number,
    kind: RollupKind,
    scope: number,
    blobs: readonly RollupBlob[],
    checkpoints: readonly RollupBlob[],
  ): Promise<void> {
    const columns = await this.#states.columns(generation);
    const named = (blob: RollupBlob): RollupBlob => ({ ...blob, breakdown: columns(blob.breakdown) });
    await this.#of(generation).series.replace(kind, scope, blobs.map(named), checkpoints.map(named));
  }

  async writeCheckpoints(generation: number, blobs: readonly RollupBlob[]): Promise<void> {
    const columns = await this.#states.columns(generation);
    const named = blobs.map((blob) => ({ ...blob, breakdown: columns(blob.breakdown) }));
    await this.#of(generation).checkpoints.write(named);
  }

  async replaceLabels(generation: number, labels: readonly LabelSpan[]): Promise<void> {
    const columns = await this.#states.columns(generation);
    const named = labels.map((span) => ({ ...span, breakdown: columns(span.breakdown) }));
    await this.#of(generation).labels.replace(named);
  }

  async labels(generation: number, breakdown: string): Promise<readonly LabelSpan[]> {
    const columns = await this.#states.columns(generation);
    const spans = await this.#unlessGone(generation, [], async ({ labels }) => await labels.of(columns(breakdown)));
    return columns(breakdown) === breakdown ? spans : spans.map((span) => ({ ...span, breakdown }));
  }

  async read(generation: number, range: RollupRange): Promise<readonly RollupPart[]> {
    const columns = await this.#states.columns(generation);
    const named = { ...range, breakdown: columns(range.breakdown) };
    return await this.#unlessGone(generation, [], async ({ use, series }) => {
      return isUse(range.kind) ? await use.read(named) : await series.read(named);
    });
  }

  async readTogether(generation: number, of: RollupsTogether): Promise<ReadonlyMap<string, RollupsOfBreakdown>> {
    const columns = await this.#states.columns(generation);
    const named = { ...of, breakdowns: of.breakdowns.map(columns) };
    const found = await this.#unlessGone(generation, NO_NUMBERS, async ({ checkpoints, together, labels }) => {
      const { numbers, labelsWrite } = await (isUse(of.kind) ? checkpoints : together).read(named);
      labels.saw(labelsWrite);
      return numbers;
    });
    return new Map(of.breakdowns.map((name) => [name, found.get(columns(name)) ?? NOTHING]));
  }

  async checkpoint(generation: number, address: Address, year: number): Promise<RollupPart | null> {
    const columns = await this.#states.columns(generation);
    const named = { ...address, breakdown: columns(address.breakdown) };
    return await this.#unlessGone(generation, null, async ({ checkpoints, series }) => {
      return isUse(address.kind) ? await checkpoints.newest(named, year) : await series.checkpoint(named, year);
    });
  }

  async useSinceCheckpoints(generation: number, of: SinceRequest): Promise<ReadonlyMap<string, UseSinceCheckpoint>> {
    return await this.#unlessGone(generation, new Map(), async ({ checkpoints }) => await checkpoints.since(of));
  }

  async holdingsDigests(generation: number): Promise<ReadonlyMap<number, ReadonlyMap<number, string>>> {
    return await this.#unlessGone(generation, new Map(), async ({ series }) => {
      const scopes = new Map<number, Map<number, string>>();
      for (const kind of HOLDINGS) {
        for (const [scope, years] of await series.digests(kind)) {
          const known = scopes.get(scope) ?? new Map<number, string>();
          for (const [year, digest] of years) known.set(year, `${known.get(year) ?? ""} ${digest}`);
          scopes.set(scope, known);
        }
      }
      return scopes;
    });
  }

  async scopes(generation: number, kind: RollupKind): Promise<readonly number[]> {
    return await this.#unlessGone(generation, [], async ({ use, series }) => {
      return isUse(kind) ? await use.scopes(kind) : await series.scopes(kind);
    });
  }

  dropExtractsExcept = (definitions: readonly string[]): Promise<void> => this.#extracts.dropExcept(definitions);
  extracts = (definition: string): Promise<ReadonlyMap<number, Uint8Array>> => this.#extracts.read(definition);
  writeExtracts = (definition: string, entries: ReadonlyMap<number, Uint8Array>): Promise<void> =>
    this.#extracts.write(definition, entries);

  async size(): Promise<number> {
    const path = `/${this.#names.rollups},${this.#names.numbers(0).replace(/0$/, "*")}/_stats/store`;
    const { body } = await this.#requests.send("GET", path);
    return sizeSchema.parse(body)["_all"].total.store.size_in_bytes;
  }

  close = async (): Promise<void> => undefined;

  /** What a generation has; nothing where it was dropped, perhaps only now: then its reader looks which one is live. */
  async #unlessGone<T>(generation: number, nothing: T, work: (numbers: Numbers) => Promise<T>): Promise<T> {
    if (!(await this.generations()).some(({ id }) => id === generation)) return nothing;
    try {
      return await work(this.#of(generation));
    } catch (error) {
      if (!(error instanceof SearchRefusedError) || error.answered !== 404) throw error;
      this.#states.forget();
      return nothing;
    }
  }

  #of(generation: number): Numbers {
    const known = this.#numbers.get(generation);
    if (known !== undefined) return known;
    const place = this.#place(generation);
    const use = new UseNumbers(place);
    const checkpoints = new UseCheckpoints(place, use);
    const series = new SeriesNumbers(place);
    const [together, labels] = [new SeriesTogether(place), new Labels(place)];
    const numbers = { place, use, checkpoints, series, together, labels };
    this.#numbers.set(generation, numbers);
    return numbers;
  }

  #place(generation: number): NumbersPlace {
    const [requests, index] = [this.#requests, this.#names.numbers(generation)];
    const writes = new OwnWrites(() => requests.refresh(index), this.#fence);
    return {
      requests,
      index,
      fence: this.#fence,
      // Counted beside the facts: rollups may be thrown away and made anew, and what another process remembers must not fit them.
      nextWrite: async () => ATTEMPTS * (await nextNumber(requests, this.#names.facts, "counter/writes")),
      wrote: writes.wrote,
      seen: writes.seen,
    };
  }

  #chain(kind: string): TermChain {
    const known = this.#terms.get(kind);
    if (known !== undefined) return known;
    const chain = new TermChain(this.#requests, { index: this.#names.rollups, kind });
    this.#terms.set(kind, chain);
    return chain;
  }
}

const sizeSchema = z.object({
  _all: z.object({ total: z.object({ store: z.object({ size_in_bytes: z.number() }) }) }),
});

const NO_NUMBERS: ReadonlyMap<string, RollupsOfBreakdown> = new Map();
const NOTHING: RollupsOfBreakdown = { checkpoint: null, parts: [] };
const HOLDINGS = ROLLUP_KINDS.filter((kind) => !isUse(kind));

function isUse(kind: RollupKind): kind is "usage" | "usage-records" {
  return kind === "usage" || kind === "usage-records";
}

import { statSync } from "node:fs";
import { dayFromNumber, type DayNumber } from "@community-stats/contract/days.ts";
import type Database from "better-sqlite3";
import type {
  BreakdownExchange,
  CountedDay,
  DayOfUse,
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
import { logRestatement, takeBreakdowns } from "./breakdown-exchange.ts";
import { Extracts } from "./extracts.ts";
import { ReadMemory } from "./read-memory.ts";
import { RollupStates } from "./rollup-states.ts";
import { type SeriesAddress, SeriesNumbers } from "./series-numbers.ts";
import { type Prepare, statementsOf } from "./statements.ts";
import { addCodes, codeOf, knownCodes, textsFrom } from "./term-codes.ts";
import { replaceUse } from "./usage-replacement.ts";
import { UsageWindows } from "./usage-windows.ts";
import { writing } from "../../engine/writing.ts";

/** Packed rollups in `rollups.sqlite`. A series (scope, kind, breakdown) has a number of its own: its numbers stand together. */
export class EmbeddedRollups implements RollupStore {
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #windows: UsageWindows;
  /** Of what every request asks: which numbers are live, how far they go, and in which windows they stand. */
  readonly #memory: ReadMemory;
  readonly #sql: Prepare;
  readonly #series: SeriesNumbers;
  readonly #states: RollupStates;
  readonly #extracts: Extracts;

  constructor(database: Database.Database, path: string) {
    this.#database = database;
    this.#path = path;
    this.#memory = new ReadMemory(database);
    this.#sql = statementsOf(database);
    this.#series = new SeriesNumbers(this.#sql, this.#memory);
    this.#windows = new UsageWindows(database, this.#memory);
    this.#states = new RollupStates(this.#sql, this.#memory);
    this.#extracts = new Extracts(this.#sql);
  }

  async generations(): Promise<readonly Generation[]> {
    return this.#states.generations();
  }

  async createGeneration(ruleVersion: string, rules: string): Promise<Generation> {
    return await this.#write(() => this.#states.addGeneration(ruleVersion, rules));
  }

  async activate(generation: number, restatement: Restatement | null): Promise<void> {
    await this.#write(() => {
      this.#states.activate(generation);
      if (restatement !== null) logRestatement(this.#sql, restatement);
    });
  }

  async exchangeBreakdowns(generation: number, exchange: BreakdownExchange): Promise<void> {
    await this.#write(() => takeBreakdowns(this.#sql, generation, exchange));
  }

  async dropGeneration(generation: number): Promise<void> {
    await this.#write(() => {
      const series = this.#sql("SELECT id FROM series WHERE generation = ? AND kind = 'usage'").pluck();
      for (const id of series.all(generation) as number[]) this.#windows.removeSeries(id);
      for (const table of ["rollup", "checkpoint"]) {
        this.#sql(`DELETE FROM ${table} WHERE series IN (SELECT id FROM series WHERE generation = ?)`).run(generation);
      }
      for (const table of ["series", "counted", "first_day", "label", "progress"]) {
        this.#sql(`DELETE FROM ${table} WHERE generation = ?`).run(generation);
      }
      this.#sql("DELETE FROM generation WHERE id = ?").run(generation);
    });
    this.#series.forget();
  }

  async restatements(): Promise<readonly Restatement[]> {
    return this.#states.restatements();
  }

  async progress(generation: number): Promise<Progress> {
    return this.#states.progress(generation);
  }

  async setProgress(generation: number, progress: Progress): Promise<void> {
    await this.#write(() => this.#states.putProgress(generation, progress));
  }

  async countedDays(generation: number): Promise<readonly CountedDay[]> {
    return this.#sql(
      "SELECT day, event_version AS eventVersion, record_seq AS recordSeq FROM counted WHERE generation = ? ORDER BY day",
    ).all(generation) as CountedDay[];
  }

  async intern(kind: string, texts: readonly string[]): Promise<Int32Array> {
    return knownCodes(this.#sql, kind, texts) ?? (await this.#write(() => addCodes(this.#sql, kind, texts)));
  }

  async terms(kind: string, fromCode = 0): Promise<readonly string[]> {
    // Whoever asks again asks for what is new since then: nothing, until something is written.
    return this.#memory.of(`terms ${kind} ${fromCode}`, () => textsFrom(this.#sql, kind, fromCode));
  }

  async code(kind: string, text: string): Promise<number> {
    return codeOf(this.#sql, kind, text);
  }

  async replaceUsageDays(generation: number, batch: UsageBatch): Promise<void> {
    const { days, globalScope } = batch;
    const firstYear = Math.min(...days.map(({ day }) => Number(dayFromNumber(day).slice(0, 4))));
    await this.#write(() => {
      const counted = this.#countedSet(generation);
      const ofUse = "SELECT id FROM series WHERE generation = ? AND kind = 'usage'";
      this.#sql(`DELETE FROM checkpoint WHERE series IN (${ofUse}) AND period >= ?`).run(generation, firstYear);
      const stored = (): readonly number[] => this.#sql(ofUse).pluck().all(generation) as number[];
      const seriesOf = (scope: number, breakdown: string): number =>
        this.#series.findOrAdd(generation, { kind: "usage", scope, breakdown });
      replaceUse({ windows: this.#windows, batch, counted, stored, seriesOf });
      this.#putRecordUse(
        this.#series.findOrAdd(generation, { kind: "usage-records", scope: globalScope, breakdown: "" }),
        days,
      );
      const count = this.#sql("INSERT OR REPLACE INTO counted VALUES (?, ?, ?, ?)");
      for (const { day, eventVersion, recordSeq } of days) count.run(generation, day, eventVersion, recordSeq);
    });
  }

  #putRecordUse(series: number, days: readonly DayOfUse[]): void {
    const put = this.#sql("INSERT OR REPLACE INTO rollup VALUES (?, ?, ?)");
    const remove = this.#sql("DELETE FROM rollup WHERE series = ? AND period = ?");
    for (const { day, records } of days) {
      if (records.length > 0) put.run(series, day, records);
      else remove.run(series, day);
    }
  }

  async replaceRecords(
    generation: number,
    kind: RollupKind,
    scope: number,
    blobs: readonly RollupBlob[],
    checkpoints: readonly RollupBlob[],
  ): Promise<void> {
    await this.#write(() => {
      const find = this.#sql("SELECT id FROM series WHERE generation = ? AND kind = ? AND scope = ?").pluck();
      for (const id of find.all(generation, kind, scope)) {
        this.#sql("DELETE FROM rollup WHERE series = ?").run(id);
        this.#sql("DELETE FROM checkpoint WHERE series = ?").run(id);
      }
      this.#put(generation, "rollup", blobs);
      this.#put(generation, "checkpoint", checkpoints);
    });
  }

  async writeCheckpoints(generation: number, blobs: readonly RollupBlob[]): Promise<void> {
    await this.#write(() => this.#put(generation, "checkpoint", blobs));
  }

  async replaceFirstDays(generation: number, kind: RollupKind, days: readonly FirstDay[]): Promise<void> {
    await this.#write(() => this.#states.putFirstDays(generation, kind, days));
  }

  async replaceLabels(generation: number, labels: readonly LabelSpan[]): Promise<void> {
    await this.#write(() => {
      this.#sql("DELETE FROM label WHERE generation = ?").run(generation);
      const add = this.#sql("INSERT OR REPLACE INTO label VALUES (?, ?, ?, ?, ?)");
      for (const { breakdown, value, from, label } of labels) add.run(generation, breakdown, value, from, label);
    });
  }

  async read(generation: number, { from, to, ...address }: RollupRange): Promise<readonly RollupPart[]> {
    this.#series.followExchanges();
    const id = this.#series.find(generation, address);
    if (id === undefined) return [];
    if (address.kind === "usage") return this.#windows.read(id, from, to);
    const select = this.#sql(
      "SELECT period, data FROM rollup WHERE series = ? AND period BETWEEN ? AND ? ORDER BY period",
    );
    return select.all(id, from, to) as RollupPart[];
  }

  async checkpoint(generation: number, address: SeriesAddress, year: number): Promise<RollupPart | null> {
    this.#series.followExchanges();
    const id = this.#series.find(generation, address);
    if (id === undefined) return null;
    const select = this.#sql(
      "SELECT period, data FROM checkpoint WHERE series = ? AND period <= ? ORDER BY period DESC LIMIT 1",
    );
    return (select.get(id, year) as RollupPart | undefined) ?? null;
  }

  async firstDays(generation: number, kind: RollupKind): Promise<readonly FirstDay[]> {
    return this.#states.firstDays(generation, kind);
  }

  async labels(generation: number, breakdown: string): Promise<readonly LabelSpan[]> {
    return this.#sql(
      'SELECT breakdown, value, start AS "from", label FROM label WHERE generation = ? AND breakdown = ? ORDER BY value, start',
    ).all(generation, breakdown) as LabelSpan[];
  }

  async scopes(generation: number, kind: RollupKind): Promise<readonly number[]> {
    const select = this.#sql("SELECT id, scope FROM series WHERE generation = ? AND kind = ? ORDER BY scope");
    const any = this.#sql("SELECT 1 FROM rollup WHERE series = ? LIMIT 1").pluck();
    const isUsed = (id: number): boolean => (kind === "usage" ? this.#windows.has(id) : any.get(id) !== undefined);
    const used = (select.all(generation, kind) as { id: number; scope: number }[]).filter(({ id }) => isUsed(id));
    return [...new Set(used.map(({ scope }) => scope))];
  }

  async extracts(definition: string): Promise<ReadonlyMap<number, Uint8Array>> {
    return this.#extracts.read(definition);
  }

  async writeExtracts(definition: string, entries: ReadonlyMap<number, Uint8Array>): Promise<void> {
    await this.#write(() => this.#extracts.put(definition, entries));
  }

  async dropExtractsExcept(definitions: readonly string[]): Promise<void> {
    await this.#write(() => this.#extracts.dropExcept(definitions));
  }

  async size(): Promise<number> {
    return statSync(this.#path).size;
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  async #write<T>(work: () => T): Promise<T> {
    try {
      return await writing(this.#path, () => this.#transaction(work));
    } catch (error) {
      // Series that the transaction made are gone with it; their numbers must not be remembered.
      this.#series.forget();
      throw error;
    }
  }

  #transaction<T>(work: () => T): T {
    const followed = (): T => {
      this.#series.followExchanges();
      return work();
    };
    try {
      return this.#database.transaction(followed).immediate();
    } finally {
      this.#memory.forget();
    }
  }

  #countedSet(generation: number): ReadonlySet<DayNumber> {
    const days = this.#sql("SELECT day FROM counted WHERE generation = ?").pluck().all(generation);
    return new Set(days as DayNumber[]);
  }

  #put(generation: number, table: "rollup" | "checkpoint", blobs: readonly RollupBlob[]): void {
    const put = this.#sql(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?)`);
    const placed = blobs.map((blob) => ({ id: this.#series.findOrAdd(generation, blob), blob }));
    placed.sort((a, b) => a.id - b.id || a.blob.period - b.blob.period);
    for (const { id, blob } of placed) put.run(id, blob.period, blob.data);
  }
}

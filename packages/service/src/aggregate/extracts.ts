import { PackReader, PackWriter } from "../domain/packing.ts";
import { ValueReader } from "../domain/values.ts";
import type { StoredRecordLine } from "../engine/facts.ts";
import type { RollupStore } from "../engine/rollup-store.ts";
import { RollupTerms } from "./rollup-terms.ts";
import { extractDefinition, type ValuePlan } from "./value-columns.ts";

/** Visits the values of a line, column by column; `label` is a code of rollup terms "label", or -1. */
export type ExtractVisitor = (column: number, value: number, label: number) => void;

/** Visits a packed extract: per column the number of values, then each value and its label. */
export function readExtract(data: Uint8Array, columns: number, visit: ExtractVisitor): void {
  const reader = new PackReader(data);
  for (let column = 0; column < columns; column++) {
    const count = reader.varint();
    for (let index = 0; index < count; index++) visit(column, reader.varint(), reader.varint() - 1);
  }
}

/**
 * The values of record lines as codes. What was extracted once is kept in the rollup store by the line's `seq`, so that a line's
 * source is decompressed and parsed only when it is new or when a breakdown has changed.
 */
export class Extracts {
  readonly #rollups: RollupStore;
  readonly #plans: readonly ValuePlan[];
  readonly #readers: readonly ValueReader[];
  readonly #definition: string;
  readonly #known: ReadonlyMap<number, Uint8Array>;
  readonly #values: readonly RollupTerms[];
  readonly #labels: RollupTerms;
  readonly #writer = new PackWriter();

  private constructor(rollups: RollupStore, plans: readonly ValuePlan[], loaded: Loaded) {
    this.#rollups = rollups;
    this.#plans = plans;
    this.#readers = plans.map(({ sources, label }) => new ValueReader(sources, label));
    this.#definition = extractDefinition(plans);
    this.#known = loaded.known;
    this.#values = loaded.values;
    this.#labels = loaded.labels;
  }

  static async open(rollups: RollupStore, plans: readonly ValuePlan[]): Promise<Extracts> {
    const terms = new Map<string, RollupTerms>();
    for (const { breakdown } of plans) {
      const opened = terms.get(breakdown) ?? (await RollupTerms.open(rollups, `value:${breakdown}`));
      terms.set(breakdown, opened);
      // The first of all texts: no value at all.
      opened.want("");
      await opened.settle();
    }
    return new Extracts(rollups, plans, {
      known: await rollups.extracts(extractDefinition(plans)),
      values: plans.flatMap(({ breakdown }) => terms.get(breakdown) ?? []),
      labels: await RollupTerms.open(rollups, "label"),
    });
  }

  notStated(column: number): number {
    return this.code(column, "");
  }

  /** Code of a value that was met in `of`. */
  code(column: number, text: string): number {
    return this.#values[column]?.code(text) ?? 0;
  }

  /** The packed extract of each line; types of files have codes afterwards, too. */
  async of(lines: readonly StoredRecordLine[]): Promise<readonly Uint8Array[]> {
    const found = lines.map((line) => this.#known.get(line.seq) ?? this.#extract(line));
    for (const line of lines) this.#wantTypes(line);
    for (const terms of [...this.#values, this.#labels]) await terms.settle();
    const fresh = new Map<number, Uint8Array>();
    const packed = found.map((extract, index) => {
      if (extract instanceof Uint8Array) return extract;
      const data = this.#pack(extract);
      fresh.set(lines[index]?.seq ?? 0, data);
      return data;
    });
    if (fresh.size > 0) await this.#rollups.writeExtracts(this.#definition, fresh);
    return packed;
  }

  /** The extract with tickets (`RollupTerms.want`) in the places of codes. */
  #extract(line: StoredRecordLine): readonly number[] {
    const metadata: unknown = JSON.parse(line.source());
    const tickets: number[] = [];
    this.#plans.forEach(({ byFile }, column) => {
      const values = byFile ? [] : (this.#readers[column]?.read(metadata) ?? []);
      tickets.push(values.length);
      for (const { id, label } of values) {
        tickets.push(this.#values[column]?.want(id) ?? 0, label === null ? NO_LABEL : this.#labels.want(label));
      }
    });
    return tickets;
  }

  #wantTypes(line: StoredRecordLine): void {
    this.#plans.forEach((plan, column) => {
      if (!plan.byFile) return;
      for (const { type } of line.files) if (type !== null && type !== "") this.#values[column]?.want(type);
    });
  }

  #pack(tickets: readonly number[]): Uint8Array {
    let at = 0;
    for (const values of this.#values) {
      const count = tickets[at++] ?? 0;
      this.#writer.varint(count);
      for (const end = at + 2 * count; at < end; at += 2) {
        const label = tickets[at + 1] ?? NO_LABEL;
        this.#writer.varint(values.codeOf(tickets[at] ?? 0));
        this.#writer.varint(label === NO_LABEL ? 0 : this.#labels.codeOf(label) + 1);
      }
    }
    return this.#writer.take();
  }
}

/** Below every ticket. */
const NO_LABEL = -(2 ** 31);

interface Loaded {
  readonly known: ReadonlyMap<number, Uint8Array>;
  readonly values: readonly RollupTerms[];
  readonly labels: RollupTerms;
}

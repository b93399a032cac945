import { PackReader, PackWriter } from "../domain/packing.ts";
import type { StoredRecordLine } from "../engine/facts.ts";
import type { RollupStore } from "../engine/rollup-store.ts";
import { RollupTerms } from "./rollup-terms.ts";
import type { SourceReading } from "./source-thread.ts";
import type { SourceValues } from "./source-values.ts";
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

/** Lines, and the values of those among them that are new. */
export interface ReadLines {
  readonly lines: readonly StoredRecordLine[];
  readonly fresh: readonly StoredRecordLine[];
  readonly values: SourceValues;
}

interface ExtractTerms {
  /** By column; columns of one breakdown share them. */
  readonly values: readonly RollupTerms[];
  readonly labels: RollupTerms;
}

/**
 * The values of record lines as codes. What was extracted once is kept in the rollup store by the line's `seq`, so that a line's
 * source is decompressed and parsed only when it is new or when a breakdown has changed.
 */
export class Extracts {
  readonly #rollups: RollupStore;
  readonly #plans: readonly ValuePlan[];
  readonly #reading: SourceReading;
  readonly #definition: string;
  readonly #known: ReadonlyMap<number, Uint8Array>;
  readonly #terms: ExtractTerms;
  readonly #writer = new PackWriter();

  private constructor({ rollups, plans, reading }: ExtractSources, loaded: Loaded) {
    this.#rollups = rollups;
    this.#plans = plans;
    this.#reading = reading;
    this.#definition = extractDefinition(plans);
    this.#known = loaded.known;
    this.#terms = loaded.terms;
  }

  static async open(sources: ExtractSources): Promise<Extracts> {
    const { rollups, plans } = sources;
    const opened = new Map<string, RollupTerms>();
    for (const { breakdown } of plans) {
      const terms = opened.get(breakdown) ?? (await RollupTerms.open(rollups, `value:${breakdown}`));
      opened.set(breakdown, terms);
      // The first of all texts: no value at all.
      await terms.codes([""]);
    }
    return new Extracts(sources, {
      known: await rollups.extracts(extractDefinition(plans)),
      terms: {
        values: plans.flatMap(({ breakdown }) => opened.get(breakdown) ?? []),
        labels: await RollupTerms.open(rollups, "label"),
      },
    });
  }

  notStated(column: number): number {
    return this.code(column, "");
  }

  /** Code of a value that was met in `pack`. */
  code(column: number, text: string): number {
    return this.#terms.values[column]?.code(text) ?? 0;
  }

  /** What takes long and needs no other lines: several may be under way. */
  async read(lines: readonly StoredRecordLine[]): Promise<ReadLines> {
    const fresh = lines.filter(({ seq }) => !this.#known.has(seq));
    return { lines, fresh, values: await this.#reading.read(fresh.map((line) => line.packed ?? line.source())) };
  }

  /** The packed extract of each line, one call after the other; types of files have codes afterwards, too. */
  async pack({ lines, fresh, values }: ReadLines): Promise<readonly Uint8Array[]> {
    const packed = this.#packed(values, fresh, await this.#codesOf(values));
    await this.#addTypes(lines);
    if (packed.size > 0) await this.#rollups.writeExtracts(this.#definition, packed);
    return lines.map(({ seq }) => this.#known.get(seq) ?? packed.get(seq) ?? NO_BYTES);
  }

  async #codesOf({ values, labels }: SourceValues): Promise<Codes> {
    const codes: Int32Array[] = [];
    for (const [column, terms] of this.#terms.values.entries()) codes.push(await terms.codes(values[column] ?? []));
    return { values: codes, labels: await this.#terms.labels.codes(labels) };
  }

  async #addTypes(lines: readonly StoredRecordLine[]): Promise<void> {
    const types = new Set<string>();
    for (const { files } of lines) for (const { type } of files) if (type !== null && type !== "") types.add(type);
    for (const [column, { byFile }] of this.#plans.entries()) {
      if (byFile) await this.#terms.values[column]?.codes([...types]);
    }
  }

  #packed(
    { places }: SourceValues,
    fresh: readonly StoredRecordLine[],
    { values, labels }: Codes,
  ): ReadonlyMap<number, Uint8Array> {
    const writer = this.#writer;
    const packed = new Map<number, Uint8Array>();
    let at = 0;
    for (const { seq } of fresh) {
      for (const codes of values) {
        const count = places[at++] ?? 0;
        writer.varint(count);
        for (const end = at + 2 * count; at < end; at += 2) {
          const label = places[at + 1] ?? -1;
          writer.varint(codes[places[at] ?? 0] ?? 0);
          writer.varint(label < 0 ? 0 : (labels[label] ?? 0) + 1);
        }
      }
      packed.set(seq, writer.take());
    }
    return packed;
  }
}
const NO_BYTES = new Uint8Array(0);

export interface ExtractSources {
  readonly rollups: RollupStore;
  readonly plans: readonly ValuePlan[];
  readonly reading: SourceReading;
}

interface Loaded {
  readonly known: ReadonlyMap<number, Uint8Array>;
  readonly terms: ExtractTerms;
}

/** Of the texts of `SourceValues`. */
interface Codes {
  readonly values: readonly Int32Array[];
  readonly labels: Int32Array;
}

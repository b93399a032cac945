import { unpackedSource } from "../engine/packed-source.ts";
import { ValueReader } from "../domain/values.ts";
import type { ValuePlan } from "./value-columns.ts";

/** A metadata source as JSON text, or as the frame that a store keeps of it. */
export type Source = string | Uint8Array;

/** The values of some sources: every text once, and for each source where its texts stand. */
export interface SourceValues {
  /** By column the texts of its values. */
  readonly values: readonly (readonly string[])[];
  /** Of all columns. */
  readonly labels: readonly string[];
  /** Source by source and column by column: the number of values, then for each its place in `values` and in `labels`, or -1. */
  readonly places: Int32Array;
}

/** Reads the values of sources; no state, so that any thread can. */
export class SourceValueReader {
  readonly #readers: readonly (ValueReader | null)[];

  constructor(plans: readonly ValuePlan[]) {
    this.#readers = plans.map(({ byFile, sources, label }) => (byFile ? null : new ValueReader(sources, label)));
  }

  read(sources: readonly Source[]): SourceValues {
    const values = this.#readers.map(() => new TextPlaces());
    const labels = new TextPlaces();
    const places: number[] = [];
    for (const source of sources) {
      const metadata: unknown = JSON.parse(typeof source === "string" ? source : unpackedSource(source));
      this.#readers.forEach((reader, column) => {
        const found = reader?.read(metadata) ?? [];
        places.push(found.length);
        for (const { id, label } of found) {
          places.push(values[column]?.of(id) ?? -1, label === null ? -1 : labels.of(label));
        }
      });
    }
    return { values: values.map(({ texts }) => texts), labels: labels.texts, places: Int32Array.from(places) };
  }
}

/** Numbers texts in the order of their first appearance. */
class TextPlaces {
  readonly texts: string[] = [];
  readonly #places = new Map<string, number>();

  of(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

import { FloatColumn, IntColumn } from "../domain/columns.ts";
import type { LabelSpan } from "../engine/rollup-store.ts";
import { readExtract } from "./extracts.ts";
import { LabelSurvey, type LabelMention } from "./label-spans.ts";
import type { ValuePlan } from "./value-columns.ts";

/** All extracts of a history in one buffer, for the labels: which need a second look once it is known what varies. */
export class ExtractPool {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  readonly #start = new IntColumn();
  readonly #record = new IntColumn();
  readonly #began = new FloatColumn();
  /** First entry of a record that counts, by record code: entries before it were replaced. */
  readonly #firstOf = new Map<number, number>();

  /** The extracts of one record's states; they replace what was given for it before. */
  add(record: number, states: readonly { readonly began: number; readonly extract: Uint8Array }[]): void {
    this.#firstOf.set(record, this.#start.length);
    for (const { began, extract } of states) {
      this.#start.push(this.#length);
      this.#record.push(record);
      this.#began.push(began);
      this.#append(extract);
    }
  }

  /** Label spans of all breakdowns (T11), ascending by breakdown, value and day. */
  labels(plans: readonly ValuePlan[], terms: PoolTerms): readonly LabelSpan[] {
    const names = [...new Set(plans.map(({ breakdown }) => breakdown))];
    const surveys = names.map(() => new LabelSurvey());
    const surveyOf = plans.map(({ breakdown }) => names.indexOf(breakdown));
    this.#each(plans.length, (_, { column, value, label }) => surveys[surveyOf[column] ?? 0]?.note(value, label));
    const mentions: LabelMention[][] = names.map(() => []);
    if (surveys.some((survey) => survey.hasVaried)) {
      this.#each(plans.length, (entry, { column, value, label }) => {
        const number = surveyOf[column] ?? 0;
        if (surveys[number]?.isVaried(value) !== true) return;
        const record = terms.records[this.#record.array[entry] ?? 0] ?? "";
        mentions[number]?.push({ value, label, record, began: this.#began.array[entry] ?? 0 });
      });
    }
    return names.flatMap((breakdown, number) => {
      const spans = surveys[number]?.spans(mentions[number] ?? []) ?? [];
      return spans.map(({ value, from, label }) => ({ breakdown, value, from, label: terms.labels[label] ?? "" }));
    });
  }

  #each(
    columns: number,
    visit: (entry: number, mention: { column: number; value: number; label: number }) => void,
  ): void {
    for (let entry = 0; entry < this.#start.length; entry++) {
      const record = this.#record.array[entry] ?? 0;
      if (entry < (this.#firstOf.get(record) ?? 0)) continue;
      const end = entry + 1 < this.#start.length ? (this.#start.array[entry + 1] ?? 0) : this.#length;
      readExtract(this.#bytes.subarray(this.#start.array[entry] ?? 0, end), columns, (column, value, label) => {
        if (label >= 0) visit(entry, { column, value, label });
      });
    }
  }

  #append(extract: Uint8Array): void {
    if (this.#length + extract.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + extract.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(extract, this.#length);
    this.#length += extract.length;
  }
}

/** Texts by code: of records in the facts, of labels in the rollups. */
export interface PoolTerms {
  readonly records: readonly string[];
  readonly labels: readonly string[];
}

import type { DayNumber } from "@community-stats/contract/days.ts";
import { distinctRows } from "../../engine/event-identity.ts";
import { concatRows, type EventRows, observedRows } from "../../engine/event-rows.ts";
import type { GeneratedDay } from "../../engine/facts.ts";
import type { Inbox } from "./inbox.ts";
import type { Manifest } from "./manifest.ts";
import type { EventFile } from "./event-file.ts";
import type { EventFiles } from "./parquet.ts";

/** A day with generated events: how many, and what is left of it without them. */
export interface PurgedDay extends GeneratedDay {
  readonly observed: EventRows;
  readonly files: readonly EventFile[];
}

/** Finds the generated events of a data folder; only days whose files or inbox are marked are read. */
export class GeneratedEvents {
  readonly #manifest: Manifest;
  readonly #inbox: Inbox;
  readonly #files: EventFiles;

  constructor(parts: { readonly manifest: Manifest; readonly inbox: Inbox; readonly files: EventFiles }) {
    this.#manifest = parts.manifest;
    this.#inbox = parts.inbox;
    this.#files = parts.files;
  }

  async days(): Promise<readonly GeneratedDay[]> {
    const days: GeneratedDay[] = [];
    for await (const { day, count } of this.purged(this.#marked())) days.push({ day, count });
    return days;
  }

  async *purged(days: readonly DayNumber[]): AsyncGenerator<PurgedDay> {
    const marked = new Set(this.#marked());
    for (const day of days) {
      if (!marked.has(day)) continue;
      const files = this.#manifest.files(day);
      const stored = files.length === 0 ? [] : [await this.#files.read(day, files)];
      const rows = distinctRows(concatRows([...stored, this.#inbox.rows(day)]));
      const observed = observedRows(rows);
      if (observed.count < rows.count) yield { day, count: rows.count - observed.count, observed, files };
    }
  }

  #marked(): readonly DayNumber[] {
    return [...new Set([...this.#manifest.generatedDays(), ...this.#inbox.generatedDays()])].toSorted((a, b) => a - b);
  }
}

import { z } from "zod";
import type { DayNumber } from "@community-stats/contract/days.ts";
import type { FirstDay, Generation, Progress, Restatement, RollupKind } from "../../engine/rollup-store.ts";
import { BriefDocuments } from "./brief-documents.ts";
import { changeDocument } from "./documents.ts";
import type { Fence } from "./fence.ts";
import { type Directory, directoryOf, GENERATIONS, LAYOUT } from "./generation-directory.ts";
import type { IndexNames } from "./names.ts";
import type { Requests } from "./requests.ts";

const dayNumber = z.number().transform((day) => day as DayNumber);
const progressSchema = z.object({
  through: dayNumber.nullable(),
  counted: dayNumber.nullable(),
  recordSeq: z.number(),
  failedScopes: z.array(z.number()),
  updatedAt: z.number().nullable(),
});
const firstDaysSchema = z.object({ days: z.array(z.tuple([z.number(), dayNumber])) });

const NEW: Progress = { through: null, counted: null, recordSeq: -1, failedScopes: [], updatedAt: null };

/** What every answer asks first: which generations there are, which one is live, how far it goes. Small documents, remembered for a moment. */
export class RollupStates {
  readonly #requests: Requests;
  readonly #index: string;
  readonly #fence: Fence;
  readonly #memory: BriefDocuments;

  constructor(requests: Requests, names: IndexNames, fence: Fence) {
    this.#requests = requests;
    this.#index = names.rollups;
    this.#fence = fence;
    this.#memory = new BriefDocuments(requests, names.rollups);
  }

  async generations(): Promise<readonly Generation[]> {
    const { generations } = await this.#directory();
    const readable = generations.filter(({ layout }) => layout === LAYOUT);
    return readable.map(({ id, ruleVersion, live, rules }) => ({ id, ruleVersion, live, rules }));
  }

  async restatements(): Promise<readonly Restatement[]> {
    return (await this.#directory()).restatements;
  }

  /** The name under which a breakdown stands. */
  async columns(generation: number): Promise<(breakdown: string) => string> {
    const columns = (await this.#directory()).generations.find(({ id }) => id === generation)?.columns;
    return (breakdown) => columns?.[breakdown] ?? breakdown;
  }

  async changeDirectory(change: (before: Directory) => Directory): Promise<Directory> {
    const source = await changeDocument(this.#requests, { index: this.#index, id: GENERATIONS }, (before) => {
      return { t: "generations", token: this.#fence.pass(before), line: change(directoryOf(before)) };
    });
    this.forget();
    return directoryOf(source);
  }

  async progress(generation: number): Promise<Progress> {
    const line = await this.#line(progressId(generation));
    return line === null ? NEW : progressSchema.parse(line);
  }

  async setProgress(generation: number, progress: Progress): Promise<void> {
    await this.#put(progressId(generation), progress);
  }

  async replaceFirstDays(generation: number, kind: RollupKind, days: readonly FirstDay[]): Promise<void> {
    const rows = days.toSorted((a, b) => a.scope - b.scope).map(({ scope, day }) => [scope, day]);
    await this.#put(firstDaysId(generation, kind), { days: rows });
  }

  async firstDays(generation: number, kind: RollupKind): Promise<readonly FirstDay[]> {
    const line = await this.#line(firstDaysId(generation, kind));
    if (line === null) return [];
    return firstDaysSchema.parse(line).days.map(([scope, day]) => ({ kind, scope, day }));
  }

  /** The next look is a new one. */
  forget(): void {
    this.#memory.forget();
  }

  async #directory(): Promise<Directory> {
    return directoryOf(await this.#memory.source(GENERATIONS));
  }

  /** Null where there is no such document. */
  async #line(id: string): Promise<unknown> {
    const source = await this.#memory.source(id);
    return source === null ? null : source["line"];
  }

  async #put(id: string, line: object): Promise<void> {
    await changeDocument(this.#requests, { index: this.#index, id }, (before) => {
      return { t: "state", token: this.#fence.pass(before), line };
    });
    this.forget();
  }
}

function progressId(generation: number): string {
  return `progress/${generation}`;
}

function firstDaysId(generation: number, kind: RollupKind): string {
  return `first-days/${generation}/${kind}`;
}

import type { QueryPlan } from "../query/plan.ts";
import { type AnswerRequest, isPlanned, type PlannedEntry } from "./answering.ts";
import { type CacheMoment, type CacheSubject, keyText, subjectOf } from "./cache-key.ts";

export interface KnownKey {
  readonly subject: CacheSubject;
  readonly moment: CacheMoment;
  readonly key: string;
}

/** Keys of plans that are asked again and again: writing one costs more than finding what it leads to. */
export class KeyMemory {
  readonly #known = new WeakMap<QueryPlan, Map<string, { readonly entry: PlannedEntry; readonly known: KnownKey }>>();

  /** Null where an answer is not to be kept. */
  of(request: AnswerRequest, moment: CacheMoment): KnownKey | null {
    const [entry, ...more] = request.entries;
    if (entry === undefined || !isPlanned(entry) || more.length > 0 || request.shape !== "bare") {
      return makeKey(request, moment);
    }
    const found = this.#known.get(entry.plan)?.get(request.serializer.id);
    if (found !== undefined && isSame(found.entry, entry) && isSameMoment(found.known.moment, moment))
      return found.known;
    const known = makeKey(request, moment);
    if (known !== null) this.#keep(entry, request.serializer.id, known);
    return known;
  }

  #keep(entry: PlannedEntry, format: string, known: KnownKey): void {
    const formats = this.#known.get(entry.plan) ?? new Map<string, { entry: PlannedEntry; known: KnownKey }>();
    formats.set(format, { entry, known });
    this.#known.set(entry.plan, formats);
  }
}

function makeKey(request: AnswerRequest, moment: CacheMoment): KnownKey | null {
  const subject = subjectOf(request);
  return subject === null ? null : { subject, moment, key: keyText(subject, moment) };
}

function isSame(a: PlannedEntry, b: PlannedEntry): boolean {
  return a.query === b.query && a.parameters === b.parameters && a.scope.key === b.scope.key;
}

function isSameMoment(a: CacheMoment, b: CacheMoment): boolean {
  return a.state === b.state && a.setup === b.setup;
}

import type { EventDocument, EventIndex, EventSource } from "../engine/event-indices.ts";
import { ahead } from "./ahead.ts";
import { copyBatch, isLive, isNewer, withoutKnown } from "./copying.ts";
import { isSameEvent } from "./enriching.ts";
import type { MonthPlan } from "./month-plan.ts";
import { addedIn, cursorName, type MonthWork } from "./month-work.ts";

/** What a comparison of every id found. */
export interface Comparison {
  /** Distinct ids of the sources. */
  readonly compared: number;
  /** Ids that the target did not have, or had otherwise; they are copied again. */
  readonly repaired: number;
  /** Ids of the target that no source has, as far as looked for. */
  readonly surplus: number;
}

export interface CompareOptions {
  /** Up to which number each shard of a source is compared: what arrives later is late, not missing. */
  readonly cursors: Readonly<Record<string, number>>;
  /** After which; nothing stands for all. */
  readonly after?: Readonly<Record<string, number>>;
}

/**
 * Compares every event of the sources with the target: its id, all its fields, and that it is enriched by this configuration. What is missing
 * or differs is copied again. Then ids that only the target has are looked for.
 */
export async function compareAll(work: MonthWork, plan: MonthPlan, options: CompareOptions): Promise<Comparison> {
  let [compared, repaired] = [0, 0];
  await work.indices.refresh(plan.target);
  for (const [rank, source] of plan.sources.entries()) {
    await work.indices.refresh(source.name);
    const prepared = ahead(sourcePages(work, source, options), async (events) => {
      const own = await withoutKnown(work, plan.sources.slice(0, rank), events);
      const ids = own.map(({ id }) => id);
      return { events, own, shown: await work.indices.shown(plan.target, ids) };
    });
    for await (const { events, own, shown } of prepared) {
      await work.admit("compare");
      const bad = differing(work, plan, { own, shown });
      if (bad.length > 0) await copyBatch(work, plan, bad);
      compared += own.length;
      repaired += bad.length;
      work.note(events.length);
    }
  }
  // What the repository writes into the target itself is nowhere else.
  const isAlone = options.after === undefined && !isLive(work, plan);
  const surplus = isAlone ? await surplusIn(work, plan, compared) : 0;
  return { compared, repaired, surplus };
}

async function* sourcePages(
  { indices, limits }: MonthWork,
  source: EventIndex,
  { cursors, after = {} }: CompareOptions,
): AsyncGenerator<readonly EventDocument[]> {
  for (const { shard } of source.shards) {
    const name = cursorName(source, shard);
    const search = { index: source.name, shard, after: after[name] ?? -1, upTo: cursors[name] ?? -1 };
    yield* indices.pages({ ...search, pageSize: limits.batchSize });
  }
}

interface Compared {
  readonly own: readonly EventDocument[];
  /** What the target has, by id. */
  readonly shown: ReadonlyMap<string, EventSource>;
}

function differing(work: MonthWork, plan: MonthPlan, { own, shown }: Compared): readonly EventDocument[] {
  const { configuration } = work.enrichment;
  const isLiveTarget = isLive(work, plan);
  const added = addedIn(plan, work.enrichment);
  return own.filter(({ id, source }) => {
    const there = shown.get(id);
    if (there === undefined) return true;
    if (isLiveTarget && isNewer(there, source)) return false;
    return there["enrichment"] !== configuration || !isSameEvent(source, there, added);
  });
}

/** Only where the numbers allow any: looking for them reads the whole target. */
async function surplusIn(work: MonthWork, plan: MonthPlan, compared: number): Promise<number> {
  const { indices, limits } = work;
  await indices.refresh(plan.target);
  if ((await indices.count(plan.target)) <= compared) return 0;
  let surplus = 0;
  for await (const ids of indices.ids(plan.target, limits.batchSize)) {
    await work.admit("compare");
    let left = ids;
    for (const { name } of plan.sources) {
      const known = left.length === 0 ? new Set<string>() : await indices.known(name, left);
      left = left.filter((id) => !known.has(id));
    }
    surplus += left.length;
  }
  return surplus;
}

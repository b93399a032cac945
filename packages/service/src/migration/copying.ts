import type { EventDocument, EventIndex, EventSource, EventWrite, PresentEvent } from "../engine/event-indices.ts";
import { ahead } from "./ahead.ts";
import { isWritten, type MonthPlan } from "./month-plan.ts";
import { cursorName, enrichAll, type MonthWork } from "./month-work.ts";

/** What a copying has come to; saved after each batch. */
export interface CopyCursors {
  readonly cursors: Readonly<Record<string, number>>;
  readonly copied: number;
}

/**
 * Copies what each source has and had not been copied, batch by batch, in the order in which it was written. A batch that is copied twice
 * ends as if it had been copied once, so a run that died goes on at its cursor. A document can become visible late, behind a greater number:
 * the comparison that follows finds it.
 * @param save keeps the cursors before the next batch begins.
 */
export async function copyNew(
  work: MonthWork,
  plan: MonthPlan,
  { from, save }: { from: CopyCursors; save: (cursors: CopyCursors) => Promise<void> },
): Promise<CopyCursors> {
  let at = from;
  for (const [rank, source] of plan.sources.entries()) {
    await work.indices.refresh(source.name);
    for (const { shard, lastSeqNo } of source.shards) {
      const name = cursorName(source, shard);
      const before = at.cursors[name] ?? -1;
      if (lastSeqNo <= before) continue;
      const search = { index: source.name, shard, after: before, upTo: lastSeqNo, pageSize: work.limits.batchSize };
      const prepared = ahead(work.indices.pages(search), async (events) => {
        const own = await withoutKnown(work, plan.sources.slice(0, rank), events);
        return { events, writes: await enrichedWrites(work, plan, own) };
      });
      for await (const { events, writes } of prepared) {
        await work.admit("copy");
        await work.indices.write(plan.target, writes);
        const position = Math.max(before, events.at(-1)?.seqNo ?? before);
        at = { cursors: { ...at.cursors, [name]: position }, copied: at.copied + events.length };
        await save(at);
        work.note(events.length);
      }
      at = { ...at, cursors: { ...at.cursors, [name]: Math.max(before, finite(lastSeqNo, at.cursors[name])) } };
      await save(at);
    }
  }
  return at;
}

/** Where the cluster did not tell the last number, the one that was reached counts. */
function finite(lastSeqNo: number, reached: number | undefined): number {
  return lastSeqNo === Number.MAX_SAFE_INTEGER ? (reached ?? -1) : lastSeqNo;
}

/** True when a source has anything after its cursor. */
export function hasNew(sources: readonly EventIndex[], cursors: Readonly<Record<string, number>>): boolean {
  return sources.some((source) =>
    source.shards.some(({ shard, lastSeqNo }) => lastSeqNo > (cursors[cursorName(source, shard)] ?? -1)),
  );
}

/** The events that no earlier source has: what several have is taken from the first. */
export async function withoutKnown(
  { indices }: MonthWork,
  earlier: readonly EventIndex[],
  events: readonly EventDocument[],
): Promise<readonly EventDocument[]> {
  let left = events;
  for (const { name } of earlier) {
    const ids = left.map(({ id }) => id);
    const known = ids.length === 0 ? new Set<string>() : await indices.known(name, ids);
    left = left.filter(({ id }) => !known.has(id));
  }
  return left;
}

export async function copyBatch(work: MonthWork, plan: MonthPlan, events: readonly EventDocument[]): Promise<void> {
  await work.indices.write(plan.target, await enrichedWrites(work, plan, events));
}

async function enrichedWrites(
  work: MonthWork,
  plan: MonthPlan,
  events: readonly EventDocument[],
): Promise<readonly EventWrite[]> {
  const sources = await enrichAll(
    work,
    plan,
    events.map(({ source }) => source),
  );
  const enriched = events.map(({ id }, at): EventDocument => ({ id, source: sources[at] ?? {} }));
  return await writesOf(work, plan, enriched);
}

/** The repository may write to the target itself: what is newer there stays. */
async function writesOf(
  work: MonthWork,
  plan: MonthPlan,
  events: readonly EventDocument[],
): Promise<readonly EventWrite[]> {
  if (!isLive(work, plan)) return events.map((event) => ({ ...event, mode: "index" }));
  const present = await work.indices.present(
    plan.target,
    events.map(({ id }) => id),
  );
  return events.flatMap((event, at): readonly EventWrite[] => {
    const there = present[at] ?? null;
    if (there === null) return [{ ...event, mode: "create" }];
    if (isNewer(there.source, event.source)) return [];
    return [{ ...event, mode: "unchanged", seqNo: there.seqNo, term: there.term }];
  });
}

/** The repository writes to the target itself. */
export function isLive({ names }: MonthWork, { existing }: MonthPlan): boolean {
  return existing !== null && isWritten(existing, names);
}

export function isNewer(a: EventSource, b: EventSource): boolean {
  return updatedText(a) > updatedText(b);
}

/** ISO times sort as text; those with a zone are in UTC as well. */
function updatedText({ updated_timestamp, timestamp }: EventSource): string {
  const text = updated_timestamp ?? timestamp;
  return typeof text === "string" ? text.replace(/(Z|\+00:00)$/, "") : "";
}

/** Enriches what the repository wrote into the target itself. What changes meanwhile is met by the next run. @returns how many. */
export async function enrichInPlace(work: MonthWork, plan: MonthPlan): Promise<number> {
  const { indices, enrichment, limits } = work;
  await indices.refresh(plan.target);
  let count = 0;
  for await (const ids of indices.unenriched(plan.target, enrichment.configuration, limits.batchSize)) {
    await work.admit("copy");
    const found = (await indices.present(plan.target, ids)).filter((one): one is PresentEvent => one !== null);
    const sources = await enrichAll(
      work,
      plan,
      found.map(({ source }) => source),
    );
    const writes = found.map(({ id, seqNo, term }, at) => {
      return { mode: "unchanged" as const, id, seqNo, term, source: sources[at] ?? {} };
    });
    await indices.write(plan.target, writes);
    count += writes.length;
    work.note(writes.length);
  }
  return count;
}

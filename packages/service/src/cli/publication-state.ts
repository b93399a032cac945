import { createHash } from "node:crypto";
import { z } from "zod";
import { firstDayOfYear } from "../domain/periods.ts";
import type { Engine } from "../engine/engine.ts";

const pairs = z.array(z.tuple([z.number(), z.string()]));
const stateSchema = z.object({
  /** Rules, generation and settings: where these are others, every document is looked at. */
  made: z.string(),
  /** Last day that has documents. */
  last: z.number(),
  /** What each day of use was counted with. */
  use: pairs,
  /** Digests of the labels that hold from a day on. */
  labels: pairs,
  /** Digests of the holdings by scope and year. */
  holdings: z.array(z.tuple([z.number(), pairs])),
});
/** The numbers that the published documents show. */
export type PublicationState = z.infer<typeof stateSchema>;

const SETTING = "published";
const DIGEST_LETTERS = 10;

/** Null before anything was published, or counted. */
export async function publishedState({ control }: Engine): Promise<PublicationState | null> {
  const text = await control.setting(SETTING);
  const parsed = text === null ? null : stateSchema.safeParse(JSON.parse(text));
  return parsed?.success === true ? parsed.data : null;
}

export async function keepPublishedState({ control }: Engine, state: PublicationState): Promise<void> {
  await control.setSetting(SETTING, JSON.stringify(state));
}

/** @param topLimit shapes documents like the rules do. */
export async function presentState(
  { rollups }: Engine,
  { topLimit, breakdowns }: { readonly topLimit: number; readonly breakdowns: readonly { readonly name: string }[] },
): Promise<PublicationState | null> {
  const live = (await rollups.generations()).find((generation) => generation.live);
  if (live === undefined) return null;
  const { counted, through } = await rollups.progress(live.id);
  const last = counted ?? through;
  if (last === null) return null;
  const use = (await rollups.countedDays(live.id)).map(({ day, eventVersion, recordSeq }): [number, string] => {
    return [day, `${eventVersion} ${recordSeq}`];
  });
  const names = breakdowns.map(({ name }) => name);
  const holdings = (await rollups.holdingsDigests?.(live.id)) ?? new Map<number, ReadonlyMap<number, string>>();
  return {
    made: JSON.stringify([live.id, live.ruleVersion, topLimit]),
    last,
    use,
    labels: await labelDigests(rollups, live.id, names),
    holdings: Array.from(holdings, ([scope, years]) => [scope, [...years]]),
  };
}

async function labelDigests(
  rollups: Engine["rollups"],
  generation: number,
  names: readonly string[],
): Promise<[number, string][]> {
  const hashes = new Map<number, ReturnType<typeof createHash>>();
  for (const name of names) {
    for (const { value, from, label } of await rollups.labels(generation, name)) {
      const hash = hashes.get(from) ?? createHash("sha256");
      hash.update(JSON.stringify([name, value, label]));
      hashes.set(from, hash);
    }
  }
  return Array.from(hashes, ([day, hash]) => [day, hash.digest("base64url").slice(0, DIGEST_LETTERS)]);
}

/** From which day on documents may be others than those that were published. */
export interface ChangedFrom {
  readonly use: number;
  /** By code of the scope. */
  readonly holdings: (scope: number) => number;
}

/** Nothing before `EVERYTHING` is left out; days after the last are in any case new. */
export const EVERYTHING = Number.NEGATIVE_INFINITY;

export function changedFrom(before: PublicationState | null, now: PublicationState): ChangedFrom {
  if (before === null || before.made !== now.made) return { use: EVERYTHING, holdings: () => EVERYTHING };
  const labels = firstDifference(before.labels, now.labels);
  const least = Math.min(labels, before.last + 1);
  const [old, fresh] = [new Map(before.holdings), new Map(now.holdings)];
  return {
    use: Math.min(least, firstDifference(before.use, now.use)),
    holdings: (scope) => {
      const year = firstDifference(old.get(scope) ?? [], fresh.get(scope) ?? []);
      return Math.min(least, year === Number.POSITIVE_INFINITY ? year : firstDayOfYear(year));
    },
  };
}

type Pairs = readonly (readonly [at: number, what: string])[];

/** The least number whose text is another, or only on one side; infinite where all are equal. */
function firstDifference(before: Pairs, now: Pairs): number {
  const [old, fresh] = [new Map(before), new Map(now)];
  const different = [...new Set([...old.keys(), ...fresh.keys()])].filter((at) => old.get(at) !== fresh.get(at));
  return different.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
}

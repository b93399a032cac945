import type { Engine } from "../engine/engine.ts";
import type { Generation } from "../engine/rollup-store.ts";
import { Aggregation } from "./aggregation.ts";
import type { AggregationSettings } from "./aggregation-input.ts";
import type { DayLimits } from "./findings.ts";
import type { PartOfNumbers } from "./generations.ts";
import { NO_RECOUNT } from "./recount-request.ts";
import { type AggregationReport, joinedReports } from "./report.ts";
import { restateBreakdowns } from "./restatement.ts";
import type { RunNote } from "./run-note.ts";
import { forgetOtherExtracts } from "./saved-history.ts";
import { valuePlans } from "./value-columns.ts";

export interface ExchangeInput {
  readonly engine: Engine;
  readonly note: RunNote;
  readonly part: PartOfNumbers;
  readonly limits: DayLimits;
  readonly settings: AggregationSettings;
}

const NOTHING_AGAIN = { recountFrom: Infinity, bookAgain: NO_RECOUNT.records };

/**
 * A run under rules that differ in breakdowns only. The live numbers are brought up to date as they are; the new and the changed
 * breakdowns are counted beside them; once these reach as far, they change places in one step. What came meanwhile is counted last,
 * under the new rules. Killed anywhere, the next run goes on: until the exchange nothing of it is seen, after it nothing is left to do.
 */
export async function aggregateBreakdowns(input: ExchangeInput): Promise<AggregationReport> {
  const { part, settings } = input;
  const { before } = part;
  const live = await run(input, part.live, { ...settings, breakdowns: before, read: before });
  if (live.state !== "done" || live.remaining > 0) return live;
  const apart = await countApart(input);
  const work = { ...part.change, days: apart?.days ?? 0, scopes: apart?.scopes ?? 0, isInUse: false };
  const { days, scopes, through } = live;
  const counted = apart === null ? live : { ...joinedReports(live, apart), days, scopes, through };
  if (counted.state !== "done" || counted.remaining > 0 || !(await reachesAsFar(input))) {
    return { ...counted, breakdowns: work };
  }
  const restated = await exchange(input);
  const last = await run(input, part.live, { ...settings, ...NOTHING_AGAIN });
  await forgetOtherExtracts({ rollups: input.engine.rollups, plans: valuePlans(settings.read) });
  return { ...joinedReports(counted, last), restated, breakdowns: { ...work, isInUse: true } };
}

async function run(
  { engine, note, limits }: ExchangeInput,
  target: Generation,
  settings: AggregationSettings,
): Promise<AggregationReport> {
  const before = await engine.rollups.progress(target.id);
  return await new Aggregation({ engine, note, before, limits, settings, target, replaces: null, isPart: false }).run();
}

function namesToCount({ added, changed }: PartOfNumbers["change"]): readonly string[] {
  return [...added, ...changed];
}

/** All their days, whatever days this run was told to look at. Null where breakdowns are only taken away. */
async function countApart({ engine, note, part, limits, settings }: ExchangeInput): Promise<AggregationReport | null> {
  const names = namesToCount(part.change);
  if (names.length === 0) return null;
  const breakdowns = settings.read.filter(({ name }) => names.includes(name));
  note.about(names.join(", "));
  try {
    return await new Aggregation({
      engine,
      note,
      before: await engine.rollups.progress(part.side.id),
      limits: { ...limits, from: -Infinity },
      settings: { ...settings, ...NOTHING_AGAIN, breakdowns, updateBookmark: true },
      target: part.side,
      replaces: null,
      isPart: true,
    }).run();
  } finally {
    note.about("");
  }
}

/** Whether every day of the live numbers has its part: a run may be told to end before the last of them. */
async function reachesAsFar({ engine, part }: ExchangeInput): Promise<boolean> {
  if (namesToCount(part.change).length === 0) return true;
  const done = new Set((await engine.rollups.countedDays(part.side.id)).map(({ day }) => day));
  return (await engine.rollups.countedDays(part.live.id)).every(({ day }) => done.has(day));
}

/** True where numbers are others than before. */
async function exchange({ engine, note, part, settings }: ExchangeInput): Promise<boolean> {
  const { live, side, change, rules } = part;
  const breakdowns = [...change.added, ...change.removed, ...change.changed];
  note.step("exchange");
  const restatement = breakdowns.length === 0 ? null : await restateBreakdowns(engine.rollups, part, settings.now());
  const { version, text } = rules;
  const what = { with: side.id, breakdowns, ruleVersion: version, rules: text, restatement };
  await engine.rollups.exchangeBreakdowns(live.id, what);
  await engine.rollups.dropGeneration(side.id);
  return breakdowns.length > 0;
}

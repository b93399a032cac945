import { UsageError } from "@community-stats/contract/problems.ts";
import type { Engine } from "../engine/engine.ts";
import { EVENT_TYPES, type EventIndices } from "../engine/event-indices.ts";
import { type MonthKey, monthsOf } from "../migration/month-plan.ts";
import type { CommandContext, CommandOption } from "./command.ts";

export const EVENT_TYPES_OPTION: CommandOption = {
  flags: "-e, --event-types <type>",
  description: "only these events; by default views and downloads",
  choices: EVENT_TYPES,
  repeatable: true,
};
export const MONTHS_OPTION: CommandOption = {
  flags: "-m, --months <month>",
  description: "only these months: YYYY-MM, or a range YYYY-MM:YYYY-MM",
  repeatable: true,
};

/** The engine with the repository's indices of events. @throws UsageError for an engine that stands beside none. */
export async function engineWithEvents(
  context: CommandContext,
): Promise<Engine & { readonly eventIndices: EventIndices }> {
  const engine = await context.engine();
  const { eventIndices } = engine;
  if (eventIndices !== undefined) return { ...engine, eventIndices };
  throw new UsageError(
    `The engine ${engine.name} has no indices of events to migrate: it reads events as they are.`,
    "Set COMMUNITY_STATS_ENGINE=opensearch and OPENSEARCH_URL, where the repository keeps its events.",
  );
}

interface MonthRange {
  readonly text: string;
  readonly from: string;
  readonly to: string;
}

/** @throws UsageError for anything that is no month and no range. */
export function monthRanges(values: readonly string[]): readonly MonthRange[] {
  return values
    .flatMap((value) => value.split(","))
    .map((text) => {
      const found = /^(\d{4}-(?:0[1-9]|1[0-2]))(?::(\d{4}-(?:0[1-9]|1[0-2])))?$/.exec(text);
      const [, from = "", to = from] = found ?? [];
      if (found !== null && from <= to) return { text, from, to };
      throw new UsageError(
        `${JSON.stringify(text)} is neither a month nor a range.`,
        "Write it as YYYY-MM or YYYY-MM:YYYY-MM, the earlier month first.",
      );
    });
}

/**
 * The months that have an index and are meant.
 * @throws UsageError where a month or range was given that has none: nothing done must not look like everything done.
 */
export async function chosenMonths(
  indices: EventIndices,
  { types, ranges }: { readonly types: readonly string[]; readonly ranges: readonly MonthRange[] },
): Promise<readonly MonthKey[]> {
  const all = monthsOf(await indices.list()).filter(({ type }) => types.length === 0 || types.includes(type));
  if (ranges.length === 0) return all;
  const inRange = ({ month }: MonthKey, { from, to }: MonthRange): boolean => from <= month && month <= to;
  for (const range of ranges) {
    if (all.some((key) => inRange(key, range))) continue;
    const kinds = types.length === 0 ? EVENT_TYPES.join(" and ") : types.join(" and ");
    throw new UsageError(
      `There is no index of events (${kinds}) of ${range.text}.`,
      "See which there are: community-stats usage-events status",
    );
  }
  return all.filter((key) => ranges.some((range) => inRange(key, range)));
}

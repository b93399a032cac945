import { dayFromNumber, type DayNumber } from "@community-stats/contract/days.ts";
import type { Engine } from "../engine/engine.ts";
import { enrichmentOf } from "../migration/event-fields.ts";
import { type MonthOverview, overview } from "../migration/overview.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { table } from "./text-table.ts";

export const usageEventsStatusCommand: Command = {
  name: "usage-events status",
  summary: "Show how many events there are, month by month, and how far their migration is.",
  gated: true,
  options: [
    { flags: "--show-bookmarks", description: "also up to where each index is copied" },
    { flags: "--show-indices", description: "also the indices of each month" },
    { flags: "--show-incomplete", description: "only months whose migration began and has not ended" },
    { flags: "--show-completed", description: "only months that are verified" },
    { flags: "--show-not-started", description: "only months whose migration has not begun" },
    { flags: "--json", description: "print JSON" },
  ],
  examples: ["usage-events status", "usage-events status --show-incomplete --show-bookmarks"],
  run: status,
};

interface StoredMonth {
  readonly month: string;
  readonly days: number;
  readonly events: number;
}

async function status(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const engine = await context.engine();
  const months = await storedMonths(engine);
  const { generated } = await engine.facts.summary();
  const migration = await migrationOf(context, engine);
  const health = (await engine.eventIndices?.ailment()) ?? null;
  const shown = migration?.filter((row) => isWanted(row, options)) ?? null;
  if (options["json"] === true) {
    const told = shown === null ? {} : { health: health ?? "well", migration: shown };
    context.stdout.write(`${JSON.stringify({ generated, months, ...told }, null, 2)}\n`);
    return EXIT.done;
  }
  const feed = engine.instance === undefined ? "ingest FILE" : "ingest --instance";
  const lines = [...storedLines(months, { generated, feed }), ...migrationLines(shown, { health, options })];
  context.stdout.write(`${lines.join("\n")}\n`);
  return EXIT.done;
}

async function storedMonths({ facts }: Engine): Promise<readonly StoredMonth[]> {
  const months = new Map<string, { days: number; events: number }>();
  for (const { day, count } of await facts.eventDays()) {
    const month = monthOf(day);
    const { days, events } = months.get(month) ?? { days: 0, events: 0 };
    months.set(month, { days: days + 1, events: events + count });
  }
  return [...months].map(([month, { days, events }]) => ({ month, days, events }));
}

async function migrationOf(
  { config, now }: CommandContext,
  { eventIndices: indices, control }: Engine,
): Promise<readonly MonthOverview[] | null> {
  if (indices === undefined) return null;
  return await overview({ indices, control, enrichment: enrichmentOf(config.breakdowns), now: now() });
}

function groupOf({ phase }: MonthOverview): "completed" | "not started" | "incomplete" {
  if (phase === "verified" || phase === "retired") return "completed";
  return phase === "not started" || phase === "planned" ? "not started" : "incomplete";
}

/** Without any of these options, all. */
function isWanted(row: MonthOverview, options: CommandInput["options"]): boolean {
  const wanted = [
    options["showIncomplete"] === true ? "incomplete" : "",
    options["showCompleted"] === true ? "completed" : "",
    options["showNotStarted"] === true ? "not started" : "",
  ].filter((name) => name !== "");
  return wanted.length === 0 || wanted.includes(groupOf(row));
}

function storedLines(
  rows: readonly StoredMonth[],
  { generated, feed }: { readonly generated: boolean; readonly feed: string },
): readonly string[] {
  if (rows.length === 0) return [`There are no events yet. Feed them in with: community-stats ${feed}`];
  const cells = rows.map(({ month, days, events }) => [month, String(days), events.toLocaleString("en")]);
  return [
    ...table([["month", "days", "events"], ...cells], { left: 1 }),
    ...(generated ? ["Some of this is generated."] : []),
  ];
}

interface MigrationView {
  readonly health: string | null;
  readonly options: CommandInput["options"];
}

function migrationLines(rows: readonly MonthOverview[] | null, { health, options }: MigrationView): readonly string[] {
  if (rows === null) return [];
  const head = ["", `Migration of the repository's indices; OpenSearch: ${health ?? "well"}`];
  if (rows.length === 0) return [...head, "No such month."];
  return [
    ...head,
    ...overviewTable(rows),
    ...rows.flatMap(reasonLines),
    ...(options["showIndices"] === true ? rows.flatMap(indexLines) : []),
    ...(options["showBookmarks"] === true ? rows.flatMap(bookmarkLines) : []),
    ...(rows.some((row) => groupOf(row) === "incomplete") ? ["Go on with: community-stats usage-events migrate"] : []),
  ];
}

function number(value: number): string {
  return value.toLocaleString("en");
}

/** A row per month, and the totals of each kind of event. */
export function overviewTable(rows: readonly MonthOverview[]): readonly string[] {
  const cells = rows.map(({ type, month, phase, target, events, migrated, remaining }) => {
    return [type, month, phase, target, number(events), number(migrated), number(remaining)];
  });
  const totals = [...Map.groupBy(rows, ({ type }) => type)].map(([type, its]) => {
    const sum = (of: (row: MonthOverview) => number): string => number(its.reduce((total, row) => total + of(row), 0));
    return [
      type,
      "all",
      "",
      "",
      sum(({ events }) => events),
      sum(({ migrated }) => migrated),
      sum(({ remaining }) => remaining),
    ];
  });
  return table([["event", "month", "state", "index", "events", "migrated", "remaining"], ...cells, ...totals], {
    left: 4,
  });
}

function reasonLines({ type, month, reason }: MonthOverview): readonly string[] {
  return reason === null ? [] : [`${type} ${month}: ${reason}`];
}

function indexLines({ type, month, sources, target, shown }: MonthOverview): readonly string[] {
  const own = `${type} ${month}: ${target}, ${shown ? "which readers see" : "which readers do not see yet"}`;
  return [own, ...sources.map(({ index, events }) => `  from ${index}: ${events.toLocaleString("en")} events`)];
}

function bookmarkLines({ type, month, state }: MonthOverview): readonly string[] {
  const cursors = Object.entries(state?.cursors ?? {});
  return cursors.map(([name, position]) => `${type} ${month}: ${name} is copied up to number ${position}`);
}

function monthOf(day: DayNumber): string {
  return dayFromNumber(day).slice(0, 7);
}

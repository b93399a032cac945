import { type Standing, standing } from "../aggregate/standing.ts";
import type { WorkStanding } from "../engine/shared-work.ts";
import { Queries } from "../query/queries.ts";
import { OPERATOR } from "../query/scopes.ts";
import type { AggregationStatus, ScopeStatus, StatusReport } from "../query/status.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { listOption } from "./options.ts";

export const statusCommand: Command = {
  name: "status",
  summary: "Show how far everything is counted and what is wrong.",
  gated: true,
  examples: ["status", "status --community-id global --verbose", "status --json"],
  options: [
    { flags: "-c, --community-id <id>", description: "only this community (id, slug or global)", repeatable: true },
    { flags: "-v, --verbose", description: "every day and number, not only bars" },
    { flags: "--json", description: "print JSON" },
  ],
  run,
};

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const { breakdowns, topLimit } = context.config;
  const queries = new Queries({ engine: await context.engine(), breakdowns, topLimit, now: context.now });
  const engine = await context.engine();
  const report = {
    ...(await queries.report(listOption(options, "communityId"), OPERATOR)),
    standing: await standing(engine, context.now()),
    work: (await engine.work?.standing()) ?? null,
  };
  const text =
    options["json"] === true
      ? `${JSON.stringify(report, null, 2)}\n`
      : describeStatus(report, options["verbose"] === true);
  context.stdout.write(text);
  return EXIT.done;
}

type OperatorReport = StatusReport & { readonly standing: Standing; readonly work: WorkStanding | null };

function describeStatus(report: OperatorReport, verbose: boolean): string {
  const lines = [
    ...headLines(report),
    ...standingLines(report.standing),
    ...(report.work === null ? [] : workLines(report.work)),
    ...report.problems.map(({ kind, path, detail }) => `Problem: ${kind} ${path}: ${detail}`),
    "",
    ...report.scopes.flatMap((scope) => scopeLines(scope, verbose)),
  ];
  return `${lines.join("\n")}\n`;
}

function headLines({ asOf, updatedAt, ruleVersion, facts, rollupBytes, leases, running }: StatusReport): string[] {
  const isEmpty = facts.events === 0 && facts.records === 0;
  const nothing = isEmpty
    ? "There is nothing to count yet. Run: community-stats setup"
    : "Nothing is counted yet. Run: community-stats aggregate --force";
  return [
    asOf === null ? nothing : `Complete to ${asOf}`,
    ...(updatedAt === null ? [] : [`Last counted ${updatedAt}, rule version ${ruleVersion ?? "none"}`]),
    `Facts: ${facts.events} events, ${facts.records} records, ${facts.communities} communities, ${sizeOf(facts.bytes)}${facts.generated ? " (generated demonstration data)" : ""}`,
    `Rollups: ${sizeOf(rollupBytes)}`,
    ...(running === null
      ? []
      : [`Running since ${running.startedAt}: ${running.step} ${running.done} of ${running.total}`]),
    ...leases.map(({ name, owner, expiresAt }) => `Lease ${name}: ${owner} until ${new Date(expiresAt).toISOString()}`),
  ];
}

function standingLines({ waitingDays, waitingRecords, lastRun, lastError }: Standing): string[] {
  const waiting = [
    ...(waitingDays === 0 ? [] : [`${waitingDays} ${waitingDays === 1 ? "day" : "days"} of use`]),
    ...(waitingRecords ? ["records"] : []),
  ];
  return [
    `Waiting to be counted: ${waiting.length === 0 ? "nothing" : waiting.join(" and ")}`,
    ...(lastRun === null ? [] : [`Last run: ${lastRun.state}, ${runSpan(lastRun)} by ${lastRun.owner}`]),
    ...(lastError === null ? [] : [`Last error: ${lastError}`]),
  ];
}

/** Of the queue that all machines share. */
function workLines({ hands, active, waiting, aside }: WorkStanding): readonly string[] {
  return [
    `Workers: ${hands}; pieces of work: ${active} at hand, ${waiting} waiting`,
    ...aside.map(({ key, error }) => `Set aside: piece ${key}: ${error}`),
  ];
}

function runSpan({ startedAt, endedAt }: NonNullable<Standing["lastRun"]>): string {
  const began = new Date(startedAt).toISOString();
  return endedAt === null ? `begun ${began}` : `begun ${began}, ${((endedAt - startedAt) / 1000).toFixed(1)} s`;
}

function scopeLines({ id, slug, title, aggregations }: ScopeStatus, verbose: boolean): string[] {
  const name = [title, slug === null || slug === id ? null : slug, id].filter((part) => part !== null).join(" · ");
  return [name, ...aggregations.flatMap((status) => (verbose ? verboseLines(status) : [conciseLine(status)])), ""];
}

const NAME_WIDTH = 18;

function conciseLine(status: AggregationStatus): string {
  if (status.firstDay === null) return `  ${status.aggregation.padEnd(NAME_WIDTH)} nothing yet`;
  return `  ${status.aggregation.padEnd(NAME_WIDTH)} ${bar(status.covered, 30)} ${percent(status.covered)}  ${ageOf(status)}${waitingOf(status)}${failureOf(status)}`;
}

function waitingOf({ waitingDays, isWaiting }: AggregationStatus): string {
  if (waitingDays > 0) return `, ${waitingDays} ${waitingDays === 1 ? "day waits" : "days wait"}`;
  return isWaiting ? ", records wait" : "";
}

function failureOf({ error }: AggregationStatus): string {
  return error === null ? "" : `, not whole: ${error}`;
}

function verboseLines(status: AggregationStatus): string[] {
  if (status.firstDay === null) return [conciseLine(status)];
  const { aggregation, firstDay, lastDay, bookmark, days, missingDays, lastRun, error } = status;
  return [
    `  ${aggregation}`,
    `    ${bar(status.covered, 50)} ${percent(status.covered)}`,
    `    bookmark ${bookmark ?? "none"} (${ageOf(status)}${waitingOf(status)}), ${days} days from ${firstDay} to ${lastDay ?? "none"}${missingDays === 0 ? "" : `, ${missingDays} missing`}`,
    ...(lastRun === null ? [] : [`    last counted by the run that began ${lastRun.startedAt} (${lastRun.state})`]),
    ...(error === null ? [] : [`    not whole: ${error}`]),
  ];
}

function bar(share: number, width: number): string {
  const full = Math.round(share * width);
  return `[${"█".repeat(full)}${"░".repeat(width - full)}]`;
}

function percent(share: number): string {
  return `${Math.floor(share * 100)}%`.padStart(4);
}

/** The bookmark is yesterday's at best: today is never complete. */
function ageOf({ age }: AggregationStatus): string {
  if (age === null) return "not complete anywhere";
  return age <= 1 ? "up to date" : `${age - 1}d behind`;
}

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

function sizeOf(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

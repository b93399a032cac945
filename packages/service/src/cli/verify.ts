import { canonicalDigest } from "../aggregate/canonical-dump.ts";
import { writtenRules } from "../aggregate/rules-text.ts";
import { aggregate } from "../aggregate/runner.ts";
import { standing } from "../aggregate/standing.ts";
import { openEngine } from "../app.ts";
import type { Engine } from "../engine/engine.ts";
import { StatsError } from "@community-stats/contract/problems.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";
import { progressBar } from "./progress.ts";

export const verifyCommand: Command = {
  name: "verify",
  summary: "Read every stored fact, count all anew in memory, and compare with what is stored.",
  gated: true,
  options: [
    { flags: "--facts-only", description: "read the facts, count nothing" },
    { flags: "--json", description: "print JSON" },
  ],
  examples: ["verify", "verify --facts-only --json"],
  run,
};

interface FactsFound {
  readonly days: number;
  readonly events: number;
  readonly records: number;
  readonly problems: readonly string[];
}

/** `equal`: what is stored is what the facts give. `behind`: facts or rules are newer, so there is nothing to compare. */
type Comparison = "equal" | "different" | "behind" | "nothing counted" | "not asked" | "interrupted";

interface Compared {
  readonly state: Comparison;
  readonly digest: string | null;
}
const NOT_ASKED: Compared = { state: "not asked", digest: null };
const INTERRUPTED: Compared = { state: "interrupted", digest: null };

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const engine = await context.engine();
  const bar = await progressBar(context);
  let facts: FactsFound;
  let comparison: Compared;
  try {
    const progress = (done: number, total: number): void => bar.update({ step: "reading facts", done, total });
    facts = await readFacts(engine, context.signal, progress);
    if (context.signal.aborted) comparison = INTERRUPTED;
    else if (options["factsOnly"] === true || facts.problems.length > 0) comparison = NOT_ASKED;
    else comparison = await compare(context, engine, bar.update);
  } finally {
    bar.stop();
  }
  const isWhole = comparison.state !== "interrupted";
  const isGood = isWhole && facts.problems.length === 0 && comparison.state !== "different";
  if (options["json"] === true) {
    context.stdout.write(`${JSON.stringify({ ok: isGood, facts, ...comparison }, null, 2)}\n`);
  } else context.stdout.write(said(facts, comparison));
  if (!isWhole) return EXIT.partial;
  return isGood ? EXIT.done : EXIT.failed;
}

async function readFacts(
  { facts }: Engine,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<FactsFound> {
  const listed = await facts.eventDays();
  const problems = (await facts.problems()).map(({ kind, path, detail }) => `${kind} ${path}: ${detail}`);
  let [events, done] = [0, 0];
  for (const { day, count } of listed) {
    if (signal.aborted) break;
    try {
      for await (const { rows } of facts.eventRows([day])) events += rows.count;
    } catch (error) {
      if (!(error instanceof StatsError)) throw error;
      problems.push(`${error.message} (${count} events)`);
    }
    progress(++done, listed.length);
  }
  let records = 0;
  for await (const line of facts.recordLines()) {
    if (signal.aborted) break;
    line.source();
    records++;
  }
  return { days: done, events, records, problems };
}

async function compare(
  { config, signal, owner, now }: CommandContext,
  engine: Engine,
  progress: (progress: { step: string; done: number; total: number }) => void,
): Promise<Compared> {
  const live = (await engine.rollups.generations()).find((generation) => generation.live);
  const stored = live === undefined ? null : await engine.rollups.progress(live.id);
  const updatedAt = stored?.updatedAt ?? null;
  if (live === undefined || updatedAt === null) return { state: "nothing counted", digest: null };
  const { waitingDays, waitingRecords } = await standing(engine, now());
  const digest = await canonicalDigest(engine.rollups, live.id);
  const rules = { breakdowns: config.breakdowns, lists: {} };
  if (waitingDays > 0 || waitingRecords || live.ruleVersion !== writtenRules(rules).version) {
    return { state: "behind", digest };
  }
  const memory = await openEngine({ name: "memory", dataDir: config.dataDir });
  try {
    const { state } = await aggregate(
      { ...memory, facts: engine.facts },
      { breakdowns: config.breakdowns, workers: 0, owner, now: () => updatedAt, signal, progress },
    );
    if (state === "interrupted") return INTERRUPTED;
    const anew = (await memory.rollups.generations()).find((generation) => generation.live);
    const isEqual = anew !== undefined && (await canonicalDigest(memory.rollups, anew.id)) === digest;
    return { state: isEqual ? "equal" : "different", digest };
  } finally {
    await memory.close();
  }
}

const SAID: Readonly<Record<Comparison, string>> = {
  equal: "Counted anew: the stored numbers are exactly those of the facts.",
  different:
    "Counted anew: the stored numbers are NOT those of the facts. Run: community-stats clear-bookmarks --all-communities --confirm, then aggregate --force",
  behind:
    "Facts came, or breakdowns changed, since the last count; run: community-stats aggregate --force, then verify again.",
  "nothing counted": "Nothing is counted yet.",
  "not asked": "Nothing was counted anew.",
  interrupted: "Interrupted before everything was read and counted.",
};

function said(facts: FactsFound, { state, digest }: Compared): string {
  const lines = [
    `Read ${facts.events} events of ${facts.days} days and ${facts.records} states of records; ${facts.problems.length} problems.`,
    ...facts.problems.map((problem) => `  ${problem}`),
    SAID[state],
    ...(digest === null ? [] : [`Digest of the numbers: ${digest}`]),
  ];
  return `${lines.join("\n")}\n`;
}

import { canonicalDigest } from "../aggregate/canonical-dump.ts";
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

/** `equal`: what is stored is what the facts give. `behind`: facts came since, so there is nothing to compare. */
type Comparison = "equal" | "different" | "behind" | "nothing counted" | "not asked";

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const engine = await context.engine();
  const bar = progressBar(context);
  let facts: FactsFound;
  let comparison: { readonly state: Comparison; readonly digest: string | null };
  try {
    facts = await readFacts(engine, (done, total) => bar.update({ step: "reading facts", done, total }));
    comparison =
      options["factsOnly"] === true || facts.problems.length > 0
        ? { state: "not asked", digest: null }
        : await compare(context, engine, bar.update);
  } finally {
    bar.stop();
  }
  const isGood = facts.problems.length === 0 && comparison.state !== "different";
  if (options["json"] === true) {
    context.stdout.write(`${JSON.stringify({ ok: isGood, facts, ...comparison }, null, 2)}\n`);
  } else context.stdout.write(said(facts, comparison));
  return isGood ? EXIT.done : EXIT.failed;
}

async function readFacts({ facts }: Engine, progress: (done: number, total: number) => void): Promise<FactsFound> {
  const listed = await facts.eventDays();
  const problems = (await facts.problems()).map(({ kind, path, detail }) => `${kind} ${path}: ${detail}`);
  let [events, done] = [0, 0];
  for (const { day, count } of listed) {
    try {
      for await (const part of facts.events([day])) events += part.count;
    } catch (error) {
      if (!(error instanceof StatsError)) throw error;
      problems.push(`${error.message} (${count} events)`);
    }
    progress(++done, listed.length);
  }
  let records = 0;
  for await (const line of facts.recordLines()) {
    line.source();
    records++;
  }
  return { days: listed.length, events, records, problems };
}

async function compare(
  { config, signal, owner, now }: CommandContext,
  engine: Engine,
  progress: (progress: { step: string; done: number; total: number }) => void,
): Promise<{ readonly state: Comparison; readonly digest: string | null }> {
  const live = (await engine.rollups.generations()).find((generation) => generation.live);
  const stored = live === undefined ? null : await engine.rollups.progress(live.id);
  const updatedAt = stored?.updatedAt ?? null;
  if (live === undefined || updatedAt === null) return { state: "nothing counted", digest: null };
  const { waitingDays, waitingRecords } = await standing(engine, now());
  const digest = await canonicalDigest(engine.rollups, live.id);
  if (waitingDays > 0 || waitingRecords) return { state: "behind", digest };
  const memory = await openEngine({ name: "memory", dataDir: config.dataDir });
  try {
    await aggregate(
      { ...memory, facts: engine.facts },
      { breakdowns: config.breakdowns, workers: 0, owner, now: () => updatedAt, signal, progress },
    );
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
  behind: "Facts came since the last count; run: community-stats aggregate --force, then verify again.",
  "nothing counted": "Nothing is counted yet.",
  "not asked": "Nothing was counted anew.",
};

function said(
  facts: FactsFound,
  { state, digest }: { readonly state: Comparison; readonly digest: string | null },
): string {
  const lines = [
    `Read ${facts.events} events of ${facts.days} days and ${facts.records} states of records; ${facts.problems.length} problems.`,
    ...facts.problems.map((problem) => `  ${problem}`),
    SAID[state],
    ...(digest === null ? [] : [`Digest of the numbers: ${digest}`]),
  ];
  return `${lines.join("\n")}\n`;
}

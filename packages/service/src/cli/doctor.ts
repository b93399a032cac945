import { accessSync, constants, existsSync, readdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StatsError } from "@community-stats/contract/problems.ts";
import { standing } from "../aggregate/standing.ts";
import type { Engine } from "../engine/engine.ts";
import { makeFolder } from "../engine/folders.ts";
import { askRepository } from "../invenio/question.ts";
import { lastBegun } from "../schedule/beat.ts";
import { nextBeginning } from "../schedule/due.ts";
import { type Command, type CommandContext, type CommandInput, EXIT, type ExitCode } from "./command.ts";

export const doctorCommand: Command = {
  name: "doctor",
  summary: "Look for what is wrong, from the configuration to the freshness of the numbers, and say what to do.",
  gated: false,
  despiteMistakes: true,
  options: [{ flags: "--json", description: "print JSON" }],
  examples: ["doctor", "doctor --json"],
  run,
};

type State = "good" | "note" | "problem";

interface Finding {
  readonly check: string;
  readonly state: State;
  readonly text: string;
  /** What to do; empty where nothing is to be done. */
  readonly remedy: string;
}

async function run(context: CommandContext, { options }: CommandInput): Promise<ExitCode> {
  const findings = [...configuration(context), ...folders(context)];
  const isOpen = findings.every(({ state }) => state !== "problem");
  if (isOpen) findings.push(...(await stores(context)));
  findings.push(...(await repository(context)));
  const isGood = findings.every(({ state }) => state !== "problem");
  if (options["json"] === true) context.stdout.write(`${JSON.stringify({ ok: isGood, findings }, null, 2)}\n`);
  else context.stdout.write(said(findings, isOpen));
  return isGood ? EXIT.done : EXIT.failed;
}

const good = (check: string, text: string): Finding => ({ check, state: "good", text, remedy: "" });
const note = (check: string, text: string, remedy: string): Finding => ({ check, state: "note", text, remedy });
const problem = (check: string, text: string, remedy: string): Finding => ({ check, state: "problem", text, remedy });

function configuration({ config }: CommandContext): readonly Finding[] {
  const { mistakes, notes } = config.loaded;
  const check = "configuration";
  const unknown = notes.filter(({ kind }) => kind === "unknown");
  return [
    ...mistakes.map(({ text, remedy }) => problem(check, text, remedy)),
    ...unknown.map(({ text }) => note(check, text, "`community-stats config check` tells more.")),
    ...(mistakes.length === 0 ? [good(check, config.file ?? "the environment alone")] : []),
    ...(config.enabled ? [] : [note(check, "Statistics are switched off.", "Set COMMUNITY_STATS_ENABLED to true.")]),
  ];
}

const LEAST_FREE_BYTES = 1e9;
const NOT_STORED = "Make room: what cannot be stored is not counted.";
const NOT_KEPT = "Make room: days that cannot be kept here are read from OpenSearch each time that they are counted.";

function folders({ config }: CommandContext): readonly Finding[] {
  const check = "data folder";
  if (config.engine === "memory") return [good(check, "not used by the engine memory")];
  // The engine of several machines goes on without: it only reads its cluster more often.
  const found = config.engine === "embedded" ? problem : note;
  try {
    makeFolder(config.dataDir);
    accessSync(config.dataDir, constants.R_OK | constants.W_OK);
    const { bavail, bsize } = statfsSync(config.dataDir);
    const free = bavail * bsize;
    const text = `${config.dataDir}, ${(free / 1e9).toFixed(1)} GB free`;
    return [
      free < LEAST_FREE_BYTES
        ? found(check, text, config.engine === "embedded" ? NOT_STORED : NOT_KEPT)
        : good(check, text),
    ];
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return [
      found(
        check,
        `${config.dataDir} cannot be used (${code}).`,
        "Give this user the right to write there, or set COMMUNITY_STATS_DATA_DIR.",
      ),
    ];
  }
}

async function stores(context: CommandContext): Promise<readonly Finding[]> {
  let engine: Engine;
  try {
    engine = await context.engine();
  } catch (error) {
    if (!(error instanceof StatsError)) throw error;
    return [problem("engine", error.message, error.hint)];
  }
  return [
    good("engine", engine.name),
    ...(await facts(context, engine)),
    ...(await counting(context, engine)),
    ...(await schedule(context, engine)),
    ...dashboard(),
  ];
}

/** What holds the facts of an installation, and no other's. */
const PLACES = { embedded: "data folder", memory: "process", opensearch: "SEARCH_INDEX_PREFIX" } as const;

async function facts({ config }: CommandContext, engine: Engine): Promise<readonly Finding[]> {
  const { records, events, communities, generated } = await engine.facts.summary();
  const broken = await engine.facts.problems();
  const rejects = join(config.dataDir, "rejects");
  const rejected = existsSync(rejects) ? readdirSync(rejects).length : 0;
  return [
    records + events === 0
      ? note("facts", "There are none yet.", "Run: community-stats setup")
      : good("facts", `${events} events, ${records} records, ${communities} communities`),
    ...broken.map(({ kind, path, detail }) =>
      problem("facts", `${kind} ${path}: ${detail}`, "Put the file back from a backup, or feed its source in again."),
    ),
    ...(generated && config.environment === "production"
      ? [note("facts", "Some are generated, not observed.", `Use another ${PLACES[config.engine]} for real numbers.`)]
      : []),
    ...(rejected > 0
      ? [
          note(
            "facts",
            `${rejected} files of lines that could not be used in ${rejects}.`,
            "Each says why; correct them and feed them in again.",
          ),
        ]
      : []),
  ];
}

async function counting({ now }: CommandContext, engine: Engine): Promise<readonly Finding[]> {
  const check = "counting";
  const live = (await engine.rollups.generations()).find((generation) => generation.live);
  const { waitingDays, waitingRecords, lastRun, lastError } = await standing(engine, now());
  if (lastError !== null)
    return [
      problem(check, `The last run failed: ${lastError}`, "`community-stats aggregate --force --verbose` shows more."),
    ];
  if (live === undefined) return [note(check, "Nothing is counted yet.", "Run: community-stats aggregate --force")];
  if (lastRun?.state === "running") return [good(check, `running since ${new Date(lastRun.startedAt).toISOString()}`)];
  if (waitingDays > 0 || waitingRecords) {
    const what = `${waitingDays} days of use${waitingRecords ? " and records" : ""} wait to be counted.`;
    return [note(check, what, "The next scheduled run counts them; or run: community-stats aggregate --force")];
  }
  return [good(check, "everything is counted")];
}

async function schedule({ config, now }: CommandContext, { control }: Engine): Promise<readonly Finding[]> {
  const check = "schedule";
  if (!config.scheduledAggregation) {
    return [note(check, "Counting is not scheduled.", "Set COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED to true.")];
  }
  const last = await lastBegun(control, "aggregation");
  const { aggregation, timeZone } = config.schedule;
  const start = "Start `community-stats serve` or `community-stats worker`.";
  if (last === null) return [problem(check, "No scheduler was ever there.", start)];
  const next = nextBeginning(aggregation, last, timeZone);
  const later = next === null ? null : nextBeginning(aggregation, next, timeZone);
  const since = new Date(last).toISOString();
  if (later !== null && later < now())
    return [problem(check, `No scheduler is there: counting began last at ${since}.`, start)];
  return [good(check, `counting began last at ${since}`)];
}

function dashboard(): readonly Finding[] {
  const isBuilt = existsSync(fileURLToPath(new URL("../../../dashboard/dist", import.meta.url)));
  return [
    isBuilt
      ? good("dashboard", "built")
      : problem("dashboard", "It is not built; its pages stay empty.", "Run: npm run build"),
  ];
}

async function repository({ config }: CommandContext): Promise<readonly Finding[]> {
  const { repositoryUrl } = config.access;
  const check = "repository";
  if (repositoryUrl === null) {
    return [note(check, "None is named: restricted communities stay closed.", "Set COMMUNITY_STATS_INVENIO_URL.")];
  }
  const question = { path: "/communities?size=1", credential: null, timeoutMs: 5000 };
  const answer = await askRepository({ url: repositoryUrl, fetch }, question);
  if (answer.kind === "answer" && answer.status === 200 && answer.body !== null)
    return [good(check, `${repositoryUrl} answers`)];
  const why = answer.kind === "silent" ? answer.reason : `status ${answer.status}`;
  return [
    problem(
      check,
      `${repositoryUrl} does not answer as it should (${why}).`,
      "Check COMMUNITY_STATS_INVENIO_URL, and that this machine reaches it.",
    ),
  ];
}

const SIGNS: Readonly<Record<State, string>> = { good: "ok     ", note: "note   ", problem: "PROBLEM" };

function said(findings: readonly Finding[], isOpen: boolean): string {
  const lines = findings.flatMap(({ check, state, text, remedy }) => [
    `${SIGNS[state]} ${check}: ${text}`,
    ...(remedy === "" ? [] : [`        ${remedy}`]),
  ]);
  const unseen = isOpen ? [] : ["The stores were not opened, because of the problems above."];
  return `${[...lines, ...unseen].join("\n")}\n`;
}

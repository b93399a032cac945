import { readdirSync } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Command, CommandContext } from "../../src/cli/command.ts";
import { runProgram } from "../../src/cli/program.ts";
import { COMMANDS as ENTRIES } from "../../src/commands.ts";
import { configFrom } from "../../src/config/config.ts";
import { environmentSource } from "../../src/config/environment.ts";
import { serveCommand, workerCommand } from "../../src/serve.ts";
import { CommandLine } from "./process.ts";

const CLI = new URL("../../src/cli/", import.meta.url);
const GATE =
  "Error: statistics are switched off (COMMUNITY_STATS_ENABLED).\nSet it to true, or add --force-disabled.\n";
/** What serves until it is told to stop, or prints what no program reads as facts. */
const WITHOUT_JSON = ["completion", "export", "serve", "worker"];
/** What helps to find out why nothing works, or touches no numbers. */
const NOT_GATED = [
  "completion",
  "config check",
  "config explain",
  "config import",
  "config show",
  "doctor",
  "integrate",
];

const COMMANDS = [...(await exportedCommands()), serveCommand, workerCommand].toSorted((a, b) =>
  a.name < b.name ? -1 : 1,
);
const written = { out: "", err: "" };

async function exportedCommands(): Promise<readonly Command[]> {
  const files = readdirSync(CLI).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const modules = await Promise.all(files.map((name): Promise<object> => import(new URL(name, CLI).href)));
  return modules.flatMap((module) => Object.values(module).filter(isCommand));
}

function isCommand(value: unknown): value is Command {
  return typeof value === "object" && value !== null && "run" in value && "gated" in value && "options" in value;
}

beforeAll(() => {
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((written.out += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((written.err += String(text)), true));
});
afterAll(() => vi.restoreAllMocks());

/** As it is called, with what it cannot do without. */
function wordsOf({ name, arguments: takes = [] }: Command): readonly string[] {
  return [...name.split(" "), ...takes.flatMap(({ name: argument }) => (argument.startsWith("<") ? ["x"] : []))];
}

/** Runs a command line up to the work itself, which it must never reach. */
async function started(command: Command, options: readonly string[]) {
  Object.assign(written, { out: "", err: "" });
  const stderr = new PassThrough();
  const works = vi.fn<CommandContext["engine"]>(() => Promise.reject(new Error(`${command.name} opened the engine`)));
  const entries = [{ name: command.name, summary: command.summary, load: async () => command }];
  const config = configFrom([
    environmentSource({ COMMUNITY_STATS_ENABLED: "false", COMMUNITY_STATS_ENGINE: "memory" }),
  ]);
  const code = await runProgram(entries, [...wordsOf(command), ...options], () => ({
    config,
    stdin: Readable.from([]),
    stdout: new PassThrough(),
    stderr,
    interactive: false,
    now: () => 0,
    signal: new AbortController().signal,
    owner: "test:1",
    environment: {},
    engine: works,
  }));
  expect(works).not.toHaveBeenCalled();
  return { code, ...written, said: String((stderr.read() as Buffer | null) ?? "") };
}

it("are all in the program, and the program has no other", async () => {
  await using line = new CommandLine();
  const { code, out } = await line.run(["completion", "bash"]);
  expect(code).toBe(0);
  const names = new Set(out.match(/(?<=^ +")[a-z -]+(?="\) words=)/gm));
  const single = COMMANDS.map(({ name }) => name).filter((name) => name !== "completion");
  expect(single.filter((name) => !names.has(name))).toEqual([]);
  const groups = new Set(single.flatMap((name) => (name.includes(" ") ? [name.split(" ")[0] ?? ""] : [])));
  const known = new Set([...single, ...groups, "completion"]);
  expect([...names].filter((name) => name.trim() !== "" && !known.has(name))).toEqual([]);
});

it("are listed by what their own help says", async () => {
  for (const { summary, load } of ENTRIES) expect((await load()).summary).toBe(summary);
});

const GROUPS = new Set(ENTRIES.flatMap(({ name }) => (name.includes(" ") ? [name.replace(/ .*/, "")] : [])));

it.each([[], ...[...GROUPS].map((group) => [group])])("have examples in the help above them: %s", async (...group) => {
  Object.assign(written, { out: "", err: "" });
  expect(await runProgram(ENTRIES, [...group, "--help"], () => Promise.reject(new Error("it ran")))).toBe(0);
  const examples = [...written.out.matchAll(/^ {2}community-stats (?:help )?(.*)$/gm)].map(([, words = ""]) => words);
  expect(examples).not.toHaveLength(0);
  const known = ENTRIES.map(({ name }) => name).filter((name) => name.startsWith(group.join("")));
  expect(examples.filter((words) => !known.some((name) => `${words} `.startsWith(`${name} `)))).toEqual([]);
});

describe.each(COMMANDS.map((command) => [command.name, command] as const))("%s", (name, command) => {
  const flags = command.options.flatMap((option) => option.flags.match(/--[a-z-]+/g) ?? []);

  it("tells in its help what it is for, its options, and how it is used", async () => {
    const { code, out } = await started(command, ["--help"]);
    expect(code).toBe(0);
    for (const flag of flags) expect(out).toContain(flag);
    expect(out).toContain(command.summary.split(" ").slice(0, 3).join(" "));
    expect(command.examples ?? []).not.toHaveLength(0);
    for (const { flags: spelled, choices = [] } of command.options) {
      const [flag = ""] = spelled.match(/--[a-z-]+/) ?? [];
      const named = (command.examples ?? []).flatMap((example) => example.match(`${flag} (\\S+)`)?.[1] ?? []);
      expect(choices.length === 0 ? [] : named.filter((value) => !choices.includes(value))).toEqual([]);
    }
    for (const example of command.examples ?? []) {
      expect(out).toContain(`community-stats ${example}`);
      expect(example).toContain(name);
      for (const flag of example.match(/--[a-z-]+/g) ?? []) {
        expect([...flags, "--config", "--force-disabled"]).toContain(flag);
      }
    }
    expect(out.includes("--force-disabled")).toBe(!NOT_GATED.includes(name));
    expect(flags.includes("--json")).toBe(!WITHOUT_JSON.includes(name));
  });

  it("refuses what it does not know with 2, before it does anything", async () => {
    const { code, err } = await started(command, ["--no-such-option"]);
    expect([code, err]).toEqual([2, expect.stringContaining("unknown option '--no-such-option'")]);
  });
});

it.each(COMMANDS.filter(({ gated }) => gated).map((command) => [command.name, command] as const))(
  "%s does nothing while statistics are off",
  async (_name, command) => {
    const { code, out, said } = await started(command, []);
    expect([code, out, said]).toEqual([1, "", GATE]);
  },
);

describe("as a process", () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    "%s helps, and refuses what it does not know",
    async (_name, command) => {
      await using line = new CommandLine();
      const words = wordsOf(command);
      const [help, refused] = await Promise.all([
        line.run([...words, "--help"]),
        line.run([...words, "--no-such-option"]),
      ]);
      expect(help).toEqual({ code: 0, out: expect.stringContaining(`community-stats ${command.name}`), err: "" });
      expect(refused).toEqual({ code: 2, out: "", err: expect.stringContaining("unknown option '--no-such-option'") });
    },
  );

  it.each(COMMANDS.filter(({ gated }) => gated).map((command) => [command.name, command] as const))(
    "%s does nothing while statistics are off",
    async (_name, command) => {
      await using line = new CommandLine();
      const ended = await line.run(wordsOf(command), { COMMUNITY_STATS_ENABLED: "false" });
      expect(ended).toEqual({ code: 1, out: "", err: GATE });
      expect(readdirSync(line.dataDir)).toEqual([]);
    },
  );
});

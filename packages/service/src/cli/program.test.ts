import { afterEach, expect, it, vi } from "vitest";
import { loadConfig } from "../config/config.ts";
import { type Command, type CommandContext, type CommandInput, EXIT } from "./command.ts";
import { type Circumstances, type CommandEntry, runProgram } from "./program.ts";

const ran: [string, CommandInput][] = [];

function entry(name: string, more: Partial<Command> = {}): CommandEntry {
  const command: Command = {
    name,
    summary: `does ${name}`,
    options: [{ flags: "--year <year>", description: "a year", repeatable: true }],
    gated: false,
    ...more,
    run: async (_context, input) => {
      ran.push([name, input]);
      return EXIT.done;
    },
  };
  return { name, summary: command.summary, load: async () => command };
}

const ENTRIES = [
  entry("plain"),
  entry("cache info", { examples: ["cache info --json"] }),
  entry("cache clear-item", { arguments: [{ name: "<scope>", description: "whose" }] }),
  entry("other info"),
];

const circumstances: Circumstances[] = [];

function makeContext(given: Circumstances): CommandContext {
  circumstances.push(given);
  return {
    config: loadConfig({}),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    interactive: false,
    now: () => 0,
    signal: new AbortController().signal,
    owner: "test",
    engine: () => Promise.reject(new Error("no engine")),
  };
}

/** What a person sees of a command line. */
async function typed(...argv: readonly string[]): Promise<{ code: number; text: string }> {
  let text = "";
  const write = (chunk: unknown) => {
    text += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(write);
  vi.spyOn(process.stderr, "write").mockImplementation(write);
  const code = await runProgram(ENTRIES, argv, makeContext);
  return { code, text };
}

afterEach(() => {
  vi.restoreAllMocks();
  ran.length = 0;
  circumstances.length = 0;
});

it("runs a command of a group with its options and arguments", async () => {
  expect((await typed("cache", "clear-item", "global", "--year", "2024", "--year", "2025")).code).toBe(EXIT.done);
  expect(ran).toEqual([["cache clear-item", { options: { year: ["2024", "2025"] }, arguments: ["global"] }]]);
});

it.each([
  ["before the command", ["--config", "a.yaml", "cache", "info"]],
  ["after it", ["cache", "info", "--config", "a.yaml", "--year", "2024"]],
])("takes --config %s", async (_, argv) => {
  expect((await typed(...argv)).code).toBe(EXIT.done);
  expect(ran).toHaveLength(1);
  expect(circumstances).toEqual([{ configFile: "a.yaml", despiteMistakes: false, service: false }]);
  expect((await typed("plain", "--help")).text).toContain("--config <file>");
});

it("tells commands of one name in two groups apart", async () => {
  await typed("other", "info");
  expect(ran.map(([name]) => name)).toEqual(["other info"]);
});

it("lists a group once, and its commands in the help of the group", async () => {
  const { text } = await typed("--help");
  expect(text.match(/^ {2}cache /gm)).toHaveLength(1);
  const group = await typed("cache", "--help");
  expect(group.code).toBe(EXIT.done);
  expect(group.text).toMatch(/info .*does cache info[\s\S]*clear-item .*does cache clear-item/);
  expect(group.text).not.toContain("does plain");
});

it.each([
  ["cache", "info", "--help"],
  ["help", "cache", "info"],
  ["cache", "help", "info"],
])("shows options and examples in the help of a command: %s %s %s", async (...argv) => {
  const { code, text } = await typed(...argv);
  expect(code).toBe(EXIT.done);
  expect(text).toContain("--year <year>");
  expect(text).toContain("Examples:\n  community-stats cache info --json");
});

it("tells its version", async () => {
  expect(await typed("--version")).toEqual({ code: EXIT.done, text: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

it.each([
  ["an unknown command of a group", ["cache", "inof"], "unknown command 'inof'"],
  ["a group alone", ["cache"], "clear-item"],
  ["an unknown option", ["cache", "info", "--jsno"], "unknown option '--jsno'"],
  ["an argument too few", ["cache", "clear-item"], "missing required argument"],
])("ends with the code of wrong use for %s", async (_, argv, said) => {
  const { code, text } = await typed(...argv);
  expect([code, ran.length]).toEqual([EXIT.usage, 0]);
  expect(text).toContain(said);
});

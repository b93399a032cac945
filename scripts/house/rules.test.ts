import { describe, expect, it } from "vitest";
import { checkHouse } from "./rules.ts";

const SERVICE = "packages/service/src";
const DASHBOARD = "packages/dashboard/src";

function messages(path: string, text: string): readonly string[] {
  return checkHouse([{ path, text }]).map(({ severity, message }) => `${severity}: ${message}`);
}

describe("import table", () => {
  it.each([
    ["a port from the domain", `${SERVICE}/domain/a.ts`, "../engine/facts.ts"],
    ["the service from the contract", "packages/contract/src/a.ts", "../../service/src/app.ts"],
    ["one engine from another", `${SERVICE}/engines/memory/open.ts`, "../embedded/open.ts"],
    ["a query from ingest", `${SERVICE}/ingest/a.ts`, "../query/plan.ts"],
    ["an engine from the command line", `${SERVICE}/cli/a.ts`, "../engines/memory/open.ts"],
    ["http from the command line", `${SERVICE}/cli/a.ts`, "../http/server.ts"],
    ["an engine from main", `${SERVICE}/main.ts`, "./engines/memory/open.ts"],
    ["a widget from ui", `${DASHBOARD}/ui/Card.tsx`, "../widgets/Stat.tsx"],
    ["SQLite from a query", `${SERVICE}/query/a.ts`, "better-sqlite3"],
    ["zod from the domain", `${SERVICE}/domain/a.ts`, "zod"],
  ])("refuses %s", (_, path, specifier) => {
    expect(messages(path, `import { a } from "${specifier}";`)).toEqual([expect.stringContaining("may not import")]);
  });

  it.each([
    ["the contract from anywhere", `${SERVICE}/domain/a.ts`, "@community-stats/contract/days.ts"],
    ["a neighbour in the same folder", `${SERVICE}/query/a.ts`, "./plan.ts"],
    ["a port from a query", `${SERVICE}/query/a.ts`, "../engine/facts.ts"],
    ["an engine from app.ts", `${SERVICE}/app.ts`, "./engines/memory/open.ts"],
    ["SQLite from an engine", `${SERVICE}/engines/embedded/open.ts`, "better-sqlite3"],
    ["ui from a widget", `${DASHBOARD}/widgets/Stat.tsx`, "../ui/Card.tsx"],
    ["anything from a test", `${SERVICE}/domain/a.test.ts`, "../engines/memory/open.ts"],
  ])("allows %s", (_, path, specifier) => {
    expect(messages(path, `import { a } from "${specifier}";`)).toEqual([]);
  });

  it.each([
    ["a type", 'import type { A } from "../query/plan.ts";'],
    ["an export from", 'export { a } from "../query/plan.ts";'],
    ["an import when needed", 'export const a = () => import("../query/plan.ts");'],
  ])("sees %s as well", (_, text) => {
    expect(messages(`${SERVICE}/ingest/a.ts`, text)).toHaveLength(1);
  });

  it("wants a row for a folder that it does not know", () => {
    expect(messages(`${SERVICE}/drawer/a.ts`, "")).toEqual([expect.stringContaining("has no row")]);
  });
});

describe("cycles", () => {
  it("names the files of a cycle, types included", () => {
    const files = ["a", "b", "c"].map((name, index, names) => ({
      path: `${SERVICE}/domain/${name}.ts`,
      text: `import type { X } from "./${names[(index + 1) % names.length]}.ts";`,
    }));
    const cycle = ["a", "b", "c", "a"].map((name) => `${SERVICE}/domain/${name}.ts`).join(" → ");
    expect(checkHouse(files).map(({ message }) => message)).toEqual([`Import cycle: ${cycle}`]);
  });
});

describe("confined expressions", () => {
  it.each([
    ["Date.now", "Date.now()"],
    ["the present as a date", "new Date()"],
    ["a random number", "Math.random()"],
    ["the environment", "process.env"],
  ])("refuses %s in a query", (_, expression) => {
    expect(messages(`${SERVICE}/query/a.ts`, `export const a = ${expression};`)).toEqual([
      expect.stringContaining("itself"),
    ]);
  });

  it.each([
    ["a date of an instant", `${SERVICE}/query/a.ts`, "new Date(0)"],
    ["the clock in main", `${SERVICE}/main.ts`, "Date.now()"],
    ["the environment in the configuration", `${SERVICE}/config/load.ts`, "process.env"],
    ["the words in a text", `${SERVICE}/query/a.ts`, '"Date.now() and process.env"'],
  ])("allows %s", (_, path, expression) => {
    expect(messages(path, `export const a = ${expression};`)).toEqual([]);
  });
});

describe("files", () => {
  it.each([
    [250, []],
    [251, ["warning: It has 251 lines: look whether it has two reasons to change."]],
    [401, ["error: It has 401 lines: split it by its reasons to change."]],
  ])("of %d lines", (count, expected) => {
    expect(messages(`${SERVICE}/domain/a.ts`, "export {};\n".repeat(count))).toEqual(expected);
  });

  it.each(["utils.ts", "helpers.test.ts", "common/a.ts", "job-Runner.ts", "snake_case.ts", "Card.ts"])(
    "refuses the name %s",
    (name) => {
      expect(messages(`${SERVICE}/domain/${name}`, "")).toHaveLength(1);
    },
  );

  it.each(["day-number.ts", "count.worker.ts", "kernel.test.ts"])("allows the name %s", (name) => {
    expect(messages(`${SERVICE}/domain/${name}`, "")).toEqual([]);
  });

  it("refuses a path of one machine in any text", () => {
    const home = ["", "home", "someone", "data"].join("/");
    expect(messages("docs/operate.md", `Put it in ${home}.`)).toHaveLength(1);
    expect(messages("docs/operate.md", "See https://example.org/home/page and ./work/list.")).toEqual([]);
  });

  it("refuses to turn anything into anything, but not one brand into another", () => {
    expect(messages(`${SERVICE}/domain/a.ts`, "export const a = 1 as unknown as string;")).toHaveLength(1);
    expect(messages(`${SERVICE}/domain/a.ts`, "export const a = b as string as Day;")).toEqual([]);
  });

  it("says which file is not TypeScript", () => {
    expect(() => messages(`${SERVICE}/domain/a.ts`, "export const = 1")).toThrow("packages/service/src/domain/a.ts");
  });
});

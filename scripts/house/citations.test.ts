import { expect, it } from "vitest";
import { checkCitations } from "./citations.ts";

const RULES = { path: "docs/rules.md", text: "| T3 | records |\n| 7 | memberships |\n| 12 | communities |" };
const messages = (line: string) =>
  checkCitations([RULES, { path: "docs/api.md", text: "" }, { path: "a.ts", text: line }]).map(
    ({ message }) => message,
  );

it.each([
  "// Records of a day (T3).",
  " * Where no line says so (T9.1 decision 7).",
  "  it('hold for both (T9.1 decisions 7 and 12)', () => {});",
  "/** Beginning at T00:00:00; docs/api.md tells more. */",
  "const T99 = 'T4 T9.1 decision 8 gone.md';",
])("finds what is cited: %s", (line) => expect(messages(line)).toEqual([]));

it.each([
  ["// Works of a day (T4).", "T4"],
  ["// Where lines differ (T9.1 decision 8).", "8"],
  ["/** See operations.md 2.1. */", "operations.md"],
])("names what is cited and not there: %s", (line, name) => {
  expect(messages(line)).toEqual([`It cites ${name}, which is not in this repository.`]);
});

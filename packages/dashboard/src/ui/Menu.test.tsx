import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { withoutLayout } from "../../test/without-layout.ts";
import { loadCatalogue } from "../messages/catalogue.ts";
import { WordsContext } from "../messages/words-context.ts";
import { createWords, type Words } from "../messages/words.ts";
import { Menu, type MenuChoice } from "./Menu.tsx";

const CHOICES: readonly MenuChoice[] = [
  { value: "none", label: "Nothing" },
  { value: "types", label: "Resource type" },
  { value: "countries", label: "Country", off: "not collected" },
  { value: "rights", label: "Rights" },
];

let words: Words;
beforeAll(async () => {
  withoutLayout();
  words = createWords("en", await loadCatalogue("en"), false);
});
afterEach(cleanup);

const chosen = vi.fn<(value: string) => void>();
beforeEach(() => {
  chosen.mockClear();
  render(
    <WordsContext value={words}>
      <Menu label="Break down by" className="by" choices={CHOICES} value="types" onChoose={chosen}>
        by type
      </Menu>
      <p>elsewhere</p>
    </WordsContext>,
  );
  fireEvent.click(button());
});

const button = (): HTMLElement => screen.getByRole("button", { name: "by type" });
const focused = (): string | null => document.activeElement?.querySelector(".menu-label")?.textContent ?? null;
const press = (...keys: readonly string[]): void => {
  for (const key of keys) fireEvent.keyDown(document.activeElement ?? document.body, { key });
};

it("opens with its present choice in the focus, and says so", () => {
  expect(focused()).toBe("Resource type");
  expect(button().getAttribute("aria-expanded")).toBe("true");
  expect(screen.getByRole("menu", { name: "Break down by" })).toBeDefined();
  expect(screen.getAllByRole("menuitemradio", { checked: true })).toHaveLength(1);
});

it.each([
  [["ArrowDown"], "Country"],
  [["ArrowUp"], "Nothing"],
  [["ArrowUp", "ArrowUp"], "Rights"],
  [["End", "ArrowDown"], "Nothing"],
  [["End", "Home"], "Nothing"],
  [["r"], "Rights"],
  [["r", "r"], "Resource type"],
  [["x"], "Resource type"],
])("%j leads to %s, and applies nothing", (keys, expected) => {
  press(...keys);
  expect(focused()).toBe(expected);
  expect(chosen).not.toHaveBeenCalled();
});

it("closes with a choice, and gives the focus back", () => {
  fireEvent.click(screen.getByText("Rights"));
  expect(chosen.mock.calls).toEqual([["rights"]]);
  expect(screen.queryByRole("menu")).toBeNull();
  expect(document.activeElement).toBe(button());
});

it("stays open where a choice is off, and says why", () => {
  fireEvent.click(screen.getByText("not collected"));
  expect(chosen).not.toHaveBeenCalled();
  expect(screen.getByRole("menu")).toBeDefined();
});

it.each([
  ["Escape", () => press("Escape")],
  ["its button", () => fireEvent.click(button())],
  ["a press elsewhere", () => fireEvent.pointerDown(screen.getByText("elsewhere"))],
])("closes without a choice by %s", (_, close) => {
  close();
  expect(screen.queryByRole("menu")).toBeNull();
  expect(chosen).not.toHaveBeenCalled();
});

import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Tabs } from "./Tabs.tsx";

const TABS = [
  { name: "content", title: "Content" },
  { name: "the use", title: "Use" },
  { name: "people", title: "People" },
];
const changed = vi.fn<(name: string) => void>();
beforeEach(() => {
  changed.mockClear();
  render(
    <Tabs label="Sections" tabs={TABS} value="content" onChange={changed}>
      numbers
    </Tabs>,
  );
  screen.getByRole("tab", { name: "Content" }).focus();
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it("names its content by the tab that is drawn", () => {
  expect(screen.getByRole("tabpanel", { name: "Content" }).textContent).toBe("numbers");
  expect(screen.getByRole("tablist", { name: "Sections" })).toBeDefined();
});

it.each([
  [["ArrowRight"], "Use"],
  [["ArrowLeft"], "People"],
  [["End", "ArrowRight"], "Content"],
  [["End", "Home"], "Content"],
])("%j leads to %s without choosing it", (keys, expected) => {
  for (const key of keys) fireEvent.keyDown(document.activeElement ?? document.body, { key });
  expect(document.activeElement?.textContent).toBe(expected);
  expect(changed).not.toHaveBeenCalled();
  expect(screen.getByRole("tab", { selected: true }).textContent).toBe("Content");
});

it("shows a choice at once, and only it is reached by the Tab key", () => {
  fireEvent.click(screen.getByRole("tab", { name: "Use" }));
  expect(changed.mock.calls).toEqual([["the use"]]);
  expect(screen.getByRole("tab", { selected: true }).textContent).toBe("Use");
  expect(screen.getAllByRole("tab").map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1]);
});

it("scrolls a tab that is cut off into the row when it is chosen, and back to one before", () => {
  const row = screen.getByRole("tablist");
  const ends = new Map([
    ["Content", [0, 90]],
    ["People", [250, 340]],
  ]);
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function place(this: Element) {
    const [left = 0, right = 300] = ends.get(this.textContent) ?? [];
    return new DOMRect(this === row ? 0 : left - row.scrollLeft, 0, right - left, 40);
  });
  fireEvent.click(screen.getByRole("tab", { name: "People" }));
  expect(row.scrollLeft).toBe(72);
  fireEvent.click(screen.getByRole("tab", { name: "Content" }));
  expect(row.scrollLeft).toBe(-32);
});

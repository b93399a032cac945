import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { DataTable, type TableData } from "./DataTable.tsx";
import { PrintingProvider } from "./printing.tsx";
import { tableCsv } from "./table-text.ts";

const row = (name: string, value: number | null) => ({
  key: name,
  cells: [{ text: name }, { text: value === null ? "–" : value.toLocaleString("en"), value }],
});
const data: TableData = {
  caption: "Views by language",
  columns: [
    { key: "name", title: "Language", numeric: false },
    { key: "value", title: "Views", numeric: true },
  ],
  rows: [row("English", 1_200), row("=French", 30), row("None, stated", null)],
  foot: row("All", 1_230),
};

afterEach(cleanup);

const press = (): boolean => fireEvent.click(screen.getByRole("button", { name: /Views/ }));
const names = (): readonly (string | null)[] => screen.getAllByRole("rowheader").map(({ textContent }) => textContent);

it("names its rows, keeps exact values, and sums up in the foot", () => {
  render(<DataTable data={data} />);
  expect(screen.getByRole("table", { name: "Views by language" })).toBeDefined();
  expect(names()).toEqual(["English", "=French", "None, stated", "All"]);
  expect(screen.getByText("1,200").closest("td")?.dataset["value"]).toBe("1200");
});

it("sorts by a column, the other way round, and back", () => {
  render(<DataTable data={data} sortable />);
  const head = screen.getByRole("columnheader", { name: /Views/ });
  press();
  expect(head.getAttribute("aria-sort")).toBe("descending");
  press();
  expect(head.getAttribute("aria-sort")).toBe("ascending");
  expect(names()).toEqual(["None, stated", "=French", "English", "All"]);
  press();
  expect(head.getAttribute("aria-sort")).toBe("none");
});

it("has a head of plain text on paper, where one with buttons would not be repeated", () => {
  render(
    <PrintingProvider>
      <DataTable data={data} sortable />
    </PrintingProvider>,
  );
  press();
  fireEvent(window, new Event("beforeprint"));
  expect(screen.queryByRole("button")).toBeNull();
  expect(names()).toEqual(["English", "=French", "None, stated", "All"]);
  fireEvent(window, new Event("afterprint"));
  expect(screen.getByRole("columnheader", { name: /Views/ }).getAttribute("aria-sort")).toBe("descending");
});

it("leaves as CSV with exact numbers and without formulas", () => {
  expect(tableCsv(data)).toBe('Language,Views\r\nEnglish,1200\r\n\'=French,30\r\n"None, stated",\r\nAll,1230');
});

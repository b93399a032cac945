import type { TableData } from "./DataTable.tsx";

const FORMULA = /^[=+\-@\t\r]/;

/** The table as CSV with exact numbers; cells that a spreadsheet would run as a formula are quoted. */
export function tableCsv(data: TableData): string {
  return lines(data, ",", csvCell);
}

/** The table as it is pasted into a spreadsheet. */
export function tableTabs(data: TableData): string {
  return lines(data, "\t", (text) => text.replaceAll(/[\t\n]/g, " "));
}

function lines(data: TableData, separator: string, cell: (text: string) => string): string {
  const rows = [...data.rows, ...(data.foot === undefined ? [] : [data.foot])];
  return [data.columns.map(({ title }) => title), ...rows.map(({ cells }) => cells.map(exact))]
    .map((texts) => texts.map(cell).join(separator))
    .join("\r\n");
}

function exact(cell: TableData["rows"][number]["cells"][number]): string {
  return typeof cell.value === "number" ? String(cell.value) : cell.value === null ? "" : cell.text;
}

function csvCell(text: string): string {
  const safe = FORMULA.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

import { useState, type ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { usePrinting } from "./printing.tsx";

export interface Column {
  readonly key: string;
  readonly title: string;
  readonly numeric: boolean;
}

/** One cell: what it says, and the number it was made from. */
export interface Cell {
  readonly text: string;
  /** Where more about it is found. */
  readonly href?: string;
  readonly value?: number | null;
  /** A sign before the text, which says the same. */
  readonly tone?: Tone;
}

/** Well, soon well again, not well. */
export type Tone = "good" | "late" | "bad";

export interface TableRow {
  readonly key: string;
  /** One per column, the first names the row. */
  readonly cells: readonly Cell[];
}

export interface TableData {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
  readonly foot?: TableRow;
}

interface Sorting {
  readonly column: number;
  readonly descending: boolean;
}

export interface DataTableProps {
  readonly data: TableData;
  /** Whether the reader may sort by any column. */
  readonly sortable?: boolean;
  /** Most rows that are shown, the first in their order. */
  readonly most?: number;
}

/** The numbers of a card. Scrolls sideways in its own focusable region. */
export function DataTable({ data, sortable = false, most }: DataTableProps): ReactNode {
  const words = useWords();
  const printing = usePrinting();
  // On paper a head with buttons is not repeated on the next page.
  const sorts = sortable && !printing;
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const rows = sorting === null ? data.rows : sortedRows(data.rows, sorting, words.compare);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard
    <section className="table-scroll" tabIndex={0} aria-label={words.text("table.scroll", { name: data.caption })}>
      <table>
        <caption>{data.caption}</caption>
        <thead>
          <tr>
            {data.columns.map((column, index) => (
              <HeadCell
                key={column.key}
                column={column}
                sorted={sorting?.column === index ? sorting.descending : null}
                onSort={sorts ? () => setSorting(nextSorting(sorting, index, column.numeric)) : null}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, most).map((row) => (
            <Row key={row.key} row={row} columns={data.columns} />
          ))}
        </tbody>
        {data.foot === undefined ? null : (
          <tfoot>
            <Row row={data.foot} columns={data.columns} />
          </tfoot>
        )}
      </table>
    </section>
  );
}

function nextSorting(sorting: Sorting | null, column: number, numeric: boolean): Sorting | null {
  if (sorting?.column !== column) return { column, descending: numeric };
  return sorting.descending === numeric ? { column, descending: !numeric } : null;
}

function sortedRows(
  rows: readonly TableRow[],
  { column, descending }: Sorting,
  compare: (a: string, b: string) => number,
): readonly TableRow[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [first, second] = [a.cells[column], b.cells[column]];
    if (first?.value === undefined || second?.value === undefined)
      return sign * compare(first?.text ?? "", second?.text ?? "");
    return sign * ((first.value ?? Number.NEGATIVE_INFINITY) - (second.value ?? Number.NEGATIVE_INFINITY));
  });
}

interface HeadCellProps {
  readonly column: Column;
  /** Null: not sorted by this column. */
  readonly sorted: boolean | null;
  readonly onSort: (() => void) | null;
}

function HeadCell({ column, sorted, onSort }: HeadCellProps): ReactNode {
  const order = sorted === null ? "none" : sorted ? "descending" : "ascending";
  return (
    <th scope="col" className={column.numeric ? "num" : ""} {...(onSort === null ? {} : { "aria-sort": order })}>
      {onSort === null ? (
        <HeadText title={column.title} />
      ) : (
        <button type="button" className={`sort ${sorted === null ? "" : "sorted"}`} onClick={onSort}>
          <HeadText title={column.title} />
          {sorted === null ? null : <span aria-hidden="true">{sorted ? " ↓" : " ↑"}</span>}
        </button>
      )}
    </th>
  );
}

/** Names of values can be of any length. */
function HeadText({ title }: { readonly title: string }): ReactNode {
  return (
    <span className="head-text" title={title}>
      {title}
    </span>
  );
}

function Row({ row, columns }: { readonly row: TableRow; readonly columns: readonly Column[] }): ReactNode {
  return (
    <tr>
      {row.cells.map((cell, index) => {
        const column = columns[index];
        if (index === 0) {
          return (
            <th key="name" scope="row" title={cell.text}>
              {cell.href === undefined ? cell.text : <a href={cell.href}>{cell.text}</a>}
            </th>
          );
        }
        return (
          <td key={column?.key ?? index} className={column?.numeric ? "num" : ""} data-value={cell.value ?? undefined}>
            {cell.tone === undefined ? null : <span className={`dot ${cell.tone}`} aria-hidden="true" />}
            <bdi>{cell.text}</bdi>
          </td>
        );
      })}
    </tr>
  );
}

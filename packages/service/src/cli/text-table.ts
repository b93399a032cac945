/** Rows as aligned lines, two blanks between columns: the first `left` columns to the left, numbers to the right. */
export function table(rows: readonly (readonly string[])[], { left }: { readonly left: number }): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, at) => (at < left ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

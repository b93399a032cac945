/** A path as a text of SQL. */
export function quoted(path: string): string {
  return `'${path.replaceAll("'", "''")}'`;
}

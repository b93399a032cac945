/** Where it is said what each number means; for a route as well as an address. @param dashboard of the repository */
export function howWeCountPath(dashboard: string): string {
  return `${dashboard.replace(/\/$/, "")}/how-we-count`;
}

/** "/communities/<pid_value>/stats" as the router writes it; a trailing slash never matters. */
export function routePath(configured: string): string {
  const path = `/${configured}`.replace(/\/+/g, "/").replace(/<(?:\w+:)?(\w+)>/g, ":$1");
  return path.length > 1 ? path.replace(/\/$/, "") : path;
}

/** Where the page stands that says what each number means. @param globalRoute the configured route of the repository's dashboard */
export function howWeCountPath(globalRoute: string): string {
  return routePath(`${globalRoute}/how-we-count`);
}

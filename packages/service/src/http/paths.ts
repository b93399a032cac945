/** "/communities/<pid_value>/stats" as the router writes it; a trailing slash never matters. */
export function routePath(configured: string): string {
  const path = `/${configured}`.replace(/\/+/g, "/").replace(/<(?:\w+:)?(\w+)>/g, ":$1");
  return path.length > 1 ? path.replace(/\/$/, "") : path;
}

/**
 * `fetch` for servers that are made to work hard: a connection that was kept open may be closed just when it is used again, and then the
 * request is sent once more.
 */
export async function ask(url: string, options: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (!isReset(error)) throw error;
    return await fetch(url, options);
  }
}

function isReset(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && (cause.code === "ECONNRESET" || cause.code === "UND_ERR_SOCKET");
}

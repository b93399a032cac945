/** scheme://user:secret@host:port/…: only the host is let through. */
const PLAIN_HOST = /^[a-z][a-z0-9+.-]*:\/\/([a-z0-9._-]+)(?::\d*)?(?:[/?#]|$)/i;
const LONGEST_HOST = 253;

/** Host of a referrer in lower case, or null where there is none. Paths and queries can hold search words and secrets. */
export function referrerHost(referrer: string): string | null {
  const host = PLAIN_HOST.exec(referrer)?.[1] ?? URL.parse(referrer)?.hostname ?? "";
  return host === "" || host.length > LONGEST_HOST ? null : host.toLowerCase().toWellFormed();
}

import { setTimeout as wait } from "node:timers/promises";
import { StatsError } from "@community-stats/contract/problems.ts";
import { z } from "zod";

export type HarvestKind = "communities" | "records";

export interface HarvestOptions {
  /** Address of the repository without a trailing slash. */
  readonly url: string;
  /** Bearer token; null: as a guest, who sees what is public. */
  readonly token: string | null;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** Entries of a page; at most what the repository answers. */
  readonly pageSize: number;
}

/** Some entries, in the order of their last change. */
export interface HarvestPage {
  readonly entries: readonly unknown[];
  /** `updated` of the last entry: from there it can be gone on with. */
  readonly position: string;
  /** Entries that there are from the beginning of this walk on. */
  readonly total: number;
}

/** The repository does not give what is asked of it. */
export class HarvestError extends StatsError {
  readonly code = "HARVEST";
  readonly status = 502;
  readonly hint: string;
  constructor(what: string, hint: string) {
    super(what);
    this.hint = hint;
  }
}

/** The repository stops to answer after so many entries of one question. */
const WINDOW = 10_000;
const MOST_WAITS = 8;
const TIMEOUT_MS = 60_000;

const pageSchema = z.object({
  hits: z.object({ total: z.number(), hits: z.array(z.looseObject({ id: z.string(), updated: z.string() })) }),
});
type Page = z.infer<typeof pageSchema>;

/**
 * Everything of a kind that was changed at `since` or later, all versions of records included. The walk goes by the time of change and begins
 * anew at the last one before the repository's limit, so entries may come twice; who takes them in knows those that are known.
 * @throws HarvestError
 */
export async function* harvest(
  kind: HarvestKind,
  since: string | null,
  options: HarvestOptions,
): AsyncGenerator<HarvestPage> {
  let from = since;
  for (;;) {
    let last = from;
    let seen = 0;
    for (let page = 1; page * options.pageSize <= WINDOW; page++) {
      const { total, hits } = (await ask(addressOf(kind, from, { ...options, page }), options)).hits;
      seen += hits.length;
      const position = hits.at(-1)?.updated;
      if (position === undefined) return;
      last = position;
      yield { entries: hits, position, total };
      if (seen >= total || options.signal.aborted) return;
    }
    if (last === from) {
      throw new HarvestError(
        `More than ${WINDOW} ${kind} of ${options.url} have the same time of change (${last}).`,
        "Export them from the search index of the repository, and feed the file in with `community-stats ingest`.",
      );
    }
    from = last;
  }
}

interface Place {
  readonly url: string;
  readonly pageSize: number;
  readonly page: number;
}

function addressOf(kind: HarvestKind, from: string | null, { url, pageSize, page }: Place): string {
  const query = new URLSearchParams({ sort: "updated-asc", size: String(pageSize), page: String(page) });
  if (kind === "records") query.set("allversions", "true");
  if (from !== null) query.set("q", `updated:["${from}" TO *]`);
  return `${url}/api/${kind}?${query.toString()}`;
}

/** Waits where it is asked to, and tries again where the repository is busy. */
async function ask(address: string, options: HarvestOptions): Promise<Page> {
  const { token, fetch, signal } = options;
  const headers = { accept: "application/json", ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
  for (let attempt = 0; ; attempt++) {
    const outcome = await answered(() =>
      fetch(address, {
        headers,
        redirect: "error",
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      }),
    );
    if ("page" in outcome) return outcome.page;
    signal.throwIfAborted();
    if (!outcome.again || attempt === MOST_WAITS) {
      throw new HarvestError(
        `${address.split("?")[0]} gives no list: ${outcome.reason}.`,
        "Check COMMUNITY_STATS_INVENIO_URL and COMMUNITY_STATS_HARVEST_TOKEN, and that this machine reaches the repository.",
      );
    }
    await wait(outcome.waitMs ?? 500 * 2 ** attempt, undefined, { signal });
  }
}

type Outcome =
  | { readonly page: Page }
  | { readonly reason: string; readonly again: boolean; readonly waitMs: number | null };

async function answered(send: () => Promise<Response>): Promise<Outcome> {
  try {
    const response = await send();
    const { status } = response;
    if (status !== 200) {
      const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
      await response.body?.cancel();
      const waitMs = Number.isFinite(seconds) ? Math.min(seconds, 3600) * 1000 : null;
      return { reason: `status ${status}`, again: status === 429 || status >= 500, waitMs };
    }
    const parsed = pageSchema.safeParse(await response.json());
    return parsed.success ? { page: parsed.data } : { reason: "the answer is no list", again: false, waitMs: null };
  } catch (error) {
    // The message of an error could hold the address with what was asked; a word is enough.
    return { reason: error instanceof Error ? error.name : "unknown", again: true, waitMs: null };
  }
}

import type { Freshness } from "@community-stats/contract/series.ts";
import { isPlanned, type AnswerEntry } from "../cache/answering.ts";
import { rangeOf } from "../cache/export-content.ts";
import type { QueryPlan } from "../query/plan.ts";

/** How long others may keep an answer without asking again. */
export interface CachePolicy {
  readonly cacheControl: string;
  /** Request headers that decide about the form of the answer; caller.ts adds those that decide whether there is one. */
  readonly vary: readonly string[];
}

const NEGOTIATED = ["Accept", "Accept-Encoding"];
/** Numbers grow once an hour; a minute bounds how late a reader learns of it. */
const CURRENT = "max-age=60";
/** A late event may still restate a closed year: an hour unasked, a day more while asking. */
const CLOSED = "max-age=3600, stale-while-revalidate=86400";
/** The address names the state of the numbers. */
const FOREVER = "max-age=31536000, immutable";
/** Only who can read the community may keep it, and must ask each time whether that is still so. */
const RESTRICTED = "private, no-cache";

export interface PolicyInput {
  readonly entries: readonly AnswerEntry[];
  readonly freshness: Freshness;
  /** Parameter `version` of the address. */
  readonly version: unknown;
  /** The request carries a cookie or a token. */
  readonly credential: boolean;
}

export function cachePolicy({ entries, freshness, version, credential }: PolicyInput): CachePolicy {
  const communities = entries.filter(isPlanned).flatMap(({ scope }) => scope.community ?? []);
  if (communities.some(({ visibility }) => visibility === "restricted")) {
    return { cacheControl: RESTRICTED, vary: NEGOTIATED };
  }
  // Whoever shows a credential may have been let in by it, though the community is taken for public here.
  const keeper = credential && communities.length > 0 ? "private" : "public";
  return { cacheControl: `${keeper}, ${lifetime(entries, freshness, version)}`, vary: NEGOTIATED };
}

function lifetime(entries: readonly AnswerEntry[], freshness: Freshness, version: unknown): string {
  const plans = entries.filter(isPlanned).map(({ plan }) => plan);
  // Whatever the range: a record that is named today may be restricted or deleted tomorrow.
  if (plans.some(({ form }) => form === "records" || form === "record-usage")) return CURRENT;
  if (!areClosed(plans, freshness)) return CURRENT;
  return version === numbersVersion(freshness) ? FOREVER : CLOSED;
}

/** Of the last single plan with a freshness: a kept answer is sent many times with the same two. */
const KNOWN = new WeakMap<Freshness, { readonly plan: QueryPlan; readonly closed: boolean }>();

function areClosed(plans: readonly QueryPlan[], freshness: Freshness): boolean {
  const [plan, ...more] = plans;
  const known = KNOWN.get(freshness);
  if (known !== undefined && known.plan === plan && more.length === 0) return known.closed;
  const closed = isClosed(rangeOf(plans, freshness).to, freshness);
  if (plan !== undefined && more.length === 0) KNOWN.set(freshness, { plan, closed });
  return closed;
}

/** All asked days lie in years that are over and counted without a gap. */
function isClosed(to: string | null, { asOf, missingDays, incompleteDays }: Freshness): boolean {
  if (to === null || asOf === null) return false;
  return to.slice(0, 4) < asOf.slice(0, 4) && missingDays.length === 0 && incompleteDays.length === 0;
}

/** Names the state of all numbers: their rules, and when they were last counted. */
export function numbersVersion({ ruleVersion, updatedAt }: Freshness): string {
  return `${ruleVersion}.${(updatedAt ?? "").replaceAll(/[^0-9]/g, "")}`;
}

/** Whether a copy that the caller holds is this one. Weak and strong tags are compared alike (RFC 9110, 13.1.2). */
export function holds(ifNoneMatch: string | undefined, etag: string | null): boolean {
  if (ifNoneMatch === undefined || etag === null) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const tags = ifNoneMatch.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => tag.replace(/^W\//, "") === etag);
}

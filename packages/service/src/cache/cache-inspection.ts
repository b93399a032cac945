import type { Attempting } from "./cache-database.ts";
import { type CacheSummary, EMPTY_SUMMARY, type EntryFilter, type EntryInfo } from "./kept-answers.ts";

const FIELDS = `key, scope, query, from_day AS "from", to_day AS "to", parameters, format, bytes, content_bytes AS contentBytes,
  created_at AS createdAt, used_at AS usedAt`;

/** By scope (the repository first), query and days. */
export function listEntries(file: Attempting, filter: EntryFilter, limit: number): readonly EntryInfo[] {
  const { where, values } = condition(filter);
  const order = "ORDER BY scope <> 'global', scope, query, from_day, key";
  return file.attempt([], (database) =>
    database
      .prepare<Record<string, unknown>, EntryInfo>(`SELECT ${FIELDS} FROM entries WHERE ${where} ${order} LIMIT @limit`)
      .all({ ...values, limit }),
  );
}

export function countEntries(file: Attempting, filter: EntryFilter): number {
  const { where, values } = condition(filter);
  return file.attempt(0, (database) =>
    Number(database.prepare(`SELECT count(*) FROM entries WHERE ${where}`).pluck().get(values)),
  );
}

/** Returns the number of entries removed. */
export function removeEntries(file: Attempting, filter: EntryFilter): number {
  const { where, values } = condition(filter);
  return file.attempt(0, (database) => database.prepare(`DELETE FROM entries WHERE ${where}`).run(values).changes);
}

/** Gives the space of removed entries back to the disk. */
export function shrink(file: Attempting): void {
  file.attempt(undefined, (database) => database.exec("VACUUM"));
}

interface Condition {
  readonly where: string;
  readonly values: Readonly<Record<string, string>>;
}

const CONDITIONS: Readonly<Record<keyof EntryFilter, string>> = {
  scope: "scope = @scope",
  query: "query = @query",
  pattern: "key GLOB @pattern",
  from: "from_day = @from",
  to: "to_day = @to",
  // Without the parameter a query is by the day on which records were added.
  basis: `'&' || parameters || '&' LIKE '%&date_basis=' || @basis || '&%'
    OR (@basis = 'added' AND '&' || parameters NOT LIKE '%&date_basis=%')`,
  format: "format = @format",
};

function condition(filter: EntryFilter): Condition {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const parts = Object.entries(CONDITIONS).filter(([name]) => given.some(([known]) => known === name));
  const where = parts.map(([, text]) => `(${text})`).join(" AND ");
  return { where: where === "" ? "1" : where, values: Object.fromEntries(given) };
}

interface SummaryRow {
  readonly entries: number;
  readonly bytes: number;
  readonly contentBytes: number;
  readonly scopes: number;
  readonly reachable: number;
  readonly oldest: number | null;
  readonly newest: number | null;
}

const SUMMARY = `SELECT count(*) entries, coalesce(sum(bytes), 0) bytes, coalesce(sum(content_bytes), 0) contentBytes,
  count(DISTINCT scope) scopes, coalesce(sum(state = ?), 0) reachable, min(created_at) oldest, max(created_at) newest FROM entries`;

/** @param state of the numbers now; null where nothing is counted yet. */
export function summarize(file: Attempting, state: string | null): CacheSummary {
  return file.attempt(EMPTY_SUMMARY, (database) => {
    const row = database.prepare<[string], SummaryRow>(SUMMARY).get(state ?? "");
    const formats = database
      .prepare<[], { format: string; n: number }>(
        "SELECT format, count(*) n FROM entries GROUP BY format ORDER BY format",
      )
      .all();
    const pages = Number(database.pragma("page_count", { simple: true }));
    const fileBytes = pages * Number(database.pragma("page_size", { simple: true }));
    const byFormat = Object.fromEntries(formats.map(({ format, n }) => [format, n]));
    return { ...EMPTY_SUMMARY, ...row, fileBytes, byFormat };
  });
}

import { crc32 } from "node:zlib";
import type { Freshness } from "@community-stats/contract/series.ts";
import type { Encoding } from "./answering.ts";
import type { EntryFilter, EntryInfo, StoredAnswer, StoredBody } from "./kept-answers.ts";

/** What stands beside a body in Redis, as JSON. */
interface Info extends Omit<EntryInfo, "usedAt"> {
  readonly hash: string;
  readonly freshness: Freshness;
  readonly encoding: Encoding;
  readonly checksum: number;
}

export function infoText(
  { key, subject, hash, freshness, encoding, contentBytes, body }: StoredAnswer,
  at: number,
): string {
  const about = { key, ...subject, bytes: body.length, contentBytes, createdAt: at };
  return JSON.stringify({ ...about, hash, freshness, encoding, checksum: crc32(body) } satisfies Info);
}

/** Null where the two do not belong together. */
export function bodyOf(info: string, body: Buffer): StoredBody | null {
  const { hash, freshness, encoding, contentBytes, checksum }: Info = JSON.parse(info);
  return checksum === crc32(body) ? { hash, freshness, encoding, contentBytes, body } : null;
}

export function entryOf(info: string, usedAt: number): EntryInfo {
  const { key, scope, query, from, to, parameters, format, bytes, contentBytes, createdAt }: Info = JSON.parse(info);
  return { key, scope, query, from, to, parameters, format, bytes, contentBytes, createdAt, usedAt };
}

/** The order of lists: the repository first, then by scope, query and days. */
export function compareEntries(a: EntryInfo, b: EntryInfo): number {
  const [left, right] = [orderOf(a), orderOf(b)];
  const at = left.findIndex((part, index) => part !== right[index]);
  if (at === -1) return 0;
  return (left[at] ?? "") < (right[at] ?? "") ? -1 : 1;
}

function orderOf({ scope, query, from, key }: EntryInfo): readonly string[] {
  return [scope === "global" ? "0" : "1", scope, query, from, key];
}

/** Whether an entry is meant. */
export function matcher({ pattern, basis, ...exact }: EntryFilter): (entry: EntryInfo) => boolean {
  const glob = pattern === undefined ? null : globExpression(pattern);
  const parts = Object.entries(exact).filter(([, value]) => value !== undefined);
  return (entry) =>
    parts.every(([name, value]) => Object.entries(entry).some(([field, text]) => field === name && text === value)) &&
    (glob === null || glob.test(entry.key)) &&
    (basis === undefined || basisOf(entry) === basis);
}

function globExpression(pattern: string): RegExp {
  const parts = [...pattern].map((character) =>
    character === "*" ? ".*" : character === "?" ? "." : character.replace(/[\\^$.|+()[\]{}/]/, String.raw`\$&`),
  );
  return new RegExp(`^${parts.join("")}$`, "su");
}

/** Without the parameter a query is by the day on which records were added. */
function basisOf({ parameters }: EntryInfo): string {
  return new URLSearchParams(parameters).get("date_basis") ?? "added";
}

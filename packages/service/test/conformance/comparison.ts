import { hash } from "node:crypto";
import { openOracle, QUERIES, type Oracle, type OracleQuery, type World } from "../oracle/oracle.ts";
import { canonicalJson, field, isObject } from "../oracle/text.ts";
import type { SystemSettings, SystemUnderTest } from "./system.ts";

export interface Scene {
  readonly world: World;
  readonly scopes: readonly string[];
  readonly windows: readonly { readonly from: string; readonly to: string }[];
}

/** The oracle under the settings of the system. */
export function oracleOf(world: World, settings: SystemSettings): Oracle {
  return openOracle(world, { subcounts: settings.breakdowns, topLimit: settings.topLimit });
}

export function queriesOf({ scopes, windows }: Scene): readonly OracleQuery[] {
  return QUERIES.flatMap((query) => scopes.flatMap((scope) => windows.map((window) => ({ query, scope, ...window }))));
}

/** A cluster is waited for longer than it works. */
const ASKED_AT_ONCE = 8;

/** Digests of the documents that the oracle gave, by query: a world that several systems are put to is worked out once. */
export type KnownDigests = Map<string, string>;

/** The first document that differs, told for people; null if all are equal, byte by byte in canonical JSON. */
export async function firstDifference(
  system: SystemUnderTest,
  oracle: Oracle,
  scene: Scene & { readonly digests?: KnownDigests },
): Promise<string | null> {
  for await (const { query, found } of answered(system, queriesOf(scene))) {
    if (digestOf(found.map(withoutTimes)) === expectedDigest(oracle, query, scene.digests)) continue;
    const difference = documentsDiffer(query, oracle.documents(query), found);
    if (difference !== null) return difference;
  }
  return null;
}

interface Answered {
  readonly query: OracleQuery;
  readonly found: readonly object[];
}

/** What the system answers, in the order of the queries, several of which it is asked at once. */
export async function* answered(system: SystemUnderTest, queries: readonly OracleQuery[]): AsyncGenerator<Answered> {
  for (let at = 0; at < queries.length; at += ASKED_AT_ONCE) {
    const some = queries.slice(at, at + ASKED_AT_ONCE);
    yield* await Promise.all(some.map(async (query) => ({ query, found: await system.documents(query) })));
  }
}

function expectedDigest(oracle: Oracle, query: OracleQuery, digests: KnownDigests = new Map()): string {
  const key = JSON.stringify(query);
  const digest = digests.get(key) ?? digestOf(oracle.documents(query));
  digests.set(key, digest);
  return digest;
}

/** Of the text as it is: where only the order of the fields differs, the documents themselves are compared. */
function digestOf(documents: readonly object[]): string {
  return hash("sha1", JSON.stringify(documents), "base64");
}

export function documentsDiffer(
  { query, scope, from, to }: OracleQuery,
  expected: readonly object[],
  found: readonly object[],
): string | null {
  const title = `${query} of ${JSON.stringify(scope)} from ${from} to ${to}`;
  const [wanted, given] = [expected, found.map(withoutTimes)];
  const index = wanted.findIndex((document, at) => canonicalJson(document) !== canonicalJson(given[at]));
  if (index < 0 && wanted.length === given.length) return null;
  if (index < 0 || given[index] === undefined) {
    return `${title}: ${wanted.length} documents expected, ${given.length} found`;
  }
  const paths = differences(wanted[index], given[index]).slice(0, 12);
  return [`${title}: the document of ${dayOf(wanted[index])} differs`, ...paths].join("\n  ");
}

function withoutTimes(document: object): object {
  const times = ["timestamp", "updated_timestamp"];
  return Object.fromEntries(Object.entries(document).filter(([name]) => !times.includes(name)));
}

function dayOf(document: unknown): string {
  return String(field(document, "period_start") ?? field(document, "snapshot_date")).slice(0, 10);
}

/** Paths at which two values differ, with both sides. Items are found by their id, or by their place where they have none. */
export function differences(expected: unknown, found: unknown, path = ""): readonly string[] {
  if (canonicalJson(expected) === canonicalJson(found)) return [];
  if (Array.isArray(expected) && Array.isArray(found)) return listDifferences(expected, found, path);
  if (!isObject(expected) || !isObject(found)) {
    return [`${path}: expected ${brief(expected)}, found ${brief(found)}`];
  }
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return Array.from(names).flatMap((name) => differences(field(expected, name), field(found, name), `${path}.${name}`));
}

function listDifferences(expected: readonly unknown[], found: readonly unknown[], path: string): readonly string[] {
  const [wanted, given] = [keyed(expected), keyed(found)];
  const order = [expected, found].map((items) => items.map(idOf).join());
  const inside = Array.from(new Set([...wanted.keys(), ...given.keys()])).flatMap((id) =>
    differences(wanted.get(id), given.get(id), `${path}[${id.slice(0, 60)}]`),
  );
  return inside.length > 0 ? inside : [`${path}: expected order ${order[0]}, found ${order[1]}`];
}

function keyed(items: readonly unknown[]): ReadonlyMap<string, unknown> {
  return new Map(items.map((item, place) => [idOf(item) ?? String(place), item]));
}

/** A series without an id of its own is told by its kind. */
function idOf(item: unknown): string | undefined {
  const id = field(item, "id");
  return JSON.stringify(id === "" ? (field(item, "kind") ?? id) : id);
}

function brief(value: unknown): string {
  const text = canonicalJson(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

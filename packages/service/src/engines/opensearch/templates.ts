import { z } from "zod";
import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { type IndexNames, mappingVersion } from "./names.ts";
import type { Json, Requests } from "./requests.ts";
import { TOGETHER } from "./window-columns.ts";

/** How indices are laid out. */
export interface IndexSettings {
  /** Copies of each shard; null: one where there is a second node. */
  readonly replicas: number | null;
}

/** Grows with the version: of two templates for one pattern the newer one holds, as long as an older release is about. */
const PRIORITY = 200;
const KEYWORD = { type: "keyword" };
const INTEGER = { type: "integer" };
const LONG = { type: "long" };
const FLAG = { type: "boolean" };
/** Kept as it is, and never looked into. */
const OPAQUE = { type: "object", enabled: false };
const BYTES = { type: "binary", doc_values: true };
const STORED_BYTES = { type: "binary", doc_values: false };

/** Column of a breakdown's use. */
export function breakdownField(breakdown: string): string {
  return breakdown === "" ? "total" : `by_${breakdown}`;
}

/** Null for a column of something else. */
export function breakdownOfField(field: string): string | null {
  if (field === "total") return "";
  return field.startsWith("by_") ? field.slice("by_".length) : null;
}

/** What every kind of document may have. `t` tells its kind. */
const COMMON = { t: KEYWORD, kind: KEYWORD, period: INTEGER, token: LONG, line: OPAQUE };
const KINDS: Readonly<Record<"facts" | "records" | "rollups" | "numbers", Json>> = {
  facts: {
    ...COMMON,
    version: LONG,
    count: LONG,
    bytes: LONG,
    generated: FLAG,
    parts: OPAQUE,
    texts: OPAQUE,
    payload: STORED_BYTES,
  },
  records: {
    ...COMMON,
    record: KEYWORD,
    parent: KEYWORD,
    updated: { type: "double" },
    generated: FLAG,
    text: { type: "keyword", index: false, doc_values: false },
  },
  rollups: { ...COMMON, texts: OPAQUE, payload: STORED_BYTES },
  numbers: {
    ...COMMON,
    scope: INTEGER,
    part: INTEGER,
    count: INTEGER,
    w: LONG,
    days: OPAQUE,
    data: BYTES,
    [TOGETHER]: BYTES,
    ...Object.fromEntries(
      ["", ...DEFAULT_BREAKDOWNS.map(({ name }) => name)].map((name) => [breakdownField(name), BYTES]),
    ),
  },
};

/** Columns of numbers are read as columns; a second copy in the source would only take room. */
const SOURCE: Readonly<Partial<Record<string, Json>>> = { numbers: { excludes: ["data", TOGETHER, "total", "by_*"] } };

/** Puts the templates of this release, and makes those indices that are there from the start. */
export async function provideIndices(requests: Requests, names: IndexNames, settings: IndexSettings): Promise<void> {
  const wanted = [names.facts, names.records, names.rollups];
  const [there, templates] = await Promise.all([existing(requests, names), existingTemplates(requests, names)]);
  const missing = Object.keys(KINDS).filter((kind) => !templates.has(names.template(kind)));
  await Promise.all(missing.map((kind) => putTemplate(requests, names, { kind, settings })));
  await Promise.all(wanted.filter((name) => !there.has(name)).map((name) => createIndex(requests, name)));
}

/** Does nothing when somebody else was quicker. */
export async function createIndex(requests: Requests, name: string, settings: Json = {}): Promise<void> {
  // 400 is also what an index answers that is there already; whatever else is wrong shows at the first write.
  await requests.send("PUT", `/${name}`, { body: { settings }, accept: [400] });
}

async function existing(requests: Requests, names: IndexNames): Promise<ReadonlySet<string>> {
  const { body } = await requests.send("GET", `/${names.all}`, { query: { filter_path: "*.settings.index.uuid" } });
  return new Set(Object.keys(Object(body)));
}

async function existingTemplates(requests: Requests, names: IndexNames): Promise<ReadonlySet<string>> {
  const query = { filter_path: "index_templates.name" };
  const { body } = await requests.send("GET", `/_index_template/${names.all}`, { query, accept: [404] });
  const { index_templates: found = [] } = templatesSchema.parse(body);
  return new Set(found.map(({ name }) => name));
}

const templatesSchema = z.object({ index_templates: z.array(z.object({ name: z.string() })).optional() });

async function putTemplate(
  requests: Requests,
  names: IndexNames,
  { kind, settings }: { kind: string; settings: IndexSettings },
): Promise<void> {
  const source = SOURCE[kind];
  const body = {
    index_patterns: kind === "numbers" ? [names.numbers(0).replace(/0$/, "*")] : [names[kind as "facts"]],
    priority: PRIORITY + mappingVersion(kind),
    template: {
      settings: indexSettings(kind, settings),
      mappings: {
        dynamic: "strict",
        date_detection: false,
        numeric_detection: false,
        ...(source === undefined ? {} : { _source: source }),
        properties: KINDS[kind as "facts"],
      },
    },
  };
  await requests.send("PUT", `/_index_template/${names.template(kind)}`, { body });
}

/**
 * Numbers that are built beside those that are read show when they are asked to: what is shown each second is many small segments, which are
 * merged again and again.
 */
export const WHILE_BUILT: Json = { index: { refresh_interval: "-1" } };
export const WHILE_READ: Json = { index: { refresh_interval: "1s" } };

/** Numbers are columns, which no codec packs: a slow one would only pack the copy of each source that OpenSearch keeps for a while. */
const CODECS: Readonly<Partial<Record<string, string>>> = { numbers: "default" };

/** One shard each: only within a shard is a search one moment in time, and only there are facts numbered in one sequence. */
function indexSettings(kind: string, { replicas }: IndexSettings): Json {
  const copies = replicas === null ? { auto_expand_replicas: "0-1" } : { number_of_replicas: replicas };
  const codec = CODECS[kind] ?? "best_compression";
  return { index: { number_of_shards: 1, refresh_interval: "1s", codec, ...copies } };
}

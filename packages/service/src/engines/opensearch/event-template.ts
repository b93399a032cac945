import type { EnrichedField, Enrichment } from "../../engine/event-indices.ts";
import type { EventNames } from "./event-names.ts";
import type { Json, Requests } from "./requests.ts";

const KEYWORD = { type: "keyword" };
const FLAG = { type: "boolean" };
/** Any ISO date: events were stored with and without zone and fraction. */
const DATE = { type: "date", format: "strict_date_optional_time" };
/** Above the original's template, which would put an index into the alias of readers before anything is verified. */
const PRIORITY = 500;
const OWNER = "community-stats";

/** What the repository's own templates know of. */
const RAW: Json = {
  timestamp: DATE,
  updated_timestamp: DATE,
  ...keywords("recid", "parent_recid", "unique_id", "visitor_id", "unique_session_id", "country", "referrer", "labels"),
  ...keywords("bucket_id", "file_id", "file_key", "record_id", "parent_id", "session_id", "user_id"),
  via_api: FLAG,
  is_robot: FLAG,
  is_machine: FLAG,
  size: { type: "double" },
};

function keywords(...names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, KEYWORD]));
}

/** Settings of the indices for enriched events, and that no alias comes with them. */
export async function putEventTemplate(requests: Requests, names: EventNames, replicas: number | null): Promise<void> {
  const copies = replicas === null ? { auto_expand_replicas: "0-1" } : { number_of_replicas: replicas };
  const settings = { index: { number_of_shards: 1, refresh_interval: "5s", ...copies } };
  // A field that only this repository has is kept and not looked into: nothing grows by itself, and no event is refused for it.
  const mappings = { dynamic: false, date_detection: false, numeric_detection: false, properties: RAW };
  const body = { index_patterns: names.enrichedPatterns, priority: PRIORITY, template: { settings, mappings } };
  await requests.send("PUT", `/_index_template/${names.template}`, { body });
}

/** What a configuration adds to the mapping. */
export function enrichedMappings({ configuration, fields }: Enrichment): Json {
  const added = fields.map((field) => [field.name, mappingOf(field)] as const);
  return {
    _meta: { made_by: OWNER, configuration, fields: fields.map(({ name }) => name) },
    properties: { community_ids: KEYWORD, enrichment: KEYWORD, ...Object.fromEntries(added) },
  };
}

function mappingOf({ kind, sources, label }: EnrichedField): Json {
  if (kind !== "entries") return KEYWORD;
  const ids = sources.flatMap(({ id, orName }) => [id, orName]).filter((key) => typeof key === "string");
  const labels = sources.flatMap((source) => source.label ?? []);
  const shown = label === "text" ? KEYWORD : { type: "object", enabled: false };
  return {
    type: "object",
    dynamic: false,
    properties: { ...Object.fromEntries(labels.map((key) => [key, shown])), ...keywords(...ids) },
  };
}

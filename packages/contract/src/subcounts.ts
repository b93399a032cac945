import { z } from "zod";
import {
  type Breakdown,
  type EventField,
  type LabelShape,
  type RecordSide,
  type UsageSide,
  type ValueSource,
} from "./breakdowns.ts";

/**
 * `COMMUNITY_STATS_SUBCOUNTS` as operators write it, under the keys of the original's manual. `with_files_only`, `field_type` and
 * `delta_aggregation_name` are accepted and have no effect on any number.
 */
const sourceField = z.looseObject({
  field: z.string().min(1),
  label_field: z.string().min(1).nullish(),
  label_source_includes: z.array(z.string()).nullish(),
  combine_subfields: z.array(z.string()).nullish(),
});
const side = z.looseObject({
  delta_aggregation_name: z.string().nullish(),
  snapshot_type: z.enum(["all", "top"]).nullish(),
  source_fields: z.array(sourceField).nullish(),
  event_field: z.string().nullish(),
  extraction_path_for_event: z.union([z.string(), z.array(z.string().min(1)).min(1)]).nullish(),
});
type SubcountSide = z.infer<typeof side>;
type SourceField = z.infer<typeof sourceField>;
export const subcountsSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9_]*$/, "a subcount name is lower case with underscores"),
  z.looseObject({ records: side.nullish(), usage_events: side.superRefine(checkEventFields).nullish() }),
);
export type Subcounts = z.infer<typeof subcountsSchema>;

/** A field that the event does not have would count nothing, and nobody would be told. */
function checkEventFields(entry: SubcountSide, context: z.RefinementCtx): void {
  const event = entry.event_field ?? "";
  if (pathsOf(entry).length === 0) checkOwnFields(entry, context);
  if (event === "" || pathsOf(entry).length === 0) return;
  entry.source_fields?.forEach((source, index) => {
    for (const key of ["field", "label_field"] as const) {
      const name = source[key] ?? event;
      if (isAtOrBelow(name, event)) continue;
      const message = `"${name}" is no part of the event's field "${event}", so nothing would be counted; write "${event}" or "${event}.<part>"`;
      context.addIssue({ code: "custom", path: ["source_fields", index, key], message });
    }
  });
}

/** What an event itself holds is two fields; all else is looked up in the record. */
function checkOwnFields({ source_fields: fields }: SubcountSide, context: z.RefinementCtx): void {
  const [first] = fields ?? [];
  if (first === undefined || isEventField(withoutKeyword(first.field))) return;
  const message = `an event itself has ${EVENT_OWN_FIELDS.join(" and ")} only, so nothing would be counted by "${first.field}"; say with extraction_path_for_event where the record has it, or write usage_events: {} to count no use`;
  context.addIssue({ code: "custom", path: ["source_fields", 0, "field"], message });
}

const EVENT_OWN_FIELDS: readonly EventField[] = ["country", "referrer"];
function isEventField(name: string): name is EventField {
  return EVENT_OWN_FIELDS.some((field) => field === name);
}

function isAtOrBelow(name: string, field: string): boolean {
  return withoutKeyword(name) === field || name.startsWith(`${field}.`);
}

/** Where in a record the values of an event's field are found. */
function pathsOf(entry: SubcountSide): readonly string[] {
  return [entry.extraction_path_for_event ?? []].flat();
}

/** Names of the fields in enriched usage events, where they differ from the breakdown's own name. */
const EVENT_FIELDS: Readonly<Record<string, string>> = {
  resource_types: "resource_type",
  access_statuses: "access_status",
  periodicals: "journal_title",
  publishers: "publisher",
  countries: "country",
  referrers: "referrer",
};
/** The field that an enriched usage event has for a breakdown. */
export function eventFieldOf(breakdown: string): string {
  return EVENT_FIELDS[breakdown] ?? breakdown;
}

/** Text fields that are aggregated on their keyword subfield in the record index. */
const KEYWORD_FIELDS = new Set([
  "custom_fields.journal:journal.title",
  "metadata.publisher",
  "metadata.funding.funder.name",
]);
/** Labels that are maps of languages in the daily documents. */
const LANGUAGE_LABELS = new Set(["resource_types", "languages", "rights"]);
/** Labels that are plain texts in them. */
const TEXT_LABELS = new Set(["subjects", "funders", "affiliations"]);

/** The configuration value that stands for these breakdowns; a side that is off is an empty map. */
export function subcountsOf(breakdowns: readonly Breakdown[]): Subcounts {
  return Object.fromEntries(
    breakdowns.map((breakdown) => [
      breakdown.name,
      { records: recordsSubcount(breakdown), usage_events: usageSubcount(breakdown) },
    ]),
  );
}

function recordsSubcount(breakdown: Breakdown): SubcountSide {
  if (breakdown.records === null) return {};
  return {
    delta_aggregation_name: breakdown.name,
    snapshot_type: breakdown.records.snapshot,
    source_fields: breakdown.records.sources.map((source) => indexField(source, source.entries, keyword)),
    ...(breakdown.byFile ? { with_files_only: true } : {}),
  };
}

function usageSubcount(breakdown: Breakdown): SubcountSide {
  const usage = breakdown.usage;
  if (usage === null) return {};
  const eventField = eventFieldOf(breakdown.name);
  const common = { delta_aggregation_name: breakdown.name, snapshot_type: usage.snapshot };
  switch (usage.from) {
    case "event":
      return { ...common, event_field: null, source_fields: [{ field: usage.field, label_field: null }] };
    case "file":
      return {
        ...common,
        event_field: eventField,
        extraction_path_for_event: usage.sources.map((source) => fieldOf(source)),
        source_fields: [{ field: eventField, label_field: null }],
      };
    case "record": {
      const [first] = usage.sources;
      if (first === undefined) return {};
      const paths = usage.sources.map((source) => source.entries);
      return {
        ...common,
        event_field: eventField,
        extraction_path_for_event: paths.length === 1 ? first.entries : paths,
        source_fields: [indexField(first, eventField, (path) => path)],
      };
    }
    default:
      return usage satisfies never;
  }
}

function fieldOf(source: ValueSource, base = source.entries): string {
  return source.id === null ? base : `${base}.${source.id}`;
}

function keyword(path: string): string {
  return KEYWORD_FIELDS.has(path) ? `${path}.keyword` : path;
}

function indexField(source: ValueSource, base: string, spell: (path: string) => string): SourceField {
  const label = source.label === null ? null : spell(`${base}.${source.label}`);
  const id = spell(fieldOf(source, base));
  return {
    field: id,
    label_field: label,
    ...(label === null ? {} : { label_source_includes: [label, id] }),
    ...(source.orName === undefined ? {} : { combine_subfields: [id, spell(`${base}.${source.orName}`)] }),
  };
}

/** The breakdowns that a configured value stands for, in its order. The value is valid by `subcountsSchema`. */
export function breakdownsOf(subcounts: Subcounts): readonly Breakdown[] {
  return Object.entries(subcounts).map(([name, entry]) => {
    const records = recordSide(entry.records ?? {});
    const usage = usageSide(entry.usage_events ?? {});
    const used = usage === null || usage.from === "event" ? [] : usage.sources;
    const sources = records?.sources ?? used;
    return {
      name,
      records,
      usage,
      label: labelShape(name, [...sources, ...used]),
      multiple: !SINGLE_VALUED.has(name),
      ...(sources.some((source) => isFileType(source)) ? { byFile: true as const } : {}),
    };
  });
}

const SINGLE_VALUED = new Set([
  "resource_types",
  "access_statuses",
  "periodicals",
  "publishers",
  "countries",
  "referrers",
]);

function labelShape(name: string, sources: readonly ValueSource[]): LabelShape {
  if (LANGUAGE_LABELS.has(name)) return "languages";
  if (sources.every((source) => source.label === null)) return "none";
  return TEXT_LABELS.has(name) ? "text" : "either";
}

function recordSide(entry: SubcountSide): RecordSide | null {
  const fields = entry.source_fields ?? [];
  if (fields.length === 0) return null;
  return { snapshot: entry.snapshot_type ?? "all", sources: fields.map((field) => sourceOf(field)) };
}

function usageSide(entry: SubcountSide): UsageSide | null {
  const fields = entry.source_fields ?? [];
  const [first] = fields;
  if (first === undefined) return null;
  const snapshot = entry.snapshot_type ?? "all";
  const paths = pathsOf(entry);
  if (paths.length === 0) return eventSide(withoutKeyword(first.field), snapshot);
  if (paths.every((path) => path.startsWith("files."))) {
    return { from: "file", snapshot, sources: [{ entries: "files.entries", id: "ext", label: null }] };
  }
  const event = entry.event_field ?? firstSegment(first.field);
  const sources = paths.flatMap((path) => fields.map((field) => sourceOf(rebase(field, event, path))));
  return { from: "record", snapshot, sources };
}

function eventSide(field: string, snapshot: "all" | "top"): UsageSide | null {
  if (!isEventField(field)) return null;
  return { from: "event", snapshot, field };
}

/** The field of an event, as the field of the record that it is taken from. */
function rebase(field: SourceField, event: string, path: string): SourceField {
  const move = (name: string) => (name === event ? path : `${path}${name.slice(event.length)}`);
  return {
    field: move(field.field),
    label_field: field.label_field ? move(field.label_field) : null,
    ...(field.combine_subfields ? { combine_subfields: field.combine_subfields.map(move) } : {}),
  };
}

function sourceOf(field: SourceField): ValueSource {
  const path = withoutKeyword(field.field);
  const label = field.label_field ? withoutKeyword(field.label_field) : null;
  // Written as whole paths, or as the manual does: by their last part alone.
  const name = field.combine_subfields?.map(withoutKeyword).find((one) => lastSegment(one) !== lastSegment(path));
  if (label === null && name === undefined && !path.startsWith("files.entries.")) {
    return { entries: path, id: null, label: null };
  }
  const cut = path.lastIndexOf(".");
  return {
    entries: path.slice(0, cut),
    id: path.slice(cut + 1),
    label: label === null ? null : lastSegment(label),
    ...(name === undefined ? {} : { orName: lastSegment(name) }),
  };
}

function isFileType(source: ValueSource): boolean {
  return source.entries === "files.entries" && source.id === "ext";
}

function withoutKeyword(path: string): string {
  return path.replace(/\.keyword$/, "");
}

function firstSegment(path: string): string {
  return path.split(".", 1)[0] ?? path;
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/**
 * The dimensions by which every number can be split, as one table. The default `COMMUNITY_STATS_SUBCOUNTS` is derived from it
 * (subcounts.ts); a configured one is turned back into rows of the same type, so nothing else knows that configuration's shape.
 */

/**
 * How a value's label is stored: a map of languages, a plain text, or none (the id speaks for itself). Of a field that is not in the
 * manual nobody knows which: `either` takes the one that the record has.
 */
export type LabelShape = "languages" | "text" | "either" | "none";

/**
 * Where the values of a breakdown stand in a record's metadata.
 * `entries` is a dotted path to an object, an array of objects, or (with `id` null) to a plain text or an array of texts;
 * arrays anywhere on the path are walked through. `orName` takes a second key where the first is missing (funders without id).
 */
export interface ValueSource {
  readonly entries: string;
  readonly id: string | null;
  readonly label: string | null;
  readonly orName?: string;
}

/** Values that belong to the event itself, not to the record. */
export type EventField = "country" | "referrer";

export interface RecordSide {
  readonly snapshot: "all" | "top";
  readonly sources: readonly ValueSource[];
}

/**
 * Use is split by the record's values on the day (`record`), or by a field of the event (`event`).
 * `file`: a view counts for every type the record has, a download for the type of the downloaded file.
 */
export type UsageSide =
  | { readonly from: "record"; readonly snapshot: "all" | "top"; readonly sources: readonly ValueSource[] }
  | { readonly from: "event"; readonly snapshot: "all" | "top"; readonly field: EventField }
  | { readonly from: "file"; readonly snapshot: "all" | "top"; readonly sources: readonly ValueSource[] };

export interface Breakdown {
  /** snake_case, as in documents and in `COMMUNITY_STATS_SUBCOUNTS`. */
  readonly name: string;
  readonly records: RecordSide | null;
  readonly usage: UsageSide | null;
  readonly label: LabelShape;
  /** A record can have several values: shares may exceed 100 per cent and the rest has no sum. */
  readonly multiple: boolean;
  /** Counts files of the value only, not all files of the records (T5). */
  readonly byFile?: true;
}

const source = (entries: string, id: string | null, label: string | null): ValueSource => ({ entries, id, label });

const resourceType = [source("metadata.resource_type", "id", "title")];
const accessStatus = [source("access.status", null, null)];
const languages = [source("metadata.languages", "id", "title")];
const subjects = [source("metadata.subjects", "id", "subject")];
const rights = [source("metadata.rights", "id", "title")];
const funders: readonly ValueSource[] = [
  { entries: "metadata.funding.funder", id: "id", label: "name", orName: "name" },
];
const periodicals = [source("custom_fields.journal:journal.title", null, null)];
const publishers = [source("metadata.publisher", null, null)];
const affiliations = [
  source("metadata.creators.affiliations", "id", "name"),
  source("metadata.contributors.affiliations", "id", "name"),
];
const fileTypes = [source("files.entries", "ext", null)];

/** The twelve breakdowns of the configuration manual. `referrers` is off on both sides, `subjects` on the usage side. */
export const DEFAULT_BREAKDOWNS: readonly Breakdown[] = [
  both("resource_types", resourceType, { snapshot: "all", label: "languages", multiple: false }),
  both("access_statuses", accessStatus, { snapshot: "all", label: "none", multiple: false }),
  both("languages", languages, { snapshot: "top", label: "languages", multiple: true }),
  { ...both("subjects", subjects, { snapshot: "top", label: "text", multiple: true }), usage: null },
  both("rights", rights, { snapshot: "top", label: "languages", multiple: true }),
  both("funders", funders, { snapshot: "top", label: "text", multiple: true }),
  both("periodicals", periodicals, { snapshot: "top", label: "none", multiple: false }),
  both("publishers", publishers, { snapshot: "top", label: "none", multiple: false }),
  both("affiliations", affiliations, { snapshot: "top", label: "text", multiple: true }),
  {
    name: "countries",
    records: null,
    usage: { from: "event", snapshot: "top", field: "country" },
    label: "none",
    multiple: false,
  },
  { name: "referrers", records: null, usage: null, label: "none", multiple: false },
  {
    name: "file_types",
    records: { snapshot: "all", sources: fileTypes },
    usage: { from: "file", snapshot: "all", sources: fileTypes },
    label: "none",
    multiple: true,
    byFile: true,
  },
];

/** What an operator switches on when the two disabled sides are wanted. */
export const OPTIONAL_USAGE_SIDES: Readonly<Record<string, UsageSide>> = {
  subjects: { from: "record", snapshot: "top", sources: subjects },
  referrers: { from: "event", snapshot: "top", field: "referrer" },
};

function both(
  name: string,
  sources: readonly ValueSource[],
  { snapshot, label, multiple }: { snapshot: "all" | "top"; label: LabelShape; multiple: boolean },
): Breakdown {
  return {
    name,
    records: { snapshot, sources },
    usage: { from: "record", snapshot, sources },
    label,
    multiple,
  };
}

/** "resource_types" → "resourceTypes": the spelling of the wire. */
export function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** "resourceTypes" → "resource_types". A name that is snake_case already stays as it is. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

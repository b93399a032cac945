import { type RecordHistory, type RecordState } from "./facts.ts";
import { startOf } from "./instants.ts";
import { canonicalJson, compareText, field, isObject, textOf } from "./text.ts";

/** One row of the table of breakdowns. */
export interface Subcount {
  readonly name: string;
  readonly records: RecordSide | null;
  readonly usage: UsageSide | null;
  /** What a label looks like: an object of languages, a text, either of them, or none. */
  readonly label: "languages" | "text" | "either" | "none";
  /** Counts the files of the value only (T5). */
  readonly byFile?: true;
}
export interface RecordSide {
  readonly snapshot: "all" | "top";
  readonly sources: readonly Source[];
}
export type UsageSide =
  | { readonly from: "record" | "file"; readonly snapshot: "all" | "top"; readonly sources: readonly Source[] }
  | { readonly from: "event"; readonly snapshot: "all" | "top"; readonly field: "country" | "referrer" };
export interface Source {
  /** Dotted path to the things that carry values. */
  readonly entries: string;
  /** Field of such a thing that is the value; null: the thing is the value. */
  readonly id: string | null;
  readonly label: string | null;
  /** Field taken where the value field is missing. */
  readonly orName?: string;
}
export type Label = string | object;

type Length = RecordSide["snapshot"];
const titled = (snapshot: Length, entries: string): RecordSide => ({
  snapshot,
  sources: [{ entries, id: "id", label: "title" }],
});
const plain = (snapshot: Length, entries: string): RecordSide => ({
  snapshot,
  sources: [{ entries, id: null, label: null }],
});
const funder: Source = { entries: "metadata.funding.funder", id: "id", label: "name", orName: "name" };
const affiliations = ["creators", "contributors"].map((role): Source => ({
  entries: `metadata.${role}.affiliations`,
  id: "id",
  label: "name",
}));
const types: readonly Source[] = [{ entries: "files.entries", id: "ext", label: null }];

/** The default `COMMUNITY_STATS_SUBCOUNTS`, as the manual prints it. */
export const DEFAULT_SUBCOUNTS: readonly Subcount[] = [
  bothSides("resource_types", titled("all", "metadata.resource_type"), "languages"),
  bothSides("access_statuses", plain("all", "access.status"), "none"),
  bothSides("languages", titled("top", "metadata.languages"), "languages"),
  {
    name: "subjects",
    records: { snapshot: "top", sources: [{ entries: "metadata.subjects", id: "id", label: "subject" }] },
    usage: null,
    label: "text",
  },
  bothSides("rights", titled("top", "metadata.rights"), "languages"),
  bothSides("funders", { snapshot: "top", sources: [funder] }, "text"),
  bothSides("periodicals", plain("top", "custom_fields.journal:journal.title"), "none"),
  bothSides("publishers", plain("top", "metadata.publisher"), "none"),
  bothSides("affiliations", { snapshot: "top", sources: affiliations }, "text"),
  { name: "countries", records: null, usage: { from: "event", snapshot: "top", field: "country" }, label: "none" },
  { name: "referrers", records: null, usage: null, label: "none" },
  {
    name: "file_types",
    records: { snapshot: "all", sources: types },
    usage: { from: "file", snapshot: "all", sources: types },
    label: "none",
    byFile: true,
  },
];

function bothSides(name: string, { snapshot, sources }: RecordSide, label: Subcount["label"]): Subcount {
  return { name, records: { snapshot, sources }, usage: { from: "record", snapshot, sources }, label };
}

/** T9.1 decision 9: the distinct values of a state. */
export function valuesOf(state: RecordState, sources: readonly Source[]): ReadonlySet<string> {
  return new Set(named(state, sources).map((entry) => entry.id));
}

function named(state: RecordState, sources: readonly Source[]): readonly { id: string; label: unknown }[] {
  return sources.flatMap((source) => {
    if (source.entries === "files.entries")
      return state.files.flatMap(({ ext }) => (ext ? [{ id: ext, label: null }] : []));
    return entriesAt(state.line, source.entries.split(".")).flatMap((entry) => {
      const value = source.id === null ? entry : field(entry, source.id);
      const id = textOf(value) ?? (source.orName === undefined ? null : textOf(field(entry, source.orName)));
      return id === null ? [] : [{ id, label: source.label === null ? null : field(entry, source.label) }];
    });
  });
}

function entriesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((entry) => entriesAt(entry, path));
  const [name, ...rest] = path;
  return name === undefined ? [value] : entriesAt(field(value, name), rest);
}

interface KnownLabel {
  readonly began: number;
  readonly record: string;
  readonly label: Label;
}
/** Every usable label of every value of one side, oldest first (T9.1 decision 14). */
export type Labels = ReadonlyMap<string, readonly KnownLabel[]>;

export function labelsOf(
  records: readonly RecordHistory[],
  sources: readonly Source[],
  kind: Subcount["label"],
): Labels {
  const labels = new Map<string, KnownLabel[]>();
  for (const record of records) {
    for (const state of record.states) {
      firstLabels(state, sources, kind).forEach((label, id) => {
        labels.set(id, [...(labels.get(id) ?? []), { began: state.begin, record: record.id, label }]);
      });
    }
  }
  const oldestFirst = (left: KnownLabel, right: KnownLabel) =>
    left.began - right.began || compareText(left.record, right.record);
  return new Map(Array.from(labels, ([id, known]) => [id, known.toSorted(oldestFirst)]));
}

/** Within one state the first usable label of a value counts. */
function firstLabels(
  state: RecordState,
  sources: readonly Source[],
  kind: Subcount["label"],
): ReadonlyMap<string, Label> {
  const first = new Map<string, Label>();
  for (const { id, label } of named(state, sources)) {
    // The order of its languages says nothing: they are put into one.
    if (isLabel(label, kind) && !first.has(id)) first.set(id, JSON.parse(canonicalJson(label)));
  }
  return first;
}

function isLabel(label: unknown, kind: Subcount["label"]): label is Label {
  if (isObject(label)) return (kind === "languages" || kind === "either") && Object.keys(label).length > 0;
  return (kind === "text" || kind === "either") && textOf(label) !== null;
}

/** The newest label on the day; before all of them, the oldest; null if there is none. */
export function labelOn(day: number, known: readonly KnownLabel[] | undefined): Label | null {
  const newest = known?.findLast((label) => label.began < startOf(day + 1));
  return (newest ?? known?.[0])?.label ?? null;
}

/** T9.1 decision 15. */
export function labelOrStandIn(
  label: Label | null,
  kind: Subcount["label"],
  { id, none }: { id: string; none: string },
): Label {
  return label ?? (kind === "languages" ? { en: id } : none);
}

import { isObject, parseJson } from "./document.ts";
import { InputError } from "./errors.ts";
import { type IngestKind, isAccessLog, isIngestKind, kindOf, type LineKind } from "./kinds.ts";
import { forEachLine, type LineBlock } from "./line-blocks.ts";
import { documentsIn } from "./whole-document.ts";

const LINES_LOOKED_AT = 200;

/** What the first lines of an input are. */
export interface Detected {
  readonly kind: LineKind | null;
  /** What stands in the first line, for people: never its values. */
  readonly firstLine: string;
}

/** The kind of the first line that can be taken, else of the first that is known at all. */
export function detectKind(block: LineBlock): Detected {
  let seen = 0;
  let firstLine = "";
  let found: LineKind | null = null;
  forEachLine(block, (text, number) => {
    if (seen++ >= LINES_LOOKED_AT || (found !== null && isIngestKind(found))) return;
    const value = text === null ? undefined : parseJson(text);
    if (firstLine === "") firstLine = `line ${number} ${describe(value)}`;
    const kind = text !== null && value === undefined && isAccessLog(text) ? "access-log" : kindOfAny(value);
    if (kind !== null && (found === null || isIngestKind(kind))) found = kind;
  });
  return { kind: found, firstLine };
}

function kindOfAny(value: unknown): LineKind | null {
  for (const document of documentsIn(value)) {
    const kind = kindOf(document);
    if (kind !== null) return kind;
  }
  return null;
}

function describe(value: unknown): string {
  if (!isObject(value)) return value === undefined ? "is no JSON" : "is no JSON object";
  const names = Object.keys(value)
    .slice(0, 8)
    .map((name) => JSON.stringify(name.slice(0, 40)));
  return names.length === 0 ? "is an empty object" : `has the fields ${names.join(", ")}`;
}

const HINTS: Readonly<Record<Exclude<LineKind, IngestKind>, string>> = {
  "raw-events": "Give the events that InvenioRDM has processed and indexed (events-stats-*): they carry no addresses.",
  "access-log": "Give the events that InvenioRDM has processed and indexed (events-stats-*).",
  "daily statistics": "Those are counts already made. Give what they were made of: records, memberships and events.",
  requests: "Give memberships (stats-community-events) instead.",
  "community members": "They are not needed and name persons; give communities.",
  bookmarks: "Nothing in them is a fact; leave them out.",
};

/** @throws InputError for what cannot be taken. */
export function kindToTake(name: string, { kind, firstLine }: Detected): IngestKind {
  if (kind === null) {
    throw new InputError(
      "INPUT_KIND",
      `${name} is neither records, communities, memberships nor events: ${firstLine}.`,
      {
        hint: "Give NDJSON, one document per line; if it is, say what with --as records|communities|memberships|events.",
      },
    );
  }
  if (isIngestKind(kind)) return kind;
  throw new InputError("INPUT_KIND", `${name} holds ${kind}, which cannot be taken.`, { hint: HINTS[kind] });
}

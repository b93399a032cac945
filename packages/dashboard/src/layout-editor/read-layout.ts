import { cellProblems, valueText, type CellProblem } from "@community-stats/contract/layout-problems.ts";
import { layoutSchema, OWN_PLACES } from "@community-stats/contract/layout-schema.ts";
import { resolveLayout, type LayoutDocument } from "@community-stats/contract/layout.ts";
import { scanJson, type Expected, type Path, type Place, type Places } from "./json-places.ts";

/** What a place of a layout document takes. */
export type Takes = "list" | "map" | "text" | "label" | "columns";

export type Fault =
  | { readonly kind: "json"; readonly expected: Expected }
  | { readonly kind: "missing"; readonly path: string; readonly takes: Takes }
  | { readonly kind: "wrong"; readonly path: string; readonly value: string; readonly takes: Takes }
  | { readonly kind: "cell"; readonly problem: CellProblem };

/** What is wrong, and where in the text. Lines and columns count from 1. */
export interface TextProblem extends Place {
  readonly line: number;
  readonly column: number;
  readonly fault: Fault;
}

export interface Reading {
  readonly problems: readonly TextProblem[];
  /** Null where the text cannot be drawn. */
  readonly layout: LayoutDocument | null;
}

/** Reads the text of a layout document, or of a custom field that holds one under a name. */
export function readLayout(text: string): Reading {
  const problemAt = (place: Place, fault: Fault): TextProblem => ({ ...place, ...lineAt(text, place.start), fault });
  const scanned = scanJson(text);
  if (scanned.kind === "broken") {
    const { at, expected } = scanned;
    return { problems: [problemAt(at, { kind: "json", expected })], layout: null };
  }
  const documents = documentsIn(scanned.value).map((document) => readDocument(document, scanned.places));
  return {
    problems: documents.flatMap(({ faults }) => faults.map(({ place, fault }) => problemAt(place, fault))),
    layout: documents.every(({ layout }) => layout !== null) ? (documents[0]?.layout ?? null) : null,
  };
}

interface Found {
  readonly path: Path;
  readonly value: unknown;
}

function documentsIn(json: unknown): readonly Found[] {
  if (isMap(json) && !("tabs" in json)) {
    const named = OWN_PLACES.filter((place) => json[place] !== undefined && json[place] !== null);
    if (named.length > 0) return named.map((place) => ({ path: [place], value: json[place] }));
  }
  return [{ path: [], value: json }];
}

interface Placed {
  readonly place: Place;
  readonly fault: Fault;
}

interface ReadDocument {
  readonly faults: readonly Placed[];
  readonly layout: LayoutDocument | null;
}

function readDocument({ path, value }: Found, places: Places): ReadDocument {
  const parsed = layoutSchema.safeParse(value);
  if (parsed.success) {
    return { faults: faultsOfCells(parsed.data, path, places), layout: parsed.data };
  }
  const faults = parsed.error.issues.map((issue): Placed => {
    const inside = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
    const fault = faultOf(pathText([...path, ...inside]), valueIn(value, inside), takesOf(issue));
    return { place: placeOf([...path, ...inside], places), fault };
  });
  return { faults, layout: null };
}

function faultOf(path: string, value: unknown, takes: Takes): Fault {
  if (value === undefined) return { kind: "missing", path, takes };
  return { kind: "wrong", path, value: valueText(value), takes };
}

const TAKES: Readonly<Record<string, Takes>> = { array: "list", object: "map", record: "map", string: "text" };

interface Issue {
  readonly code: string;
  readonly expected?: string;
  readonly origin?: string;
}

/** Only columns are numbers, and only labels have a choice. */
function takesOf({ code, expected = "", origin = expected }: Issue): Takes {
  return code === "invalid_union" ? "label" : (TAKES[origin] ?? "columns");
}

function faultsOfCells(document: LayoutDocument, path: Path, places: Places): readonly Placed[] {
  return resolveLayout(document).tabs.flatMap((tab, tabIndex) =>
    tab.rows.flatMap((row, rowIndex) =>
      row.cells.flatMap((cell, index) => {
        const cellPath = [...path, "tabs", tabIndex, "rows", rowIndex, "components", index];
        return cellProblems(cell).map((problem): Placed => ({
          place: cellPlace(problem, cellPath, places),
          fault: { kind: "cell", problem },
        }));
      }),
    ),
  );
}

/** Under `props` a prop wins over one beside the component. */
function cellPlace(problem: CellProblem, cell: Path, places: Places): Place {
  if (problem.kind === "component") return placeOf([...cell, "component"], places);
  const { prop } = problem;
  const find = problem.kind === "prop" ? places.name : places.value;
  return find([...cell, "props", prop]) ?? find([...cell, prop]) ?? placeOf(cell, places);
}

/** Of a value; of a missing one, the bracket that opens what should hold it. */
function placeOf(path: Path, places: Places): Place {
  const place = places.value(path);
  if (place !== null) return place;
  const { start } = path.length === 0 ? { start: 0 } : placeOf(path.slice(0, -1), places);
  return { start, end: start + 1 };
}

/** "tabs[0].rows[1].name". */
function pathText(path: Path): string {
  return path
    .map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${step}`))
    .join("");
}

function valueIn(json: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (isMap(value) ? value[step] : undefined), json);
}

function isMap(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === "object" && value !== null;
}

function lineAt(text: string, offset: number): Pick<TextProblem, "line" | "column"> {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

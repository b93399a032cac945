/** JSON with the places of everything in it, which `JSON.parse` does not tell; what is broken is the same for both. */

export type Path = readonly (string | number)[];

/** A stretch of the text; the character at `end` is behind it. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * What should stand where the text cannot be read on. `text`: the text in quotes that begins there is no JSON; `deep`: no further list or
 * map may open there.
 */
export type Expected = "value" | "item" | "name" | "colon" | "comma" | "end" | "text" | "deep";

export interface Places {
  /** Of the value at a path. */
  value(path: Path): Place | null;
  /** Of the name before that value, with its quotes. */
  name(path: Path): Place | null;
}

export type Scanned =
  | { readonly kind: "json"; readonly value: unknown; readonly places: Places }
  | { readonly kind: "broken"; readonly at: Place; readonly expected: Expected };

/** No layout is as deep; what reads documents further on calls itself at every step. */
const DEEPEST = 100;

export function scanJson(text: string): Scanned {
  const root = newSpot();
  const scan: Scan = { root, frames: [], wanted: "value" };
  let at = 0;
  for (;;) {
    const token = tokenAt(text, at);
    if (!take(scan, token)) return { kind: "broken", at: token, expected: expectedAt(scan, token) };
    if (token.kind === "nothing") break;
    at = token.end;
  }
  const spotAt = (path: Path): Spot | undefined =>
    path.reduce<Spot | undefined>((spot, step) => spot?.inside.get(step), root);
  const places: Places = { value: (path) => spotAt(path)?.value ?? null, name: (path) => spotAt(path)?.name ?? null };
  return { kind: "json", value: JSON.parse(text), places };
}

/** A value of the document: where it stands, and what stands inside. */
interface Spot {
  value: Place | null;
  name: Place | null;
  readonly inside: Map<string | number, Spot>;
}

function newSpot(): Spot {
  return { value: null, name: null, inside: new Map() };
}

interface Token extends Place {
  readonly kind: "{" | "}" | "[" | "]" | "," | ":" | "text" | "scalar" | "nothing" | "junk";
  readonly text: string;
}

const SPACE = /[ \t\n\r]*/y;
const TEXT = String.raw`"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`;
const SCALAR = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null`;
const TOKEN = new RegExp(`([{}\\[\\],:])|(${TEXT})|(?:${SCALAR})`, "y");
const SIGNS = ["{", "}", "[", "]", ",", ":"] as const;

function tokenAt(text: string, from: number): Token {
  SPACE.lastIndex = from;
  SPACE.test(text);
  const start = SPACE.lastIndex;
  if (start === text.length) return { kind: "nothing", text: "", start, end: start };
  TOKEN.lastIndex = start;
  const found = TOKEN.exec(text);
  if (found === null) return { kind: "junk", text: text.charAt(start), start, end: start + 1 };
  const [all, sign, quoted] = found;
  const kind = SIGNS.find((known) => known === sign) ?? (quoted === undefined ? "scalar" : "text");
  return { kind, text: all, start, end: start + all.length };
}

/** A list or map that has not been closed yet. */
interface Frame {
  readonly kind: "map" | "list";
  readonly start: number;
  readonly spot: Spot;
  /** Name or number of the entry that is being read. */
  entry: string | number;
}

interface Scan {
  readonly root: Spot;
  readonly frames: Frame[];
  wanted: "value" | "firstItem" | "item" | "firstName" | "name" | "colon" | "comma" | "end";
}

/** Goes on by one token. @returns false where it may not stand. */
function take(scan: Scan, token: Token): boolean {
  const { wanted } = scan;
  switch (token.kind) {
    case "{":
    case "[":
      return takesValue(scan) && open(scan, token);
    case "}":
      return (wanted === "firstName" || wanted === "comma") && close(scan, "map", token);
    case "]":
      return (wanted === "firstItem" || wanted === "comma") && close(scan, "list", token);
    case ",":
      return wanted === "comma" && next(scan);
    case ":":
      return wanted === "colon" && want(scan, "value");
    case "text":
      if (wanted === "firstName" || wanted === "name") return nameEntry(scan, token);
      return takesValue(scan) && finish(scan, token);
    case "scalar":
      return takesValue(scan) && finish(scan, token);
    case "nothing":
      return wanted === "end";
    case "junk":
      return false;
  }
}

function takesValue({ wanted }: Scan): boolean {
  return wanted === "value" || wanted === "firstItem" || wanted === "item";
}

function want(scan: Scan, wanted: Scan["wanted"]): true {
  scan.wanted = wanted;
  return true;
}

/** Of the value that is being read. */
function spotIn({ root, frames }: Scan): Spot {
  const frame = frames.at(-1);
  if (frame === undefined) return root;
  const { spot, entry } = frame;
  const known = spot.inside.get(entry);
  const found = known ?? newSpot();
  if (known === undefined) spot.inside.set(entry, found);
  return found;
}

function open(scan: Scan, { kind, start }: Token): boolean {
  if (scan.frames.length === DEEPEST) return false;
  const isMap = kind === "{";
  const spot = spotIn(scan);
  // Of two entries of one name the later counts, and nothing of the earlier is found.
  spot.inside.clear();
  scan.frames.push({ kind: isMap ? "map" : "list", start, spot, entry: isMap ? "" : 0 });
  return want(scan, isMap ? "firstName" : "firstItem");
}

function close(scan: Scan, kind: Frame["kind"], { end }: Token): boolean {
  const frame = scan.frames.at(-1);
  if (frame?.kind !== kind) return false;
  scan.frames.pop();
  return finish(scan, { start: frame.start, end });
}

function next(scan: Scan): true {
  const frame = scan.frames.at(-1);
  if (typeof frame?.entry === "number") frame.entry++;
  return want(scan, frame?.kind === "list" ? "item" : "name");
}

function nameEntry(scan: Scan, { text, start, end }: Token): true {
  const frame = scan.frames.at(-1);
  if (frame !== undefined) frame.entry = JSON.parse(text);
  spotIn(scan).name = { start, end };
  return want(scan, "colon");
}

function finish(scan: Scan, { start, end }: Place): true {
  spotIn(scan).value = { start, end };
  return want(scan, scan.frames.length === 0 ? "end" : "comma");
}

function expectedAt(scan: Scan, { kind, text }: Token): Expected {
  const { wanted } = scan;
  if (kind === "junk" && text === '"') return "text";
  if ((kind === "{" || kind === "[") && takesValue(scan)) return "deep";
  if (wanted === "firstItem") return "value";
  return wanted === "firstName" ? "name" : wanted;
}

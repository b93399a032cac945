import type { SyntaxNode } from "@lezer/common";
import { parser } from "@lezer/python";
import { hasOurPrefix, isKnown } from "./names.ts";
import { changed, type ChangeSign, type Place, placeOf } from "./python-change.ts";
import { LiteralError, parts, type Reading, valueOf } from "./python-value.ts";
import { VARIABLES } from "./variables.ts";
import { WITHOUT_EFFECT } from "./without-effect.ts";

/** A line that concerns a variable of ours and is not understood. */
export interface Skipped {
  readonly line: number;
  readonly name: string;
  readonly why: string;
}

/** What an invenio.cfg says about our variables. */
export interface PythonFile {
  readonly values: Readonly<Record<string, unknown>>;
  /** Line of the assignment that counts, from 1. */
  readonly lines: Readonly<Record<string, number>>;
  readonly skipped: readonly Skipped[];
}

/**
 * Reads a Python file as data: assignments at its top level, also below keys and by += and |=; the later one counts. Nothing is executed. What concerns other
 * packages is passed over; what concerns a variable of ours and is no plain data is told, and is as if it were not there.
 */
export function readPython(text: string): PythonFile {
  return new FileReader(text.replaceAll("\r\n", "\n")).read();
}

/** Values of more parts than this are not taken over from a name: lists of lists of lists grow without bound. */
const MOST_PARTS = 100_000;

interface Assignment {
  readonly place: Place;
  readonly sign: ChangeSign;
  readonly value: readonly SyntaxNode[];
}

class FileReader {
  readonly #source: string;
  readonly #names = new Map<string, unknown>();
  readonly #sizes = new WeakMap<object, number>();
  readonly #values: Record<string, unknown> = {};
  readonly #lines: Record<string, number> = {};
  readonly #skipped: Skipped[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  read(): PythonFile {
    const top = parser.parse(this.#source).topNode;
    for (let node = top.firstChild; node !== null; node = node.nextSibling) this.#statement(node);
    return { values: this.#values, lines: this.#lines, skipped: this.#skipped };
  }

  #statement(node: SyntaxNode): void {
    if (node.name === "StatementGroup") {
      for (let child = node.firstChild; child !== null; child = child.nextSibling) this.#statement(child);
    } else if (node.name === "AssignStatement" || node.name === "UpdateStatement") this.#assign(node);
    else if (node.name === "ImportStatement") this.#import(node);
    else this.#skipInside(node);
  }

  /** A default of ours under a name of the file's own: "import COMMUNITY_STATS_SUBCOUNTS as DEFAULTS". */
  #import(node: SyntaxNode): void {
    for (let child = node.firstChild; child !== null; child = child.nextSibling) {
      if (child.name !== "as" || child.prevSibling === null || child.nextSibling === null) continue;
      const name = this.#text(child.prevSibling);
      const value = shipped(name);
      if (value !== undefined) this.#names.set(this.#text(child.nextSibling), value);
    }
  }

  #assign(node: SyntaxNode): void {
    const sign = this.#sign(node);
    const [value = [], ...targets] = segments(node).toReversed();
    const places = targets.map((target) => this.#place(target));
    if (sign === null || places.includes(null)) return this.#skipInside(node);
    for (const place of places) if (place !== null) this.#set({ place, sign, value }, node);
  }

  #sign(node: SyntaxNode): ChangeSign | null {
    const update = node.getChild("UpdateOp");
    const text = update === null ? "=" : this.#text(update);
    return text === "=" || text === "+=" || text === "|=" ? text : null;
  }

  #place(target: readonly SyntaxNode[]): Place | null {
    const [only, ...more] = target;
    if (only === undefined || more.length > 0) return null;
    try {
      return placeOf(only, this.#reading);
    } catch (error) {
      if (error instanceof LiteralError) return null;
      throw error;
    }
  }

  #set({ place, sign, value }: Assignment, node: SyntaxNode): void {
    const { name, keys } = place;
    const isWhole = keys.length === 0 && sign === "=";
    try {
      const read = this.#valueOf(value, node);
      const now = isWhole ? read : changed(this.#knownBefore(name), { keys, sign, value: read });
      this.#names.set(name, now);
      if (isOurs(name)) this.#take(name, now, node);
    } catch (error) {
      if (!(error instanceof LiteralError)) throw error;
      if (isWhole || !isOurs(name)) this.#names.delete(name);
      if (Object.hasOwn(WITHOUT_EFFECT, name)) this.#take(name, null, node);
      else if (isOurs(name)) this.#skip(name, error.at ?? node.from, error.message);
    }
  }

  #knownBefore(name: string): unknown {
    const before = this.#known(name);
    if (before === undefined) throw new LiteralError(`nothing is known of ${name} before`);
    return before;
  }

  #take(name: string, value: unknown, node: SyntaxNode): void {
    this.#values[name] = value;
    this.#lines[name] = this.#line(node.from);
  }

  #valueOf(value: readonly SyntaxNode[], node: SyntaxNode): unknown {
    parts(node);
    const values = value.map((part) => valueOf(part, this.#reading));
    if (values.length === 0) throw new LiteralError("a value is missing", node.from);
    return values.length === 1 ? values[0] : values;
  }

  get #reading(): Reading {
    return { source: this.#source, known: (name) => this.#known(name), isFile: true };
  }

  /** What the lines above say, or the default of a variable of ours. */
  #known(name: string): unknown {
    const value = this.#names.has(name) ? this.#names.get(name) : shipped(name);
    if (this.#size(value) <= MOST_PARTS) return value;
    throw new LiteralError(`${name} has more than ${MOST_PARTS} parts`);
  }

  #size(value: unknown): number {
    if (typeof value === "string") return 1 + value.length / 100;
    if (typeof value !== "object" || value === null) return 1;
    const known = this.#sizes.get(value);
    if (known !== undefined) return known;
    const size = Object.values(value).reduce<number>((sum, part) => sum + this.#size(part), 1);
    this.#sizes.set(value, size);
    return size;
  }

  /** Tells the variables of ours that a statement sets or changes in a way that is not followed. */
  #skipInside(node: SyntaxNode): void {
    const told = new Set<string>();
    node.cursor().iterate((child) => {
      if (child.name !== "VariableName") return;
      const name = this.#source.slice(child.from, child.to);
      if (!isOurs(name) || told.has(name)) return;
      told.add(name);
      this.#skip(name, child.from, "only plain assignments outside of blocks are followed");
    });
  }

  #skip(name: string, at: number, why: string): void {
    const isSecret = VARIABLES.some((row) => row.name === name && row.secret === true);
    this.#skipped.push({ line: this.#line(at), name, why: isSecret ? "its value is no plain text" : why });
  }

  #line(at: number): number {
    return this.#source.slice(0, at).split("\n").length;
  }

  #text(node: SyntaxNode): string {
    return this.#source.slice(node.from, node.to);
  }
}

/** What a name of the original's modules stands for: our default of a variable, or the task that counts. */
function shipped(name: string): unknown {
  const variable = name === TASK ? "COMMUNITY_STATS_CELERYBEAT_AGG_SCHEDULE" : name;
  const value = VARIABLES.find((row) => row.name === variable)?.default;
  return name === TASK ? Object.values(Object(value))[0] : value;
}

const TASK = "CommunityStatsAggregationTask";

/** The host has a PORT of its own. */
function isOurs(name: string): boolean {
  return hasOurPrefix(name) || (isKnown(name) && name !== "PORT");
}

/** The parts of "a = b = 1, 2" between the signs; an annotation is left out. */
function segments(node: SyntaxNode): readonly (readonly SyntaxNode[])[] {
  const found: SyntaxNode[][] = [[]];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === "AssignOp" || child.name === "UpdateOp") found.push([]);
    else if (![",", "TypeDef", "Comment", "⚠"].includes(child.name)) found.at(-1)?.push(child);
  }
  return found;
}

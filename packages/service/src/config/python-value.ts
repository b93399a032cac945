import type { SyntaxNode } from "@lezer/common";
import { KNOWN_CALLS } from "./python-calls.ts";
import { pythonString } from "./python-string.ts";

/** A text that is no plain value of Python or JSON. */
export class LiteralError extends Error {
  /** Where in the source, where it is known. */
  readonly at: number | null;
  constructor(message: string, at: number | null = null) {
    super(message);
    this.at = at;
  }
}

/** What a text is read with. */
export interface Reading {
  readonly source: string;
  /** The value of a name; undefined where nothing is known of it. */
  readonly known: (name: string) => unknown;
  /** A file may also join, spread, look up and call what stands for data; a single value may not. */
  readonly isFile: boolean;
}

const DEEPEST = 100;

/** The value of a node of a parsed Python text. Nothing is executed. @throws LiteralError */
export function valueOf(node: SyntaxNode, reading: Reading, depth = 0): unknown {
  if (depth > DEEPEST) throw new LiteralError(`it is nested more than ${DEEPEST} deep`, node.from);
  const inner = (child: SyntaxNode) => valueOf(child, reading, depth + 1);
  const text = reading.source.slice(node.from, node.to);
  switch (node.name) {
    case "String":
    case "FormatString":
      return stringValue(node, text);
    case "ContinuedString":
      return parts(node).map(inner).join("");
    case "Number":
      return numberValue(node, text);
    case "Boolean":
      return text === "True";
    case "None":
      return null;
    case "VariableName":
      return named(node, reading);
    case "UnaryExpression":
      return negative(node, text);
    case "ArrayExpression":
    case "TupleExpression":
    case "SetExpression":
      return list(node, reading, inner);
    case "ParenthesizedExpression":
      return inner(only(node));
    case "DictionaryExpression":
      return dictionary(node, reading, inner);
    case "CallExpression":
      return called(node, reading, inner);
    case "BinaryExpression":
      return reading.isFile ? joined(node, reading, inner) : refuse(node, reading, "is an operation");
    case "MemberExpression":
      return reading.isFile ? member(node, reading, inner) : refuse(node, reading, "is not a plain value");
    default:
      return refuse(node, reading, "is not a plain value");
  }
}

type Inner = (child: SyntaxNode) => unknown;

function refuse(node: SyntaxNode, { source }: Reading, what: string): never {
  throw new LiteralError(`"${shorten(source.slice(node.from, node.to))}" ${what}`, node.from);
}

const PUNCTUATION = new Set(["(", ")", "[", "]", "{", "}", ",", ":", "Comment", "⚠"]);

/** The children that are no punctuation. @throws LiteralError where the text is not complete */
export function parts(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === "⚠") throw new LiteralError("the text is not complete", child.from);
    if (!PUNCTUATION.has(child.name)) found.push(child);
  }
  return found;
}

function only(node: SyntaxNode): SyntaxNode {
  const [first, ...more] = parts(node);
  if (first === undefined || more.length > 0)
    throw new LiteralError("parentheses around more than one value", node.from);
  return first;
}

function list(node: SyntaxNode, reading: Reading, inner: Inner): readonly unknown[] {
  const found: unknown[] = [];
  const children = parts(node);
  for (const [at, child] of children.entries()) {
    if (child.name === "*") continue;
    const value = inner(child);
    if (children[at - 1]?.name !== "*") found.push(value);
    else if (Array.isArray(value)) found.push(...value);
    else refuse(child, reading, "is no list to spread");
  }
  return found;
}

function dictionary(node: SyntaxNode, reading: Reading, inner: Inner): Readonly<Record<string, unknown>> {
  const children = parts(node);
  const entries = new Map<string, unknown>();
  for (let at = 0; at < children.length; at += 2) {
    const [key, value] = [children[at], children[at + 1]];
    if (key === undefined || value === undefined) throw new LiteralError("a key without a value", node.from);
    if (key.name !== "**") entries.set(String(inner(key)), inner(value));
    else for (const [name, below] of Object.entries(spread(value, reading, inner))) entries.set(name, below);
  }
  return Object.fromEntries(entries);
}

function spread(node: SyntaxNode, reading: Reading, inner: Inner): Readonly<Record<string, unknown>> {
  const value = inner(node);
  return isMap(value) ? value : refuse(node, reading, "is no map to spread");
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const TRANSLATIONS = new Set(["_", "lazy_gettext", "gettext"]);

function called(node: SyntaxNode, reading: Reading, inner: Inner): unknown {
  const [callee, args] = parts(node);
  const name = callee === undefined ? "" : reading.source.slice(callee.from, callee.to);
  const last = name.slice(name.lastIndexOf(".") + 1);
  const isAllowed = reading.isFile ? /^[\w.]+$/.test(name) : TRANSLATIONS.has(name);
  const call = isAllowed && Object.hasOwn(KNOWN_CALLS, last) ? KNOWN_CALLS[last] : undefined;
  if (call === undefined || args === undefined) return refuse(node, reading, "is a call");
  const value = call(callArguments(args, reading, inner));
  return value === undefined ? refuse(node, reading, "is a call whose arguments are not understood") : value;
}

function callArguments(node: SyntaxNode, reading: Reading, inner: Inner) {
  const positional: unknown[] = [];
  const named: Record<string, unknown> = {};
  const children = parts(node);
  for (let at = 0; at < children.length; at += 1) {
    const [child, operator, value] = [children[at], children[at + 1], children[at + 2]];
    if (child === undefined || child.name.startsWith("*")) return refuse(node, reading, "spreads its arguments");
    if (operator?.name !== "AssignOp") positional.push(inner(child));
    else if (value === undefined) return refuse(node, reading, "is not complete");
    else {
      named[reading.source.slice(child.from, child.to)] = inner(value);
      at += 2;
    }
  }
  return { positional, named };
}

const LONGEST = 1_000_000;

/** Texts and lists are joined by "+", numbers are reckoned by "+", "-" and "*". */
function joined(node: SyntaxNode, reading: Reading, inner: Inner): unknown {
  const [left, operator, right] = parts(node);
  if (left === undefined || operator === undefined || right === undefined)
    return refuse(node, reading, "is not complete");
  const sign = reading.source.slice(operator.from, operator.to);
  const [a, b] = [inner(left), inner(right)];
  if (typeof a === "number" && typeof b === "number") {
    if (sign === "+") return a + b;
    if (sign === "-") return a - b;
    if (sign === "*") return a * b;
  }
  if (sign === "+" && typeof a === "string" && typeof b === "string" && a.length + b.length <= LONGEST) return a + b;
  if (sign === "+" && Array.isArray(a) && Array.isArray(b) && a.length + b.length <= LONGEST) return [...a, ...b];
  return refuse(node, reading, "is an operation");
}

/** What stands under a key of a known map or list. */
function member(node: SyntaxNode, reading: Reading, inner: Inner): unknown {
  const [of, key, ...more] = parts(node);
  if (of === undefined || key === undefined || more.length > 0 || key.name === "." || key.name === "PropertyName") {
    return refuse(node, reading, "is not a plain value");
  }
  const [base, at] = [inner(of), inner(key)];
  const found: unknown = Array.isArray(base) && typeof at === "number" ? base.at(at) : undefined;
  if (found !== undefined) return found;
  if (isMap(base) && Object.hasOwn(base, String(at))) return base[String(at)];
  return refuse(node, reading, "is not there");
}

function negative(node: SyntaxNode, text: string): number {
  const value = Number(text.replace(/[\s_]/g, ""));
  if (!/^[-+]/.test(text) || Number.isNaN(value)) {
    throw new LiteralError(`"${shorten(text)}" is an operation`, node.from);
  }
  return value;
}

function named(node: SyntaxNode, reading: Reading): unknown {
  const value = reading.known(reading.source.slice(node.from, node.to));
  return value === undefined ? refuse(node, reading, "is a name, not a value") : value;
}

function numberValue(node: SyntaxNode, text: string): number {
  const value = Number(text.replaceAll("_", ""));
  if (Number.isNaN(value)) throw new LiteralError(`"${text}" is no number`, node.from);
  return value;
}

function stringValue(node: SyntaxNode, text: string): string {
  if (node.getChild("FormatReplacement") !== null) {
    throw new LiteralError(`${shorten(text)} has a place to fill in`, node.from);
  }
  const value = pythonString(text);
  if (value === null) throw new LiteralError(`${shorten(text)} is not a plain string`, node.from);
  return value;
}

export function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

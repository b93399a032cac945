import { parser } from "@lezer/python";
import type { SyntaxNode } from "@lezer/common";

/** A text that is no literal of Python or JSON. */
export class LiteralError extends Error {}

/**
 * The value of a Python or JSON literal: strings, numbers, True/False/None and true/false/null, lists, tuples, sets, dicts.
 * Nothing is executed: names, calls and operators are errors (a leading minus is allowed; `_("text")` is the text, as translations are written).
 */
export function parseLiteral(text: string): unknown {
  if (text.trim() === "") throw new LiteralError("the text is empty");
  const expression = parser.parse(`(${text}\n)`).topNode.firstChild?.firstChild;
  const inner =
    expression?.name === "ParenthesizedExpression" || expression?.name === "TupleExpression" ? expression : null;
  if (inner === null || inner === undefined) throw new LiteralError(`"${shorten(text)}" is no value`);
  const source = `(${text}\n)`;
  if (inner.name === "TupleExpression") return items(inner).map((item) => literalOf(item, source));
  const [only, ...more] = items(inner);
  if (only === undefined || more.length > 0 || inner.to !== source.length)
    throw new LiteralError(`"${shorten(text)}" is no value`);
  return literalOf(only, source);
}

/** The value of a node of a parsed Python file. */
function literalOf(node: SyntaxNode, source: string): unknown {
  const text = source.slice(node.from, node.to);
  switch (node.name) {
    case "String":
      return stringValue(text);
    case "ContinuedString":
      return items(node)
        .map((part) => stringValue(source.slice(part.from, part.to)))
        .join("");
    case "Number":
      return numberValue(text);
    case "Boolean":
      return text === "True";
    case "None":
      return null;
    case "VariableName":
      return jsonWord(text);
    case "UnaryExpression":
      return negative(node, source);
    case "ArrayExpression":
    case "TupleExpression":
    case "SetExpression":
      return items(node).map((item) => literalOf(item, source));
    case "ParenthesizedExpression":
      return single(node, source);
    case "DictionaryExpression":
      return dictionary(node, source);
    case "CallExpression":
      return translated(node, source);
    default:
      throw new LiteralError(`"${shorten(text)}" is not a plain value`);
  }
}

const PUNCTUATION = new Set(["(", ")", "[", "]", "{", "}", ",", ":", "Comment", "⚠"]);

function items(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === "⚠") throw new LiteralError("the text is not complete");
    if (!PUNCTUATION.has(child.name)) found.push(child);
  }
  return found;
}

function single(node: SyntaxNode, source: string): unknown {
  const [only, ...more] = items(node);
  if (only === undefined || more.length > 0) throw new LiteralError("parentheses around more than one value");
  return literalOf(only, source);
}

function dictionary(node: SyntaxNode, source: string): Record<string, unknown> {
  const parts = items(node);
  const entries: [string, unknown][] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [key, value] = [parts[index], parts[index + 1]];
    if (key === undefined || value === undefined) throw new LiteralError("a key without a value");
    entries.push([String(literalOf(key, source)), literalOf(value, source)]);
  }
  return Object.fromEntries(entries);
}

function translated(node: SyntaxNode, source: string): unknown {
  const [name, list] = items(node);
  const known = name !== undefined && ["_", "lazy_gettext", "gettext"].includes(source.slice(name.from, name.to));
  if (!known || list === undefined) throw new LiteralError(`"${shorten(source.slice(node.from, node.to))}" is a call`);
  return single(list, source);
}

function negative(node: SyntaxNode, source: string): number {
  const text = source.slice(node.from, node.to).replace(/\s/g, "");
  const value = Number(text);
  if (!/^[-+]/.test(text) || Number.isNaN(value)) throw new LiteralError(`"${shorten(text)}" is an operation`);
  return value;
}

function jsonWord(text: string): boolean | null {
  if (text === "true") return true;
  if (text === "false") return false;
  if (text === "null") return null;
  throw new LiteralError(`"${shorten(text)}" is a name, not a value`);
}

function numberValue(text: string): number {
  const value = Number(text.replaceAll("_", ""));
  if (Number.isNaN(value)) throw new LiteralError(`"${text}" is no number`);
  return value;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\n": "",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "0": "\0",
};

function stringValue(text: string): string {
  const match = /^([rbu]*)("""|'''|"|')([\s\S]*)\2$/i.exec(text);
  if (match === null) throw new LiteralError(`${shorten(text)} is not a plain string`);
  const body = match[3] ?? "";
  if (/r/i.test(match[1] ?? "")) return body;
  return body.replace(
    /\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|x([0-9a-f]{2})|([\s\S]))/gi,
    (...[, short, long, byte, single]: readonly (string | undefined)[]) => {
      const code = short ?? long ?? byte;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      return ESCAPES[single ?? ""] ?? single ?? "";
    },
  );
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

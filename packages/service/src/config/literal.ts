import { parser } from "@lezer/python";
import { LiteralError, parts, shorten, valueOf, type Reading } from "./python-value.ts";

const JSON_WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/**
 * The value of a Python or JSON literal: strings, numbers, True/False/None and true/false/null, lists, tuples, sets, dicts.
 * Nothing is executed: names, calls and operators are errors (a leading minus is allowed; `_("text")` is the text, as translations are written).
 * @throws LiteralError
 */
export function parseLiteral(text: string): unknown {
  if (text.trim() === "") throw new LiteralError("the text is empty");
  const source = `(${text}\n)`;
  const reading: Reading = {
    source,
    known: (name) => (Object.hasOwn(JSON_WORDS, name) ? JSON_WORDS[name] : undefined),
    isFile: false,
  };
  const expression = parser.parse(source).topNode.firstChild?.firstChild;
  if (expression?.name === "TupleExpression") return valueOf(expression, reading);
  if (expression?.name !== "ParenthesizedExpression") throw new LiteralError(`"${shorten(text)}" is no value`);
  const [only, ...more] = parts(expression);
  if (only === undefined || more.length > 0 || expression.to !== source.length)
    throw new LiteralError(`"${shorten(text)}" is no value`);
  return valueOf(only, reading);
}

import { parseLiteral } from "./literal.ts";
import { LiteralError } from "./python-value.ts";
import type { Source } from "./load.ts";
import { hasOurPrefix } from "./names.ts";
import { isSwitch, readSwitch } from "./switch-words.ts";
import { VARIABLES, type Variable } from "./variables.ts";

const HOST_PREFIX = "INVENIO_";

/**
 * The variables that an environment sets, under their own name or with the prefix INVENIO_. An empty text keeps what was there.
 * Names with our prefixes that no variable has are given along as texts, to be reported.
 */
export function environmentSource(environment: Readonly<Record<string, string | undefined>>): Source {
  const values: Record<string, unknown> = {};
  const places: Record<string, string> = {};
  for (const variable of VARIABLES) {
    const used = [variable.name, `${HOST_PREFIX}${variable.name}`].find((name) => environment[name]);
    const text = used === undefined ? undefined : environment[used];
    if (used === undefined || text === undefined) continue;
    values[variable.name] = readText(variable, text);
    places[variable.name] = used;
  }
  for (const [used, text] of Object.entries(environment)) {
    const name = used.startsWith(HOST_PREFIX) ? used.slice(HOST_PREFIX.length) : used;
    if (!text || !hasOurPrefix(name) || Object.hasOwn(values, name)) continue;
    values[name] = text;
    places[name] = used;
  }
  return { origin: "environment", name: "environment", values, places };
}

function readText(variable: Variable, text: string): unknown {
  if (isSwitch(variable)) return readSwitch(text);
  if (variable.secret === true) return text;
  if (typeof variable.default === "string" && !/^\s*(['"]).*\1\s*$/s.test(text)) return text;
  try {
    return parseLiteral(text);
  } catch (error) {
    if (error instanceof LiteralError) return text;
    throw error;
  }
}

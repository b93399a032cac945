import { StatsError } from "@community-stats/contract/problems.ts";
import { z } from "zod";
import { LiteralError, parseLiteral } from "./literal.ts";
import { VARIABLES, type Variable } from "./variables.ts";

/** Where a value came from. */
export type Origin = "default" | "environment" | "file" | "option";
export interface Loaded {
  readonly values: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<string, Origin>>;
}
/** Values by variable name, as one source gives them; later sources win. */
export interface Source {
  readonly origin: Exclude<Origin, "default">;
  readonly values: Readonly<Record<string, unknown>>;
}

/** All mistakes at once, each with the variable's name. */
export class ConfigError extends StatsError {
  readonly code = "CONFIG";
  readonly status = 500;
  readonly hint = "Correct the variables named above and start again.";
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(
      `The configuration has ${mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`}:\n${mistakes.map((mistake) => `  ${mistake}`).join("\n")}`,
    );
    this.mistakes = mistakes;
  }
}

/** @throws ConfigError naming every unknown name with our prefixes and every value that does not fit. */
export function load(sources: readonly Source[]): Loaded {
  const values: Record<string, unknown> = Object.fromEntries(
    VARIABLES.map((variable) => [variable.name, variable.default]),
  );
  const origins: Record<string, Origin> = Object.fromEntries(VARIABLES.map((variable) => [variable.name, "default"]));
  const mistakes: string[] = [];
  for (const source of sources) {
    for (const variable of VARIABLES) {
      if (!Object.hasOwn(source.values, variable.name)) continue;
      const merged = mergeValue(variable, source.values[variable.name]);
      const checked = variable.schema.safeParse(merged);
      if (checked.success) {
        values[variable.name] = checked.data;
        origins[variable.name] = source.origin;
      } else mistakes.push(describe(variable, source, checked.error));
    }
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { values, origins };
}

/** The variables that an environment sets, under their own name or with the prefix INVENIO_. An empty text keeps what was there. */
export function environmentSource(environment: Readonly<Record<string, string | undefined>>): Source {
  const values: Record<string, unknown> = {};
  for (const variable of VARIABLES) {
    const text = [variable.name, `INVENIO_${variable.name}`].map((name) => environment[name]).find((value) => value);
    if (text !== undefined) values[variable.name] = readText(variable, text);
  }
  return { origin: "environment", values };
}

const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  "1": true,
  false: false,
  no: false,
  off: false,
  "0": false,
};

function readText(variable: Variable, text: string): unknown {
  if (variable.schema instanceof z.ZodBoolean) return WORDS[text.trim().toLowerCase()] ?? text;
  if (variable.secret === true) return text;
  if (typeof variable.default === "string" && !/^\s*(['"]).*\1\s*$/s.test(text)) return text;
  try {
    return parseLiteral(text);
  } catch (error) {
    if (error instanceof LiteralError) return text;
    throw error;
  }
}

function mergeValue(variable: Variable, value: unknown): unknown {
  if (variable.merge === undefined || !isMap(value) || !isMap(variable.default)) return value;
  return variable.merge === "deep" ? deepMerge(variable.default, value) : { ...variable.default, ...value };
}

function deepMerge(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isMap(below) && isMap(value) ? deepMerge(below, value) : value;
  }
  return result;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe({ name, secret = false }: Variable, source: Source, error: z.ZodError): string {
  const given = secret ? "[secret]" : (JSON.stringify(source.values[name]) ?? "undefined");
  const short = given.length > 80 ? `${given.slice(0, 77)}…` : given;
  const issues = error.issues.map(
    (issue) => `${issue.path.length > 0 ? `${issue.path.join(".")}: ` : ""}${issue.message}`,
  );
  return `${name} = ${short} (${source.origin}): ${issues.join("; ")}`;
}

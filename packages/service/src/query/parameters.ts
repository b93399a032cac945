import { BadRequestError } from "@community-stats/contract/problems.ts";
import type { QueryForm } from "@community-stats/contract/queries.ts";
import { z } from "zod";
import { parseJson } from "./json-text.ts";
import { nearest } from "./nearest.ts";

const texts = z.array(z.string());
const list = z.union([texts, z.string().transform(splitList)]);
const whole = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
]);
const upTo = (most: number, least = 0) => whole.pipe(z.number().int().min(least).max(most));
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);
const text = z.string().max(2000);
/** A time of the day may follow; what is documented is the day. */
const date = z.string().max(2000).meta({ format: "date" });

/** A text with commas, or a JSON array where an entry itself holds a comma. */
function splitList(text: string, context: z.RefinementCtx): string[] {
  if (!text.startsWith("[")) return text.split(",").map((part) => part.trim());
  const parsed = texts.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: "custom", message: "not a JSON array of texts" });
  return z.NEVER;
}

/** What each parameter of a query may be. Lists are also accepted as one text, numbers as digits. */
const SCHEMAS = {
  community_id: text,
  start_date: date,
  end_date: date,
  date_basis: text,
  category: text,
  metric: text,
  subcount_id: text,
  optimize: flag,
  component_names: list,
  shape: text,
  granularity: text,
  metrics: list,
  breakdowns: list,
  values: list,
  top: upTo(1000),
  record_id: text.min(1),
  per: text,
  offset: upTo(2000),
  limit: upTo(100, 1),
};
export type ParameterName = keyof typeof SCHEMAS;
export type QueryParameters = { readonly [Name in ParameterName]?: z.output<(typeof SCHEMAS)[Name]> };

const COMMON = ["community_id", "start_date", "end_date", "date_basis"] as const;
const COLUMNS = ["shape", "granularity", "metrics", "breakdowns", "values", "top"] as const;
/** Which parameters a form of query takes. */
const PARAMETERS: Readonly<Record<QueryForm, readonly ParameterName[]>> = {
  documents: COMMON,
  composite: COMMON,
  series: [...COMMON, "category", "metric", "subcount_id", ...COLUMNS],
  category: [...COMMON, "category", "metric", "optimize", "component_names", ...COLUMNS],
  records: ["community_id", "start_date", "end_date", "per", "offset", "limit"],
  "record-usage": ["record_id", "community_id", "start_date", "end_date", "metric", "metrics", "shape", "granularity"],
};
const EXPECTED: Readonly<Record<ParameterName, string>> = {
  community_id: "the id or slug of a community, or global",
  start_date: "a day as YYYY-MM-DD",
  end_date: "a day as YYYY-MM-DD",
  date_basis: "added, created or published",
  category: "the name of a category",
  metric: "the name of a metric",
  subcount_id: "the id of a value",
  optimize: "true or false",
  component_names: "a list of widget names",
  shape: "columns or totals",
  granularity: "day, week, month, quarter or year",
  metrics: "a list of metric names",
  breakdowns: "a list of breakdown names",
  values: "a list of ids",
  top: "a whole number from 0 to 1000",
  record_id: "the id of a published version of a record",
  per: "parent (all versions of a work together) or record (each version for itself)",
  offset: "a whole number from 0 to 2000",
  limit: "a whole number from 1 to 100",
};

/** A parameter as documents describe it: what validates it, and the same in words. */
export interface ParameterRow {
  readonly name: ParameterName;
  readonly schema: z.ZodType;
  readonly expected: string;
}

export function parametersOf(form: QueryForm): readonly ParameterRow[] {
  return PARAMETERS[form].map((name) => ({ name, schema: SCHEMAS[name], expected: EXPECTED[name] }));
}

/**
 * The parameters as the query takes them; null stands for "not given".
 * @throws BadRequestError naming the first unknown one, or the value that does not fit.
 */
export function parseParameters(
  form: QueryForm,
  query: string,
  given: Readonly<Record<string, unknown>>,
): QueryParameters {
  const allowed = PARAMETERS[form];
  const entries = Object.entries(given)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => {
      const known = allowed.find((parameter) => parameter === name);
      if (known === undefined) throw unknownParameter(query, name, allowed);
      return [known, parseValue(known, value)] as const;
    });
  return Object.fromEntries(entries);
}

function parseValue(name: ParameterName, value: unknown): unknown {
  const parsed = SCHEMAS[name].safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BadRequestError(
    "INVALID_PARAMETER",
    `The parameter "${name}" cannot be ${shorten(JSON.stringify(value) ?? "undefined")}.`,
    `Give ${EXPECTED[name]}.`,
  );
}

function unknownParameter(query: string, name: string, allowed: readonly string[]): BadRequestError {
  return new BadRequestError(
    "UNKNOWN_PARAMETER",
    `The query ${query} has no parameter "${shorten(name)}".`,
    `${nearest(name, allowed)}Use: ${allowed.join(", ")}.`,
  );
}

/** A value of a caller as it may be repeated in a message. */
export function shorten(value: string): string {
  return value.length > 100 ? `${value.slice(0, 97)}…` : value;
}

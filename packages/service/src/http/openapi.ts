import { BASES, metricsOf } from "@community-stats/contract/metrics.ts";
import { type NamedQuery, QUERIES, type QueryForm } from "@community-stats/contract/queries.ts";
import { RECORD_UNITS } from "@community-stats/contract/records.ts";
import { GRANULARITIES } from "@community-stats/contract/series.ts";
import { z } from "zod";
import type { Offer } from "../export/registry.ts";
import { SCHEMA_PATH } from "../export/xml.ts";
import { parametersOf, type ParameterRow } from "../query/parameters.ts";
import { BODY_REFUSALS, REFUSALS } from "./openapi-refusals.ts";
import { COLUMNS_RESPONSE, PROBLEM, RESPONSES } from "./response-schemas.ts";

type Json = Readonly<Record<string, unknown>>;

/** The API in OpenAPI 3.1, made from the tables and schemas that requests are checked with. */
export function openApiDocument({ offers, base }: { readonly offers: readonly Offer[]; readonly base: string }): Json {
  const queries = QUERIES.map((query) => [`${base}/${query.name}`, { get: getOperation(query, offers) }] as const);
  return {
    openapi: "3.1.1",
    info: {
      title: "community-stats",
      version: "1.0.0",
      description:
        "Statistics of a repository and each of its communities. Every query can be asked by GET, and several at once by POST.",
      license: { name: "MIT", identifier: "MIT" },
    },
    paths: {
      [base]: { post: postOperation(offers, "A label that names a query needs no `stat`.") },
      "/api/stats": { post: postOperation(offers, "Every entry names its query in `stat`.") },
      ...Object.fromEntries(queries),
      [`${base}/status`]: {
        get: {
          ...plainGet("How far the numbers go.", "application/json"),
          parameters: [
            {
              name: "scopes",
              in: "query",
              description:
                "`all`, or ids and slugs of communities and `global`, with commas between them: tells of each how far each kind of numbers goes, what waits to be counted, and how the last run went. Of communities that the caller may read.",
              schema: { type: "string" },
            },
          ],
        },
      },
      [`${base}/scopes`]: {
        get: plainGet("The repository and the communities that the caller may read.", "application/json"),
      },
      [SCHEMA_PATH]: { get: plainGet("Schema of exported XML.", "application/xml") },
    },
    components: { schemas: schemas() },
  };
}

/** Schemas by name; those inside them are referred to. */
function schemas(): Json {
  const forms = Object.entries(RESPONSES).map(([form, schema]) => [responseName(form), plainSchema(schema)] as const);
  return {
    Problem: plainSchema(PROBLEM),
    ColumnsAnswer: plainSchema(COLUMNS_RESPONSE),
    ...Object.fromEntries(forms),
  };
}

function responseName(form: string): string {
  const name = form.replace(/-./, (text) => text.slice(1).toUpperCase());
  return `${name[0]?.toUpperCase() ?? ""}${name.slice(1)}Answer`;
}

const refer = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/** Self-contained: definitions of shared parts stand inside. */
function plainSchema(schema: z.ZodType): Json {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" });
  return inlined(plain) as Json;
}

/** Local definitions put where they are referred to; none of them holds itself. */
function inlined(value: unknown, definitions: Json = {}): unknown {
  if (Array.isArray(value)) return value.map((item) => inlined(item, definitions));
  if (typeof value !== "object" || value === null) return value;
  const { $defs, ...rest } = value as Record<string, unknown>;
  const known = { ...definitions, ...($defs as Json | undefined) };
  const { $ref: reference } = rest;
  if (typeof reference === "string") return inlined(known[reference.replace("#/$defs/", "")], known);
  const { id: _, ...members } = rest;
  return Object.fromEntries(
    Object.entries(isSchemaName(rest) ? members : rest).map(([name, part]) => [name, inlined(part, known)]),
  );
}

/** A name that `meta` gave to a schema, not a property that is called so. */
function isSchemaName(members: Readonly<Record<string, unknown>>): boolean {
  return typeof members["id"] === "string";
}

const LISTS = new Set(["component_names", "metrics", "breakdowns", "values"]);

function getOperation(query: NamedQuery, offers: readonly Offer[]): Json {
  return {
    operationId: query.name,
    summary: summaryOf(query),
    parameters: [
      ...parametersOf(query.form).map((row) => parameterOf(row, query)),
      { name: "format", in: "query", schema: formatSchema(offers, query.name), description: "Instead of Accept." },
      {
        name: "version",
        in: "query",
        schema: { type: "string" },
        description: "x-stats-version of an earlier answer: closed years may then be kept for good.",
      },
    ],
    responses: {
      200: { description: "The numbers.", headers: HEADERS, content: contentOf(offers, query) },
      304: { description: "What If-None-Match names is still so." },
      ...REFUSALS,
    },
  };
}

const HEADERS: Json = Object.fromEntries(
  Object.entries({
    ETag: "Strong validator of content and encoding; none where the answer is longer than 8 MiB.",
    "x-stats-as-of": "Last complete day.",
    "x-stats-generated": "true where the use is generated demonstration data.",
    "x-stats-rule-version": "Hash of everything that can change a number.",
    "x-stats-version": "Names the state of the numbers.",
    "x-stats-missing-days": "Days of the range without numbers.",
    "x-stats-incomplete-days": "Days of the range that are not complete.",
  }).map(([name, description]) => [name, { description, schema: { type: "string" } }]),
);

const SUMMARIES: Readonly<Record<QueryForm, string>> = {
  documents: "Daily documents",
  composite: "All four kinds of daily documents",
  series: "Series of one metric",
  category: "Series of every metric, by breakdown",
  records: "Most used records",
  "record-usage": "Use of one record, and of all versions of its work",
};

function summaryOf({ form, side, kind }: NamedQuery): string {
  if (side === null || kind === null || form.startsWith("record")) return `${SUMMARIES[form]}.`;
  return `${SUMMARIES[form]}: ${side}, ${kind === "delta" ? "change of each day" : "running total"}.`;
}

function parameterOf(row: ParameterRow, query: NamedQuery): Json {
  const isList = LISTS.has(row.name);
  return {
    name: row.name,
    in: "query",
    required: query.required?.includes(row.name) === true,
    description: `${row.expected}.`,
    ...(isList ? { style: "form", explode: false } : {}),
    schema: { ...plainSchema(row.schema), ...choicesOf(row.name, query) },
  };
}

/** The values that the plan accepts, where they are always the same. */
function choicesOf(name: string, { side }: NamedQuery): Json {
  switch (name) {
    case "date_basis":
      return { enum: [...BASES] };
    case "granularity":
      return { enum: [...GRANULARITIES] };
    case "shape":
      return { enum: ["columns", "totals"] };
    case "per":
      return { enum: [...RECORD_UNITS] };
    case "metric":
      return { examples: side === null ? [] : metricsOf(side).map((metric) => metric.name) };
    default:
      return {};
  }
}

function formatSchema(offers: readonly Offer[], query: string | null): Json {
  return { type: "string", enum: [...new Set(offersFor(offers, query).map(({ serializer }) => serializer.id))] };
}

function offersFor(offers: readonly Offer[], query: string | null): readonly Offer[] {
  return offers.filter(({ enabledFor }) => query === null || enabledFor === null || enabledFor.has(query));
}

function contentOf(offers: readonly Offer[], query: NamedQuery): Json {
  const hasColumns = query.form === "series" || query.form === "category";
  const own = refer(responseName(query.form));
  const json = hasColumns ? { anyOf: [own, refer("ColumnsAnswer")] } : own;
  return mediaTypes(offersFor(offers, query.name), json);
}

function mediaTypes(offers: readonly Offer[], json: Json): Json {
  const rows = offers.map(({ mediaType, serializer }) => [mediaType, serializer.id === "json" ? { schema: json } : {}]);
  return Object.fromEntries(rows);
}

function postOperation(offers: readonly Offer[], description: string): Json {
  const flag = { type: "string", enum: ["true", "false"] };
  return {
    summary: "Several queries at once, by label.",
    description,
    parameters: [
      { name: "format", in: "query", schema: formatSchema(offers, null), description: "Instead of Accept." },
      {
        name: "partial",
        in: "query",
        schema: flag,
        description: "true: a bad entry gets its own problem under its label.",
      },
    ],
    requestBody: { required: true, content: { "application/json": { schema: bodySchema() } } },
    responses: {
      200: { description: "Results by label.", content: mediaTypes(offers, { type: "object" }) },
      ...REFUSALS,
      ...BODY_REFUSALS,
    },
  };
}

function bodySchema(): Json {
  const entries = QUERIES.map(({ name, form, required = [] }) => ({
    type: "object",
    properties: {
      stat: { const: name },
      params: {
        type: "object",
        properties: Object.fromEntries(parametersOf(form).map((row) => [row.name, plainSchema(row.schema)])),
        required: [...required],
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  }));
  return { type: "object", minProperties: 1, additionalProperties: { anyOf: entries } };
}

function plainGet(summary: string, type: string): Json {
  return { summary, responses: { 200: { description: summary, content: { [type]: {} } } } };
}

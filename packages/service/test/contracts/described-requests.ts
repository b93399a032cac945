import {
  anything,
  type Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  dictionary,
  integer,
  oneof,
  option,
  record,
  string,
  tuple,
  uint8Array,
} from "fast-check";
import type { InjectOptions } from "fastify";
import { anyText } from "../any-text.ts";

/** As much of JSON Schema as openapi.json uses. */
interface Schema {
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly examples?: readonly unknown[];
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<"get" | "post", Operation | undefined>>>>;
}

/** Texts that have a meaning somewhere, or had one in an attack. */
const WORDS = (
  "global A b r1 2025-03-10 2025-03-12 2024-02-29 2023-02-29 9999-12-31 0000-00-00 countries file_presence rightsByView views " +
  "visitors records data_volume day aeon null -1 1e9 constructor __proto__ toString ../../etc/passwd %00 =1+1 <script> "
).split(" ");
/** Values with numbers behind them, so that a good part of the requests gets as far as an answer. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  community_id: ["global", "A", "b"],
  start_date: ["2025-03-10", "2024-02-29", "1990-01-01"],
  end_date: ["2025-03-11", "2025-03-12", "2030-12-31"],
  category: ["global", "countries", "resource_types"],
  breakdowns: ["countries", "global,resource_types"],
  metric: ["views", "downloads", "records", "files"],
  metrics: ["views", "downloads", "records", "files"],
  record_id: ["r1", "r2"],
};

/** Once in so many times a value has nothing to do with its schema. */
const STRANGE = 25;

function textLike(): Arbitrary<string> {
  return oneof(constantFrom(...WORDS), anyText({ maxLength: 40 }), string({ maxLength: 3000 }));
}

/** Mostly what the schema allows. */
function valueOf(schema: Schema): Arbitrary<unknown> {
  return oneof({ weight: STRANGE - 1, arbitrary: allowedBy(schema) }, { weight: 1, arbitrary: anything() });
}

function parameterValue(name: string, schema: Schema): Arbitrary<unknown> {
  const known = KNOWN[name];
  if (known === undefined) return valueOf(schema);
  return oneof({ weight: 6, arbitrary: constantFrom(...known) }, { weight: 1, arbitrary: valueOf(schema) });
}

function allowedBy(schema: Schema): Arbitrary<unknown> {
  if (schema.enum !== undefined) return constantFrom(...schema.enum);
  if (schema.const !== undefined) return constant(schema.const);
  if (schema.anyOf !== undefined) return oneof(...schema.anyOf.map(valueOf));
  switch (schema.type) {
    case "string":
      return oneof(constantFrom(...(schema.examples ?? WORDS)), textLike());
    case "integer":
    case "number":
      return integer({ min: -2, max: 1100 });
    case "boolean":
      return boolean();
    case "array":
      return array(valueOf(schema.items ?? {}), { maxLength: 6 });
    case "object":
      return objectOf(schema);
    default:
      return anything();
  }
}

function objectOf({ properties, additionalProperties }: Schema): Arbitrary<unknown> {
  const named = Object.entries(properties ?? {}).map(([name, part]) => [name, parameterValue(name, part)] as const);
  if (named.length > 0) return record(Object.fromEntries(named), { requiredKeys: [] });
  const more = typeof additionalProperties === "object" ? valueOf(additionalProperties) : anything();
  return dictionary(string({ maxLength: 20 }), more, { minKeys: 1, maxKeys: 4 });
}

function headers(mediaTypes: readonly string[]): Arbitrary<Record<string, string>> {
  const token = string({ unit: "grapheme-ascii", maxLength: 30 });
  const given = record({
    accept: option(oneof(constantFrom(...mediaTypes, "*/*", "image/png", "text/html;q=0.1, */*;q=x"), token)),
    "accept-encoding": option(oneof(constantFrom("gzip", "br", "identity;q=0", "*;q=0", "gzip;q=2"), token)),
    authorization: option(oneof(constantFrom("Bearer ", "Basic Og==", "bearer x y"), token)),
    cookie: option(token),
    "if-none-match": option(oneof(constantFrom("*", '"x"', 'W/"x", "y"'), token)),
    "x-forwarded-for": option(oneof(constantFrom("::1", "1.2.3.4, 5.6.7.8", "x"), token)),
    range: option(constantFrom("bytes=0-1", "bytes=9-1")),
  });
  return given.map((all) => {
    const set = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null);
    return Object.fromEntries(set.map(([name, text]) => [name, text.trim()]));
  });
}

/** Requests as the description says they are, and as it says they are not. */
export function describedRequests({ paths }: OpenApi): Arbitrary<InjectOptions> {
  const operations = Object.entries(paths).flatMap(([path, { get, post }]) => [
    ...(get === undefined ? [] : [getRequest(path, get)]),
    ...(post === undefined ? [] : [{ weight: 12, arbitrary: postRequest(path, post) }]),
  ]);
  return oneof(...operations);
}

function mediaTypesOf({ responses }: Operation): readonly string[] {
  return Object.keys(responses["200"]?.content ?? {});
}

function getRequest(path: string, operation: Operation): { weight: number; arbitrary: Arbitrary<InjectOptions> } {
  const pairs = (operation.parameters ?? []).map(({ name, schema }) =>
    tuple(constant(name), parameterValue(name, schema).map(inAddress)),
  );
  const stray = tuple(string({ maxLength: 10 }), textLike());
  const search = array(pairs.length === 0 ? stray : oneof(...pairs, stray), { maxLength: 5 });
  const arbitrary = tuple(search, headers(mediaTypesOf(operation))).map(([given, set]): InjectOptions => ({
    method: "GET",
    url: `${path}?${new URLSearchParams(given)}`,
    headers: set,
  }));
  return { weight: 2, arbitrary };
}

function inAddress(value: unknown): string {
  if (Array.isArray(value)) return value.map((part) => inAddress(part)).join(",");
  return typeof value === "object" && value !== null ? (JSON.stringify(value) ?? "") : String(value);
}

function postRequest(path: string, operation: Operation): Arbitrary<InjectOptions> {
  const body = operation.requestBody?.content["application/json"]?.schema ?? {};
  const payload = oneof(
    { weight: 8, arbitrary: valueOf(body).map((value) => JSON.stringify(value) ?? "") },
    { weight: 1, arbitrary: uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: constantFrom("[".repeat(50_000), `{"a":${'{"a":'.repeat(3000)}`, "x".repeat(300_000), "") },
  );
  const form = constantFrom(
    "",
    "",
    "?format=csv",
    "?format=xlsx",
    "?format=xml",
    "?partial=true",
    "?partial=x",
    "?__proto__=1",
  );
  const type = oneof(
    { weight: 8, arbitrary: constant("application/json") },
    { weight: 1, arbitrary: constantFrom("text/plain", "application/json; charset=utf-16", "multipart/form-data", "") },
  );
  return tuple(payload, form, type, headers(mediaTypesOf(operation))).map(
    ([text, search, contentType, set]): InjectOptions => ({
      method: "POST",
      url: `${path}${search}`,
      payload: text,
      headers: { ...set, "content-type": contentType },
    }),
  );
}

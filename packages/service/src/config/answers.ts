import { z } from "zod";

/** One row of `COMMUNITY_STATS_SERIALIZERS` as used. */
export interface SerializerSetting {
  readonly serializer: string;
  readonly enabledFor: readonly string[] | null;
}

/** In which forms answers are given, and to pages of whom. */
export interface AnswerSettings {
  /** By media type, in order of preference. */
  readonly serializers: Readonly<Record<string, SerializerSetting>>;
  /** Origins whose pages may read answers: "https://example.org"; "*" for all. */
  readonly corsOrigins: readonly string[];
}

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/i;
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** The shape of the manual: a name with the queries it is for. A name alone stands for all queries; null or false takes a type away. */
const row = z.union([
  z.null(),
  z.literal(false),
  z.string().min(1),
  z.strictObject({ serializer: z.string().min(1), enabled_for: z.array(z.string()).nullish() }),
]);

const origin = z
  .string()
  .refine((text) => text === "*" || isOrigin(text), 'not an origin; write it like "https://example.org"');

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

/** Rows of the table of variables. */
export const ANSWER_VARIABLES = [
  {
    name: "COMMUNITY_STATS_SERIALIZERS",
    schema: z.record(z.string().regex(MEDIA_TYPE, "not a media type"), row),
    default: {
      "application/json": { serializer: "json" },
      "application/json+gzip": { serializer: "json" },
      "application/json+br": { serializer: "json" },
      "text/csv": { serializer: "csv" },
      "application/gzip": { serializer: "csv.tar.gz" },
      [XLSX]: { serializer: "xlsx" },
      "application/xml": { serializer: "xml" },
      "text/xml": { serializer: "xml" },
    },
    merge: "shallow" as const,
    meaning:
      "Media types of answers, each with its serializer (json, csv, csv.tar.gz, xlsx, xml, or the path of a module) and the queries it is enabled_for; null takes a type away.",
  },
  {
    name: "COMMUNITY_STATS_CORS_ORIGINS",
    schema: z.array(origin),
    default: [],
    meaning: 'Origins whose pages may read the API, like ["https://example.org"]; "*" for all, none by default.',
  },
];

const rowsSchema = z.record(z.string(), row);

/** @param read gives the checked value of a variable. */
export function answerSettings(read: <T>(name: string, schema: z.ZodType<T>) => T): AnswerSettings {
  const rows = Object.entries(read("COMMUNITY_STATS_SERIALIZERS", rowsSchema));
  const used = rows.flatMap(([type, value]) => {
    if (value === null || value === false) return [];
    const { serializer, enabled_for: queries = null } = typeof value === "string" ? { serializer: value } : value;
    return [[type, { serializer, enabledFor: queries }] as const];
  });
  return {
    serializers: Object.fromEntries(used),
    corsOrigins: read("COMMUNITY_STATS_CORS_ORIGINS", z.array(z.string())),
  };
}

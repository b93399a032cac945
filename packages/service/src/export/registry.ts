import { dirname, isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { StatsError } from "@community-stats/contract/problems.ts";
import { FORMATS } from "./formats.ts";
import type { Serializer } from "./serializer.ts";

/** A row of `COMMUNITY_STATS_SERIALIZERS`. */
export interface SerializerSetting {
  /** `format` name of a built-in serializer, the path of a module (./csv.mjs) or the name of an installed package. */
  readonly serializer: string;
  /** Names of queries that it is offered for; all where it is missing. */
  readonly enabledFor: readonly string[] | null;
}
/** By media type, in order of preference. */
export type SerializerSettings = Readonly<Record<string, SerializerSetting>>;

/** One media type that answers are offered in. */
export interface Offer {
  readonly mediaType: string;
  readonly serializer: Serializer;
  /** What the type itself asks for: `application/json+gzip` is another way to say Accept-Encoding. */
  readonly encoding: "gzip" | "br" | null;
  readonly enabledFor: ReadonlySet<string> | null;
}

/** What is offered without any configuration. The first one answers those who do not mind. */
const DEFAULT_SERIALIZERS: Readonly<Record<string, string>> = {
  "application/json": "json",
  "application/json+gzip": "json",
  "application/json+br": "json",
  "text/csv": "csv",
  "application/gzip": "csv.tar.gz",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/xml": "xml",
  "text/xml": "xml",
};

/** A configured serializer cannot be used. */
export class SerializerError extends StatsError {
  readonly code = "SERIALIZER";
  readonly status = 500;
  readonly hint: string;
  constructor(named: string, reason: string, options?: ErrorOptions) {
    super(`COMMUNITY_STATS_SERIALIZERS: the serializer ${named} ${reason}.`, options);
    this.hint = `Name one of ${FORMATS.map(({ id }) => id).join(", ")}, or a module that exports "serializer" (docs/api.md).`;
  }
}

/**
 * Loads what is configured.
 * @param file the configuration file, beside which relative paths of modules begin; null: they begin in the working folder.
 * @throws SerializerError
 */
export async function loadOffers(settings: SerializerSettings, file: string | null): Promise<readonly Offer[]> {
  const folder = file === null ? "." : dirname(file);
  const offers: Offer[] = [];
  for (const [mediaType, { serializer: name, enabledFor }] of Object.entries(settings)) {
    offers.push({
      mediaType: mediaType.toLowerCase(),
      serializer: builtIn(mediaType, name) ?? (await loadModule(mediaType, name, folder)),
      encoding: mediaType.endsWith("+gzip") ? "gzip" : mediaType.endsWith("+br") ? "br" : null,
      enabledFor: enabledFor === null ? null : new Set(enabledFor),
    });
  }
  return offers;
}

export function defaultOffers(): Promise<readonly Offer[]> {
  const rows = Object.entries(DEFAULT_SERIALIZERS);
  return loadOffers(
    Object.fromEntries(rows.map(([type, serializer]) => [type, { serializer, enabledFor: null }])),
    null,
  );
}

/** The original's own serializers, named by their place in its Python package, are ours of the same media type. */
function builtIn(mediaType: string, name: string): Serializer | undefined {
  const id = name.startsWith("invenio_stats_dashboard") ? DEFAULT_SERIALIZERS[mediaType] : name;
  return FORMATS.find((format) => format.id === id);
}

async function loadModule(mediaType: string, name: string, folder: string): Promise<Serializer> {
  const named = `"${name}" of ${mediaType}`;
  const isPath = name.startsWith(".") || isAbsolute(name);
  const address = isPath ? pathToFileURL(resolve(folder, name)).href : name;
  let loaded: { readonly serializer?: unknown };
  try {
    loaded = (await import(address)) as { readonly serializer?: unknown };
  } catch (error) {
    throw new SerializerError(named, "cannot be loaded", { cause: error });
  }
  const fault = faultOf(loaded.serializer);
  if (fault !== null) throw new SerializerError(named, fault);
  return loaded.serializer as Serializer;
}

interface Part {
  readonly fits: (value: unknown) => boolean;
  /** What it has to be, for whoever wrote it. */
  readonly must: string;
}

const isText = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);
const SWITCH: Part = { fits: (value) => typeof value === "boolean", must: "true or false" };
const PARTS: Readonly<Record<keyof Serializer, Part>> = {
  id: { fits: isText(/^[a-z0-9][a-z0-9.+-]*$/), must: "a name in lower case" },
  contentType: { fits: isText(/./), must: "a media type" },
  extension: { fits: isText(/^\.[a-z0-9.]+$/), must: 'an ending with its dot, like ".txt"' },
  attachment: SWITCH,
  compressible: SWITCH,
  write: { fits: (value) => typeof value === "function", must: "a function" },
};

/** Why it is no serializer; null where it is one. */
function faultOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return "is not exported";
  for (const [name, { fits, must }] of Object.entries(PARTS)) {
    const part: unknown = Reflect.get(value, name);
    if (!fits(part)) return `has ${JSON.stringify(part) ?? "nothing"} as its ${name}, which must be ${must}`;
  }
  return null;
}

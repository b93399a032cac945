import { isAbsolute, resolve } from "node:path";
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
 * @param folder where relative paths of modules begin.
 * @throws SerializerError
 */
export async function loadOffers(settings: SerializerSettings, folder: string): Promise<readonly Offer[]> {
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
    ".",
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
  if (isSerializer(loaded.serializer)) return loaded.serializer;
  throw new SerializerError(named, "exports no serializer");
}

function isSerializer(value: unknown): value is Serializer {
  if (typeof value !== "object" || value === null) return false;
  const { id, contentType, extension, attachment, compressible, write } = value as Partial<Record<string, unknown>>;
  return (
    typeof id === "string" &&
    /^[a-z0-9][a-z0-9.+-]*$/.test(id) &&
    typeof contentType === "string" &&
    typeof extension === "string" &&
    /^\.[a-z0-9.]+$/.test(extension) &&
    typeof attachment === "boolean" &&
    typeof compressible === "boolean" &&
    typeof write === "function"
  );
}

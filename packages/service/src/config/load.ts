import { StatsError } from "@community-stats/contract/problems.ts";
import type { z } from "zod";
import { expectedText } from "./expected.ts";
import { LAYOUT, layoutNotes } from "./layout-notes.ts";
import { hasOurPrefix, isKnown, nearestName } from "./names.ts";
import { isSwitch, readSwitch } from "./switch-words.ts";
import { VARIABLES, type Variable } from "./variables.ts";
import { WITHOUT_EFFECT } from "./without-effect.ts";

/** Where a value came from. */
export type Origin = "default" | "environment" | "file" | "option";

/** What keeps the configuration from being used. */
export interface Mistake {
  /** The variable, or the file. */
  readonly subject: string;
  readonly text: string;
  readonly remedy: string;
}

/** What was set and is not used, though nothing is broken. */
export interface Note {
  readonly kind: "skipped" | "unknown" | "without effect";
  readonly subject: string;
  readonly text: string;
}

export interface Loaded {
  readonly values: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<string, Origin>>;
  /** Where in the source each value that is no default stands: "invenio.cfg, line 12". */
  readonly places: Readonly<Record<string, string>>;
  readonly mistakes: readonly Mistake[];
  readonly notes: readonly Note[];
}

/** Values by variable name, as one source gives them; later sources win. */
export interface Source {
  readonly origin: Exclude<Origin, "default">;
  /** For messages: the path of a file, "environment". */
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Where in the source a value stands: a line, the name of an environment variable. */
  readonly places?: Readonly<Record<string, string>>;
  /** Holds our variables only: a name that none has is a mistake, not a note. */
  readonly isOurs?: boolean;
  readonly mistakes?: readonly Mistake[];
  readonly notes?: readonly Note[];
}

/** All mistakes at once, each with the variable's name. */
export class ConfigError extends StatsError {
  readonly code = "CONFIG";
  readonly status = 500;
  readonly hint = "Correct what is named above and start again; `community-stats config check` tells more.";
  readonly mistakes: readonly Mistake[];
  constructor(mistakes: readonly Mistake[]) {
    const lines = mistakes.map(({ text, remedy }) => `  ${text}\n    ${remedy}`);
    super(
      `The configuration has ${mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`}:\n${lines.join("\n")}`,
    );
    this.mistakes = mistakes;
  }
}

/** @throws ConfigError with every value that does not fit, and every unknown name in a file of our own. */
export function load(sources: readonly Source[]): Loaded {
  const loaded = examine(sources);
  if (loaded.mistakes.length > 0) throw new ConfigError(loaded.mistakes);
  return loaded;
}

/** As `load`, with the mistakes told instead of thrown; a value that does not fit is as if it were not there. */
export function examine(sources: readonly Source[]): Loaded {
  const raw = new Map(VARIABLES.map((variable) => [variable.name, variable.default]));
  const values: Record<string, unknown> = Object.fromEntries(raw);
  const origins: Record<string, Origin> = Object.fromEntries(VARIABLES.map((variable) => [variable.name, "default"]));
  const places: Record<string, string> = {};
  const mistakes: Mistake[] = [];
  for (const source of sources) {
    mistakes.push(...(source.mistakes ?? []));
    for (const variable of VARIABLES) {
      if (!Object.hasOwn(source.values, variable.name)) continue;
      const merged = mergeValue(variable, raw.get(variable.name), source.values[variable.name]);
      const checked = variable.schema.safeParse(merged);
      if (checked.success) {
        raw.set(variable.name, merged);
        values[variable.name] = checked.data;
        origins[variable.name] = source.origin;
        places[variable.name] = placeOf(source, variable.name);
      } else mistakes.push(...valueMistakes({ variable, source, merged, error: checked.error }));
    }
  }
  mistakes.push(...togetherMistakes(values, places));
  const names = sources.flatMap((source) => reviewNames(source));
  const unknown = names.filter(({ isMistake }) => isMistake);
  return {
    values,
    origins,
    places,
    mistakes: [...mistakes, ...unknown.map(({ note, remedy }) => ({ subject: note.subject, text: note.text, remedy }))],
    notes: [
      ...sources.flatMap(({ notes = [] }) => notes),
      ...names
        .filter(({ isMistake }) => !isMistake)
        .map(({ note, remedy }) => ({ ...note, text: remedy === "" ? note.text : `${note.text} ${remedy}` })),
      ...layoutNotes(values[LAYOUT], places[LAYOUT] ?? "default").map((note) => ({
        kind: "unknown" as const,
        subject: LAYOUT,
        text: note,
      })),
    ],
  };
}

/** What each value allows and the values together do not. */
function togetherMistakes(
  values: Readonly<Record<string, unknown>>,
  places: Readonly<Record<string, string>>,
): readonly Mistake[] {
  const name = "STATS_DASHBOARD_USE_TEST_DATA";
  if (values[name] !== true || values["COMMUNITY_STATS_ENVIRONMENT"] !== "production") return [];
  return [
    {
      subject: name,
      text: `${name} = true (${places[name]}): refused in production, where invented numbers would be taken for real ones`,
      remedy: "Set it to false, or set COMMUNITY_STATS_ENVIRONMENT to development.",
    },
  ];
}

function placeOf({ name, places = {} }: Source, variable: string): string {
  const place = places[variable];
  return place === undefined ? name : `${name}, ${place}`;
}

function mergeValue(variable: Variable, below: unknown, given: unknown): unknown {
  if (isSwitch(variable)) return readSwitch(given);
  if (variable.merge === undefined || !isMap(given) || !isMap(below)) return given;
  return variable.merge === "deep" ? deepMerge(below, given) : { ...below, ...given };
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

interface Refused {
  readonly variable: Variable;
  readonly source: Source;
  readonly merged: unknown;
  readonly error: z.ZodError;
}

function valueMistakes({ variable, source, merged, error }: Refused): readonly Mistake[] {
  const { name, secret = false } = variable;
  return error.issues.map(({ code, path, message }) => {
    const at = [name, ...path.map(String)].join(".");
    const given = secret ? "[secret]" : short(valueAt(merged, path));
    const remedy =
      path.length === 0 && code !== "custom"
        ? `Give ${expectedText(variable)}.`
        : `\`community-stats config explain ${name}\` shows what it takes.`;
    return { subject: name, text: `${at} = ${given} (${placeOf(source, name)}): ${message}`, remedy };
  });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (Array.isArray(found)) found = found[Number(key)];
    else found = isMap(found) ? found[String(key)] : undefined;
  }
  return found;
}

function short(value: unknown): string {
  // An address may hold a password.
  const text = (JSON.stringify(value) ?? "undefined").replaceAll(/\/\/[^\s/@"]*@/g, "//…@");
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

interface NameReview {
  readonly note: Note;
  readonly remedy: string;
  readonly isMistake: boolean;
}

/** Names that no variable has, and those that change nothing here. */
function reviewNames(source: Source): readonly NameReview[] {
  return Object.keys(source.values).flatMap((name): readonly NameReview[] => {
    const where = placeOf(source, name);
    const reason = Object.hasOwn(WITHOUT_EFFECT, name) ? WITHOUT_EFFECT[name] : undefined;
    if (reason !== undefined) {
      const text = `${name} (${where}) has no effect: ${reason}.`;
      return [{ note: { kind: "without effect", subject: name, text }, remedy: "", isMistake: false }];
    }
    const isMistake = source.isOurs === true;
    if (isKnown(name) || (!isMistake && !hasOurPrefix(name))) return [];
    const near = nearestName(name);
    const remedy =
      near === null ? "Take it out; `community-stats config show` lists all names." : `Did you mean ${near}?`;
    const text = `${name} (${where}): there is no variable of that name.`;
    return [{ note: { kind: "unknown", subject: name, text }, remedy, isMistake }];
  });
}

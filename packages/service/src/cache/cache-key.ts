import { type AnswerRequest, isPlanned, type PlannedEntry } from "./answering.ts";

/** Whose answer to what, in which form: everything that decides its bytes but the state of the numbers. */
export interface CacheSubject {
  /** "global" or the community's id, never its slug. */
  readonly scope: string;
  /** Name of the query; of several in one answer, their names joined with "+". */
  readonly query: string;
  /** As asked for; "" where an end is open or the queries differ. */
  readonly from: string;
  readonly to: string;
  /** Everything else that was asked, readable: "granularity=month&metrics=views". */
  readonly parameters: string;
  readonly format: string;
}

/** What all answers of a moment have in common. */
export interface CacheMoment {
  /** The state of the numbers; query/numbers-state.ts. */
  readonly state: string;
  /** Version of the program and of the settings that shape answers. */
  readonly setup: string;
}

/** Readable, and equal only for equal bytes: parts hold no "/" of their own that could be taken for a border. */
export function keyText(subject: CacheSubject, { state, setup }: CacheMoment): string {
  const { scope, query, from, to, parameters, format } = subject;
  return `${scope}/${query}/${from}..${to}/${parameters}/${format}/${state}/${setup}`;
}

export function scopeOfKey(key: string): string {
  return key.slice(0, key.indexOf("/"));
}

/** The state of the numbers that a key was made for. */
export function stateOfKey(key: string): string {
  return key.split("/").at(-2) ?? "";
}

/** Null where an answer is not to be kept: it holds a problem, or is about several scopes. */
export function subjectOf({ entries, shape, serializer }: AnswerRequest): CacheSubject | null {
  const planned = entries.filter(isPlanned);
  const [first] = planned;
  if (first === undefined || planned.length < entries.length) return null;
  if (planned.some(({ scope }) => scope.key !== first.scope.key)) return null;
  const format = serializer.id;
  if (shape === "bare" && planned.length === 1) return { ...subjectOfEntry(first), format };
  const asked = planned.map(({ label, query, parameters }) => `${encode(label)}:${query}?${readable(parameters).all}`);
  const queries = planned.map(({ query }) => query).join("+");
  return { scope: first.scope.key, query: queries, from: "", to: "", parameters: asked.join(";"), format };
}

function subjectOfEntry({ scope, query, parameters }: PlannedEntry): Omit<CacheSubject, "format"> {
  const { from, to, rest } = readable(parameters);
  return { scope: scope.key, query, from, to, parameters: rest };
}

interface Readable {
  readonly from: string;
  readonly to: string;
  /** Without the days. */
  readonly rest: string;
  readonly all: string;
}

/** Canonical parameters (JSON, sorted by name) as the query of an address. Texts stand bare, everything else as JSON. */
function readable(parameters: string): Readable {
  const given: Readonly<Record<string, unknown>> = JSON.parse(parameters);
  const pair = (name: string) => `${name}=${encode(textOf(given[name]))}`;
  const names = Object.keys(given);
  const days = (name: string) => (typeof given[name] === "string" ? encode(given[name]) : "");
  const rest = names.filter((name) => typeof given[name] !== "string" || !DAYS.has(name));
  return {
    from: days("start_date"),
    to: days("end_date"),
    rest: rest.map(pair).join("&"),
    all: names.map(pair).join("&"),
  };
}

const DAYS = new Set(["start_date", "end_date"]);

/** A text that reads as JSON is quoted, so that "1" and 1 stay apart. */
function textOf(value: unknown): string {
  if (typeof value !== "string" || looksLikeJson(value)) return JSON.stringify(value) ?? "";
  return value;
}

function looksLikeJson(text: string): boolean {
  return /^(["[{\d-]|true$|false$|null$)/.test(text) && !/^\d{4}-\d\d-\d\d$/.test(text);
}

/** Leaves commas, colons and blanks of lists readable; everything that could end a part is escaped. */
function encode(text: string): string {
  return text.replaceAll(/[%/&=;?+#\p{Cc}]/gu, (character) => encodeURIComponent(character));
}

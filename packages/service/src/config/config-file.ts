import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { CONFIG_FILE } from "./config-file-name.ts";
import type { Source } from "./load.ts";

/** Endings of our own configuration files. */
export const FILE_KINDS = ["json", "yaml", "yml", "mjs", "js", "ts"] as const;
type FileKind = (typeof FILE_KINDS)[number];

/** Why a file cannot be read, with what to do about it. */
class FileMistake extends Error {
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** The values of a configuration file by variable name. What is wrong with the file as a whole is a mistake of the source. */
export async function readConfigFile(path: string): Promise<Source> {
  try {
    if (extname(path).toLowerCase() === ".cfg") return await pythonSource(path, await readText(path));
    return { origin: "file", name: path, isOurs: true, values: await valuesOf(path) };
  } catch (error) {
    if (!(error instanceof FileMistake)) throw error;
    const mistake = { subject: CONFIG_FILE, text: `${path}: ${error.message}`, remedy: error.remedy };
    return { origin: "file", name: path, values: {}, mistakes: [mistake] };
  }
}

/** An invenio.cfg holds variables of many packages; what is not understood is a note. */
async function pythonSource(path: string, text: string): Promise<Source> {
  const { readPython } = await import("./python-file.ts");
  const { values, lines, skipped } = readPython(text);
  const notes = skipped.map(({ name, line, why }) => ({
    kind: "skipped" as const,
    subject: name,
    text: `${path}, line ${line}: ${name} is skipped: ${why}.`,
  }));
  const places = Object.fromEntries(Object.entries(lines).map(([name, line]) => [name, `line ${line}`]));
  return { origin: "file", name: path, values, places, notes };
}

const READERS: Readonly<Record<FileKind, (path: string) => Promise<unknown>>> = {
  json: readJson,
  yaml: readYaml,
  yml: readYaml,
  mjs: readModule,
  js: readModule,
  ts: readModule,
};

async function valuesOf(path: string): Promise<Readonly<Record<string, unknown>>> {
  const kind = extname(path).slice(1).toLowerCase();
  if (!isKind(kind)) {
    throw new FileMistake(
      `a file that ends with "${extname(path)}" is not read`,
      `Use one of .${FILE_KINDS.join(", .")}, or .cfg for an invenio.cfg.`,
    );
  }
  const values = await READERS[kind](path);
  if (values === null) return {};
  if (isPlainMap(values)) return values;
  throw new FileMistake(
    `it holds ${Array.isArray(values) ? "a list" : `a ${typeof values}`}, not a map`,
    "Write variable names with their values, for example COMMUNITY_STATS_TOP_SUBCOUNT_LIMIT: 20.",
  );
}

function isKind(kind: string): kind is FileKind {
  return FILE_KINDS.some((known) => known === kind);
}

function isPlainMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of a file without a byte order mark. @throws FileMistake */
async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  } catch (error) {
    throw new FileMistake(`it cannot be read (${reason(error)})`, "Correct the path, or give the right to read it.");
  }
}

async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FileMistake(
      `it is no JSON: ${withoutText(reason(error))}`,
      "Correct it there; comments and trailing commas need YAML.",
    );
  }
}

async function readYaml(path: string): Promise<unknown> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(await readText(path), { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new FileMistake(`it is no YAML: ${firstLine(error.message)}`, "Correct it there.");
  }
  try {
    return document.toJS();
  } catch (thrown) {
    throw new FileMistake(`it is no YAML: ${reason(thrown)}`, "Write the values out instead of referring to them.");
  }
}

async function readModule(path: string): Promise<unknown> {
  await readText(path);
  const module = await importModule(path);
  if (isPlainMap(module["default"])) return module["default"];
  throw new FileMistake("its default export is no map of values", "Write: export default { PORT: 8080 };");
}

async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new FileMistake(`it cannot be run: ${reason(error)}`, "Correct it, or write the values as YAML.");
  }
}

/** The parser quotes the text around the place, where a token may stand. */
function withoutText(message: string): string {
  return message.replace(/, (?:\.\.\.)?".*$/s, "");
}

function reason(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string" && !error.code.startsWith("ERR_")) {
    return error.code;
  }
  return firstLine(error instanceof Error ? error.message : String(error));
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

/** A text file by its path from the root of the repository, with "/" between folders. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** As written. */
  readonly specifier: string;
  readonly line: number;
}

/** A place in a file that a rule is about. */
export interface Mark {
  readonly kind: "clock" | "random" | "environment" | "double-assertion";
  readonly line: number;
}

export interface Parsed {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly marks: readonly Mark[];
}

const SKIPPED = new Set(["node_modules", "dist", ".git", "data", "corpora", "coverage"]);

/** Every file under the root that a person wrote. */
export function readSources(root: string, folder = ""): readonly SourceFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : readSources(root, path);
    return entry.isFile() && isOurs(path) ? [{ path, text: readFileSync(join(root, path), "utf8") }] : [];
  });
}

function isOurs(path: string): boolean {
  if (path === "package-lock.json") return false;
  return /\.(ts|tsx|mjs|css|html|md|json|ya?ml)$/.test(path) || path === ".ci/run";
}

export function isCode(path: string): boolean {
  return /\.tsx?$/.test(path);
}

/** @throws Error naming the file and the place when it is not TypeScript. */
export function parse({ path, text }: SourceFile): Parsed {
  const { program, module, errors } = parseSync(path, text);
  const [mistake] = errors;
  if (mistake !== undefined)
    throw new Error(`${path} cannot be parsed: ${mistake.message}\n${mistake.codeframe ?? ""}`);
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const requests = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...module.staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest)),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
      value: text.slice(start + 1, end - 1),
      start,
    })),
  ];
  const imports = requests
    .filter((request) => request !== null)
    .map(({ value, start }) => ({ specifier: value, line: lineAt(start) }));
  return { path, lines: text.trimEnd().split("\n").length, imports, marks: marksOf(program, lineAt) };
}

type Program = ReturnType<typeof parseSync>["program"];

function marksOf(program: Program, lineAt: (offset: number) => number): readonly Mark[] {
  const marks: Mark[] = [];
  const mark = (kind: Mark["kind"], { start }: { start: number }) => marks.push({ kind, line: lineAt(start) });
  new Visitor({
    MemberExpression(node) {
      if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
      const kind = MEMBERS.get(`${node.object.name}.${node.property.name}`);
      if (kind !== undefined) mark(kind, node);
    },
    NewExpression(node) {
      if (node.callee.type === "Identifier" && node.callee.name === "Date" && node.arguments.length === 0)
        mark("clock", node);
    },
    TSAsExpression(node) {
      const { expression: inner } = node;
      // Through `string` a brand is made of another; through `unknown` anything is made of anything.
      if (inner.type !== "TSAsExpression") return;
      if (/^TS(Unknown|Any|Never)Keyword$/.test(inner.typeAnnotation.type)) mark("double-assertion", node);
    },
  }).visit(program);
  return marks;
}

const MEMBERS: ReadonlyMap<string, Mark["kind"]> = new Map([
  ["Date.now", "clock"],
  ["Math.random", "random"],
  ["process.env", "environment"],
]);

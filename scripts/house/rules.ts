import { posix } from "node:path";
import { CONFINED, FOLDERS, LONG_TABLES, PACKAGES } from "./layout.ts";
import { isCode, parse, type Parsed, type SourceFile } from "./source.ts";

export interface Finding {
  readonly severity: "error" | "warning";
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

const LOOK_AGAIN_LINES = 250;
const SPLIT_LINES = 400;
/** A suite is a table of cases. */
const SPLIT_TEST_LINES = 500;
const DRAWER = /^(utils?|helpers?|common|misc|managers?)$/;
const CODE_NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|worker|e2e|cluster|rounds|config|d))?\.tsx?$/;
const COMPONENT_NAME = /^[A-Z][A-Za-z0-9]*(\.test)?\.tsx$/;
const CONTRACT_PACKAGE = /^@community-stats\/contract\//;
// Put together from parts, or this file would find itself.
const MACHINE_PATH = new RegExp(
  `(?<![\\w.])(?:/(?:${["home", "Users", "root", "work"].join("|")})/\\w|/tmp/[a-z]|${"../"}shared)`.replaceAll(
    "../",
    String.raw`\.\.\/`,
  ),
);

/** Every breach of the rules that a script can see, by path and line. */
export function checkHouse(files: readonly SourceFile[]): readonly Finding[] {
  const parsed = files.filter(({ path }) => isCode(path)).map(parse);
  const product = parsed.filter(({ path }) => isProduct(path));
  const findings = [
    ...files.flatMap(checkText),
    ...parsed.flatMap(checkFile),
    ...product.flatMap(checkImports),
    ...product.flatMap(checkConfined),
    ...findCycles(parsed),
  ];
  return findings.toSorted((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
}

/** Code that ships. Tests may reach anywhere. */
function isProduct(path: string): boolean {
  return /^packages\/[^/]+\/src\//.test(path) && !/\.test\.tsx?$/.test(path);
}

function checkText({ path, text }: SourceFile): readonly Finding[] {
  return text.split("\n").flatMap((line, index) => {
    const found = MACHINE_PATH.exec(line);
    if (found === null) return [];
    const message = `"${found[0]}…" is a path of one machine, or of what is not shipped.`;
    return [{ severity: "error", path, line: index + 1, message }];
  });
}

function checkFile({ path, lines, marks }: Parsed): readonly Finding[] {
  const error = (message: string, line = 1): Finding => ({ severity: "error", path, line, message });
  const name = posix.basename(path);
  const drawers = path.split("/").filter((part) => DRAWER.test(part.replace(/\..*$/, "")));
  return [
    ...drawers.map((part) => error(`"${part}" is a drawer: name the file for the one thing inside it.`)),
    ...(CODE_NAME.test(name) || COMPONENT_NAME.test(name)
      ? []
      : [error(`"${name}" is not lower-case-with-hyphens; only components are in PascalCase.`)]),
    ...checkLength(path, lines),
    ...marks
      .filter(({ kind }) => kind === "double-assertion")
      .map(({ line }) =>
        error(
          "`as … as …` hides a type that does not fit: parse the value, or give it its type where it is made.",
          line,
        ),
      ),
  ];
}

function checkLength(path: string, lines: number): readonly Finding[] {
  if (lines <= LOOK_AGAIN_LINES || LONG_TABLES.some((table) => table.test(path))) return [];
  const most = path.endsWith(".test.ts") ? SPLIT_TEST_LINES : SPLIT_LINES;
  const severity = lines > most ? "error" : "warning";
  const advice =
    severity === "error" ? "split it by its reasons to change" : "look whether it has two reasons to change";
  return [{ severity, path, line: lines, message: `It has ${lines} lines: ${advice}.` }];
}

function checkImports({ path, imports }: Parsed): readonly Finding[] {
  const rule = FOLDERS.filter(({ folder }) => isUnder(path, folder)).toSorted(
    (a, b) => b.folder.length - a.folder.length,
  )[0];
  if (rule === undefined) {
    const message = "Its folder has no row in scripts/house/layout.ts: say there what it may import.";
    return [{ severity: "error", path, line: 1, message }];
  }
  const allowed = [rule.folder, ...rule.may];
  return imports.flatMap(({ specifier, line }): readonly Finding[] => {
    const error = (message: string): Finding => ({ severity: "error", path, line, message });
    const target = resolveOurs(path, specifier);
    if (target === undefined) {
      const broken = PACKAGES.filter(
        ({ packages, may }) => packages.test(specifier) && !may.some((folder) => isUnder(path, folder)),
      );
      return broken.map(({ why }) => error(`${rule.folder} may not import ${specifier}. ${why}`));
    }
    if (allowed.some((folder) => isUnder(target, folder))) return [];
    return [error(`${rule.folder} may not import ${target}. ${rule.why}`)];
  });
}

/** The path of an imported file of ours; undefined for packages of others. */
function resolveOurs(path: string, specifier: string): string | undefined {
  if (CONTRACT_PACKAGE.test(specifier)) return specifier.replace(CONTRACT_PACKAGE, "packages/contract/src/");
  return specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier) : undefined;
}

function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function checkConfined({ path, marks }: Parsed): readonly Finding[] {
  return marks.flatMap(({ kind, line }) =>
    CONFINED.filter((rule) => rule.kind === kind && !rule.may.some((folder) => isUnder(path, folder))).map(
      ({ why }): Finding => ({ severity: "error", path, line, message: `It reads the ${kind} itself. ${why}` }),
    ),
  );
}

/** One finding per file that a walk along imports comes back to. */
function findCycles(files: readonly Parsed[]): readonly Finding[] {
  const graph = new Map(files.map((file) => [file.path, importedPaths(file)]));
  const done = new Set<string>();
  const findings: Finding[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const seen = trail.indexOf(path);
    if (seen >= 0) {
      const message = `Import cycle: ${[...trail.slice(seen), path].join(" → ")}`;
      findings.push({ severity: "error", path, line: 1, message });
    }
    if (seen >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return findings;
}

function importedPaths({ path, imports }: Parsed): readonly string[] {
  return imports.map(({ specifier }) => resolveOurs(path, specifier)).filter((target) => target !== undefined);
}

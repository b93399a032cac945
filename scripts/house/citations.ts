import { posix } from "node:path";
import type { Finding } from "./rules.ts";
import { isCode, type SourceFile } from "./source.ts";

const RULES = "docs/rules.md";
const RULE = /\bT(?:9\.1 decisions? (\d+)(?: and (\d+))?|(\d{1,2})(?![\d.:]))/g;
const DOCUMENT = /(?<![\w./*-])[\w-]+\.md\b/g;

/** Comments cite rules and documents by name: each must be one of ours. */
export function checkCitations(files: readonly SourceFile[]): readonly Finding[] {
  const rules = files.find(({ path }) => path === RULES)?.text ?? "";
  const documents = new Set(files.map(({ path }) => posix.basename(path)));
  const known = new Set([...rules.matchAll(/^\| (T?\d+) \|/gm)].map(([, name = ""]) => name));
  return files
    .filter(({ path }) => isCode(path))
    .flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, index) => {
        const cited = [...citedRules(line).filter((name) => !known.has(name)), ...unknownDocuments(line, documents)];
        return cited.map((name): Finding => ({
          severity: "error",
          path,
          line: index + 1,
          message: `It cites ${name}, which is not in this repository.`,
        }));
      }),
    );
}

/** "T3" of a rule, "14" of a decision. Only where something is said to people: in comments, and in names of tests. */
function citedRules(line: string): readonly string[] {
  if (!isSaid(line)) return [];
  return [...line.matchAll(RULE)].flatMap(([, first, second, rule]) =>
    rule === undefined ? [first, second].filter((name) => name !== undefined) : [`T${Number(rule)}`],
  );
}

function unknownDocuments(line: string, documents: ReadonlySet<string>): readonly string[] {
  return isSaid(line) ? [...line.matchAll(DOCUMENT)].map(([name]) => name).filter((name) => !documents.has(name)) : [];
}

function isSaid(line: string): boolean {
  return /^\s*(?:\/?\*|\/\/|it\(|describe\()/.test(line);
}

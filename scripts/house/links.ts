import { posix } from "node:path";
import type { Finding } from "./rules.ts";
import type { SourceFile } from "./source.ts";

const LINK = /\[[^\]]*\]\(([^)\s]+)[^)]*\)|(?:src|href)="([^"]+)"/g;

/** A file or folder by its path from the root, written as code. */
const NAMED = /`((?:packages|scripts|docs|fixtures|e2e|bench)\/[\w./-]+)`/g;

/** Links of our documents, and paths named in them, that lead to no file of ours. Addresses on the web are not asked for. */
export function checkLinks(files: readonly SourceFile[], exists: (path: string) => boolean): readonly Finding[] {
  return files
    .filter(({ path }) => path.endsWith(".md"))
    .flatMap(({ path, text }) =>
      text.split("\n").flatMap((line, index) => {
        const linked = targets(line).map((target) => posix.join(posix.dirname(path), decodeURI(target)));
        const named = [...line.matchAll(NAMED)].map(([, target = ""]) => target);
        return [...linked, ...named]
          .filter((target) => !exists(target))
          .map((target): Finding => ({
            severity: "error",
            path,
            line: index + 1,
            message: `It leads to ${target}, which does not exist.`,
          }));
      }),
    );
}

function targets(line: string): readonly string[] {
  return [...line.matchAll(LINK)]
    .map(([, markdown, html]) => (markdown ?? html ?? "").replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target) && !target.startsWith("/"));
}

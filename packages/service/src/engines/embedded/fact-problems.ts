import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { FactProblem } from "../../engine/facts.ts";
import type { Manifest } from "./manifest.ts";
import type { EventFile } from "./event-file.ts";
import type { EventFiles } from "./parquet.ts";

/** Compares the folder with the manifest, and what is listed with what can be read of it. */
export async function factProblems(
  folder: string,
  { manifest, files }: { readonly manifest: Manifest; readonly files: EventFiles },
): Promise<readonly FactProblem[]> {
  // What is on disk first: a file that is listed meanwhile is no orphan.
  const found = await filesBelow(folder, join("facts", "events"));
  const listed = manifest.allFiles();
  const known = new Set([...listed.map(({ path }) => path), ...manifest.retired()]);
  const seen = new Set(found);
  const missing = listed.filter(({ path }) => !seen.has(path) && !existsSync(join(folder, path))).map(missingFile);
  const gone = new Set(missing.map(({ path }) => path));
  const defects = await files.defects(listed.filter(({ path }) => !gone.has(path)));
  return [
    ...found.filter((path) => !known.has(path)).map(unlistedFile),
    ...missing,
    ...[...defects].map(([path, defect]) => unreadableFile(path, defect)),
  ];
}

async function filesBelow(folder: string, root: string): Promise<readonly string[]> {
  if (!existsSync(join(folder, root))) return [];
  const found = await readdir(join(folder, root), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function missingFile({ path }: EventFile): FactProblem {
  const detail = "listed, but not there: its day cannot be counted; put it back from a backup";
  return { kind: "missing-file", path, detail };
}

function unreadableFile(path: string, defect: string): FactProblem {
  const detail = `its day cannot be counted (${defect}); put it back from a backup`;
  return { kind: "unreadable-file", path, detail };
}

const OWN_NAME = /^facts.events.\d{4}-\d{2}-\d{2}.[0-9a-f-]{36}\.parquet$/;

function unlistedFile(path: string): FactProblem {
  return OWN_NAME.test(path)
    ? {
        kind: "orphan-file",
        path,
        detail: "left by an ingest that was cut off; it counts for nothing and may be deleted",
      }
    : { kind: "foreign-file", path, detail: `not ours; it counts for nothing (${path.split(/[\\/]/).at(-2) ?? ""})` };
}

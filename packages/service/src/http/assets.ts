import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** Addresses of what a dashboard page loads. */
export interface Assets {
  readonly script: string;
  readonly styles: readonly string[];
  /** Chunks that the script imports at once. */
  readonly preloads: readonly string[];
}

const manifestSchema = z.record(
  z.string(),
  z.looseObject({
    file: z.string(),
    isEntry: z.boolean().optional(),
    css: z.array(z.string()).optional(),
    imports: z.array(z.string()).optional(),
  }),
);
type Manifest = z.infer<typeof manifestSchema>;

/** The entry of the built dashboard; null where it is not built. */
export async function readAssets(folder: string, prefix: string): Promise<Assets | null> {
  const manifest = await readManifest(folder);
  const entry = Object.entries(manifest ?? {}).find(([, { isEntry }]) => isEntry === true);
  if (manifest === null || entry === undefined) return null;
  const [name, { file }] = entry;
  const chunks = reachable(manifest, name).flatMap((chunk) => manifest[chunk] ?? []);
  const address = (path: string) => `${prefix}${path}`;
  return {
    script: address(file),
    styles: [...new Set(chunks.flatMap(({ css }) => css ?? []))].map((path) => address(path)),
    preloads: chunks.filter((chunk) => chunk.file !== file).map((chunk) => address(chunk.file)),
  };
}

async function readManifest(folder: string): Promise<Manifest | null> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(folder, ".vite", "manifest.json"), "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** The chunk and everything that it imports statically, each once. */
function reachable(manifest: Manifest, name: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(name)) return [];
  seen.add(name);
  return [name, ...(manifest[name]?.imports ?? []).flatMap((inner) => reachable(manifest, inner, seen))];
}

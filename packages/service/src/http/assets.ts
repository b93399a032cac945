import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** Addresses of what a dashboard page loads. */
export interface Assets {
  readonly script: string;
  readonly styles: readonly string[];
  /** Chunks that the script imports at once, or one after the other as it starts. */
  readonly preloads: readonly string[];
}

const manifestSchema = z.record(
  z.string(),
  z.looseObject({
    file: z.string(),
    css: z.array(z.string()).optional(),
    imports: z.array(z.string()).optional(),
    dynamicImports: z.array(z.string()).optional(),
  }),
);
type Manifest = z.infer<typeof manifestSchema>;

/** What a built page of its own begins with: a dashboard, the element for pages elsewhere, pages for those who write layouts, how far the numbers go. */
export type AssetEntry =
  | "src/main.tsx"
  | "src/embed.ts"
  | "src/gallery.tsx"
  | "src/layout-editor.tsx"
  | "src/standing.tsx";

/** An entry of the built dashboard; null where it is not built. */
export async function readAssets(folder: string, prefix: string, name: AssetEntry): Promise<Assets | null> {
  const manifest = await readManifest(folder);
  const file = manifest?.[name]?.file;
  if (manifest === null || file === undefined) return null;
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

/** A page's script imports its parts from there as it starts; what it imports from elsewhere may never be needed. */
const STEPS = "src/show/";

/** The chunk and everything that it imports statically or as a step of its start, each once. */
function reachable(manifest: Manifest, name: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(name)) return [];
  seen.add(name);
  const { imports = [], dynamicImports = [] } = manifest[name] ?? {};
  const next = [...imports, ...dynamicImports.filter((path) => path.startsWith(STEPS))];
  return [name, ...next.flatMap((inner) => reachable(manifest, inner, seen))];
}

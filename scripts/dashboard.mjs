// Builds the dashboard when what it is built from has changed.
import { createHash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { commandLine, environment, ROOT, run } from "./node24.mjs";
import { step } from "./step.mjs";

const SOURCES = [
  "package-lock.json",
  "packages/contract/src",
  "packages/dashboard/index.html",
  "packages/dashboard/package.json",
  "packages/dashboard/public",
  "packages/dashboard/src",
  "packages/dashboard/vite.config.ts",
];
const output = join(ROOT, "packages", "dashboard", "dist");
/** Written last: a build that was interrupted has none. */
const stamp = join(output, ".sources-sha256");

export async function buildDashboard({ force = false } = {}) {
  const sources = sourcesHash();
  if (!force && existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return;
  await step("Building the dashboard", async () => {
    const vite = commandLine("vite", ["build", "packages/dashboard", "--logLevel", "warn"]);
    const options = { env: environment({ NODE_ENV: "production" }), stdio: ["ignore", "pipe", "pipe"] };
    const { code, output: text } = await run(vite.file, vite.args, options);
    if (code !== 0) throw new Error(`The dashboard was not built; vite ended with exit code ${code}:\n${text.trim()}`);
    compress(join(output, "assets"));
    writeFileSync(stamp, sources);
  });
}

/** Lays compressed twins beside what pages load, so that serving takes no time for it. */
function compress(folder) {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  for (const path of filesUnder(folder).filter((name) => /\.(js|css)$/.test(name))) {
    const bytes = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, quality));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

function sourcesHash() {
  const hash = createHash("sha256");
  for (const path of SOURCES.flatMap((source) => filesUnder(join(ROOT, source)))) {
    hash
      .update(`${relative(ROOT, path)}\0`)
      .update(readFileSync(path))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !/\.test\.tsx?$/.test(name))
    .toSorted()
    .flatMap((name) => filesUnder(join(path, name)));
}

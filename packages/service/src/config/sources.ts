import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { CONFIG_FILE } from "./config-file-name.ts";
import { FILE_KINDS, readConfigFile } from "./config-file.ts";
import { environmentSource } from "./environment.ts";
import type { Mistake, Source } from "./load.ts";

export interface Surroundings {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The file of `--config`. */
  readonly file: string | null;
}

/** Every source of values, in the order of precedence: the configuration file, the environment, the options. */
export async function gatherSources({ folder, environment, file }: Surroundings): Promise<readonly Source[]> {
  const ofEnvironment = environmentSource(environment);
  const named = file ?? ofEnvironment.values[CONFIG_FILE];
  const paths = typeof named === "string" ? [resolve(folder, named)] : findFiles(folder);
  const [path, ...more] = paths;
  if (path === undefined) return [ofEnvironment];
  const read = more.length === 0 ? await readConfigFile(path) : ambiguous(paths);
  const chosen = { [CONFIG_FILE]: path };
  if (file !== null) return [read, ofEnvironment, { origin: "option", name: "--config", values: chosen }];
  if (typeof named === "string") return [read, { ...ofEnvironment, values: { ...ofEnvironment.values, ...chosen } }];
  return [read, { origin: "file", name: "working folder", values: chosen }, ofEnvironment];
}

/** Our own files of a folder; where there are none, the repository's. */
function findFiles(folder: string): readonly string[] {
  const named = (name: string) => [join(folder, name)].filter((path) => existsSync(path));
  const own = FILE_KINDS.flatMap((kind) => named(`community-stats.config.${kind}`));
  return own.length > 0 ? own : named("invenio.cfg");
}

function ambiguous(paths: readonly string[]): Source {
  const mistake: Mistake = {
    subject: CONFIG_FILE,
    text: `There are several configuration files: ${paths.join(", ")}.`,
    remedy: "Keep one of them, or name one with --config FILE.",
  };
  return { origin: "file", name: "working folder", values: {}, mistakes: [mistake] };
}

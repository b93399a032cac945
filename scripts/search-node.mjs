// The real OpenSearch of the tests: the official server, fetched by Maven as libraries, started by a class of ours.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram, providePrograms } from "./debian.mjs";
import { ROOT, run } from "./node24.mjs";
import { oneAtATime } from "./one-at-a-time.mjs";
import { startServer } from "./server-process.mjs";
import { step } from "./step.mjs";

const SOURCES = join(ROOT, "scripts", "search-node");
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "community-stats");
const OLDEST_JAVA = 17;
const START_LIMIT_MS = 180_000;
/** In memory where the system has such a folder: what a power cut leaves is not tested with a node of tests. */
const FOLDERS = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** @returns null when a node can be started, else the reason. Fetches and builds what is missing, once per version. */
export async function provideSearchNode() {
  if (existsSync(built())) return (await providePrograms(["java"], ["openjdk-17-jre-headless"])) ?? oldJava();
  const missing = await providePrograms(["java", "javac", "mvn"], ["openjdk-17-jdk-headless", "maven"]);
  const reason = missing ?? (await oldJava());
  if (reason !== null) return reason;
  mkdirSync(CACHE, { recursive: true });
  return await oneAtATime(`${built()}.lock`, async () => {
    return existsSync(built()) ? null : await step("Fetching and building OpenSearch", build);
  });
}

async function oldJava() {
  const { output } = await run(findProgram("java"), ["-version"], { stdio: ["ignore", "pipe", "pipe"] });
  const major = Number(/ version "(\d+)/.exec(output)?.[1] ?? 0);
  if (major >= OLDEST_JAVA) return null;
  return `java on the path is version ${major}, and ${OLDEST_JAVA} or newer is needed: install it and put it first in PATH`;
}

/** The folder's name carries a digest of what it is made from, so that an edit makes a new one. */
function built() {
  const digest = createHash("sha256");
  for (const name of readdirSync(SOURCES).toSorted()) digest.update(readFileSync(join(SOURCES, name)));
  return join(CACHE, `search-node-${digest.digest("hex").slice(0, 12)}`);
}

async function build() {
  const folder = mkdtempSync(`${built()}.`);
  try {
    const lib = join(folder, "lib");
    const piped = { stdio: ["ignore", "pipe", "pipe"] };
    const copy = ["-q", "-B", "-f", join(SOURCES, "pom.xml"), "dependency:copy-dependencies"];
    const fetched = await run("mvn", [...copy, "-DincludeScope=runtime", `-DoutputDirectory=${lib}`], piped);
    if (fetched.code !== 0) return `Maven could not fetch OpenSearch:\n${fetched.output.trim().slice(-2000)}`;
    const source = join(SOURCES, "SearchNode.java");
    const compiled = await run(
      "javac",
      ["--release", "17", "-cp", `${lib}/*`, "-d", join(folder, "classes"), source],
      piped,
    );
    if (compiled.code !== 0) return `SearchNode.java does not compile:\n${compiled.output.trim()}`;
    await run("jar", ["-cf", join(lib, "node.jar"), "-C", join(folder, "classes"), "."], piped);
    rmSync(join(folder, "classes"), { recursive: true });
    renameSync(folder, built());
    await archiveClasses();
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An archive of the loaded classes saves a third of every later start. It names the jars by path, so it is made in place. */
async function archiveClasses() {
  const node = await startSearchNode({ java: [`-XX:ArchiveClassesAtExit=${archive()}`] });
  await node.stop();
}

function archive() {
  return join(built(), "classes.jsa");
}

/**
 * Starts a node with a folder of its own, or on one that is given and then kept.
 * @param settings of OpenSearch, by name.
 * @returns its `url`, `pid` and `stop()`.
 */
export async function startSearchNode({ java = [], settings = {}, heap = "512m", folder } = {}) {
  const data = folder ?? mkdtempSync(join(FOLDERS, "search-node-"));
  const jars = readdirSync(join(built(), "lib")).map((name) => join(built(), "lib", name));
  const shared = existsSync(archive()) ? [`-XX:SharedArchiveFile=${archive()}`] : [];
  const options = [`-Xms${heap}`, `-Xmx${heap}`, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"];
  const properties = {
    "java.awt.headless": true,
    "java.locale.providers": "SPI,COMPAT",
    "log4j.shutdownHookEnabled": false,
    "log4j2.disable.jmx": true,
    "log4j2.configurationFile": join(SOURCES, "log4j2.properties"),
    "opensearch.distribution.type": "tar",
    "opensearch.bundled_jdk": true,
  };
  const defines = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  const given = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return await startServer({
    name: "OpenSearch",
    file: findProgram("java"),
    args: [...options, ...shared, ...java, ...defines, "-cp", jars.join(":"), "SearchNode", data, ...given],
    ready: /^(http:\S+)$/m,
    limitMs: START_LIMIT_MS,
    end: () => folder ?? rmSync(data, { recursive: true, force: true }),
  });
}

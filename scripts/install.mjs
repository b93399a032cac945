// Installs the packages of the lock file when they are missing or older than it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run } from "./node24.mjs";
import { oneAtATime } from "./one-at-a-time.mjs";
import { step } from "./step.mjs";

const OLDEST_NODE = 20;
const lock = join(ROOT, "package-lock.json");
/** npm writes this last, so an interrupted install has none. */
const installedTree = join(ROOT, "node_modules", ".package-lock.json");
const stamp = join(ROOT, "node_modules", ".lock-sha256");

export async function install() {
  requireNode();
  if (isCurrent()) return;
  await oneAtATime(join(ROOT, ".installing"), async () => {
    if (!isCurrent()) await step("Installing packages", installNow);
  });
}

function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= OLDEST_NODE) return;
  throw new Error(
    `This is Node ${process.versions.node}; ${OLDEST_NODE} or newer is needed.\nInstall it from https://nodejs.org and try again.`,
  );
}

function isCurrent() {
  if (!existsSync(installedTree)) return false;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash()) return true;
  return statSync(installedTree).mtimeMs >= statSync(lock).mtimeMs;
}

async function installNow() {
  const npm = npmCommand();
  // A failed engine check of a development package matters little: everything runs on the Node that is installed with it.
  const args = [
    ...npm.args,
    "ci",
    "--include=dev",
    "--include=optional",
    "--loglevel=error",
    "--no-audit",
    "--no-fund",
  ];
  const { code, output } = await run(npm.file, args, { stdio: ["ignore", "pipe", "pipe"] });
  if (code === 0) return writeFileSync(stamp, lockHash());
  throw new Error(`\`npm ci\` in ${ROOT} ended with exit code ${code}:\n${output.trim()}\n\n${remedy(output)}`);
}

function npmCommand() {
  const script = process.env.npm_execpath;
  if (script && existsSync(script) && script.endsWith(".js")) return { file: process.execPath, args: [script] };
  return { file: process.platform === "win32" ? "npm.cmd" : "npm", args: [] };
}

function remedy(output) {
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH/.test(output))
    return "The package registry was not reached. Check the network (and the proxy of npm), then run the same command again.";
  if (/EACCES|EPERM|EROFS/.test(output))
    return `${ROOT} cannot be written. Give yourself the right to, then run the same command again.`;
  if (/ENOSPC/.test(output)) return "The disk is full. Free about 1 GB, then run the same command again.";
  return "Run `npm ci` by hand to see more.";
}

function lockHash() {
  return createHash("sha256").update(readFileSync(lock)).digest("hex");
}

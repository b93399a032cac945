// Finds the system's Chromium for the browser tests, or installs it with the system's package manager.
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./node24.mjs";
import { step } from "./step.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const REMEDY = "Install Chromium, or name one: CHROMIUM_PATH=… npm test";

/** @returns `path` of a Chromium, or `reason` why there is none. */
export async function provideChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named)
    return isExecutable(named) ? { path: named } : { reason: `CHROMIUM_PATH is ${named}, which cannot be run` };
  const found = findChromium();
  if (found) return { path: found };
  if (!canInstall()) return { reason: `there is no Chromium, and only root on Debian can install it here. ${REMEDY}` };
  const { code, output } = await step("Installing Chromium", installChromium);
  const installed = findChromium();
  if (installed) return { path: installed };
  const end = output.trim().split("\n").slice(-5).join("\n");
  return { reason: `apt-get install chromium ended with exit code ${code}:\n${end}\n${REMEDY}` };
}

function findChromium() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...APPLICATIONS].find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function canInstall() {
  return existsSync("/etc/debian_version") && process.getuid?.() === 0;
}

function installChromium() {
  const command = "apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu-core";
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return run("sh", ["-c", command], { env, stdio: ["ignore", "pipe", "pipe"] });
}

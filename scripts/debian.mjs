// Installs programs with the package manager of Debian, where that is possible.
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./node24.mjs";
import { step } from "./step.mjs";

/** @returns the path of a program that can be run, or undefined. */
export function findProgram(name) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** @returns null when all programs are there, in the end; else the reason and what to do about it. */
export async function providePrograms(programs, packages) {
  const missing = () => programs.filter((name) => findProgram(name) === undefined);
  if (missing().length === 0) return null;
  const remedy = `Install it: apt-get install ${packages.join(" ")}, or what your system calls it`;
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) {
    return `there is no ${missing().join(" and no ")}, and only root on Debian can install it here. ${remedy}`;
  }
  const { code, output } = await step(`Installing ${packages.join(", ")}`, () => aptInstall(packages));
  if (missing().length === 0) return null;
  const end = output.trim().split("\n").slice(-5).join("\n");
  return `apt-get ended with exit code ${code} and there is no ${missing().join(" and no ")}:\n${end}\n${remedy}`;
}

function aptInstall(packages) {
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return run("sh", ["-c", command], { env, stdio: ["ignore", "pipe", "pipe"] });
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

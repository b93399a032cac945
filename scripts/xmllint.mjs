// Finds xmllint, which checks exported XML against the published schema, or installs it with the system's package manager.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./node24.mjs";
import { step } from "./step.mjs";

/** @returns null when it is there, else the reason why it is not. */
export async function provideXmllint() {
  if (isThere()) return null;
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) {
    return "there is no xmllint; install libxml2's command line tools";
  }
  const command = "apt-get update && apt-get install -y --no-install-recommends libxml2-utils";
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await step("Installing xmllint", () => run("sh", ["-c", command], { env, stdio: ["ignore", "pipe", "pipe"] }));
  return isThere() ? null : "apt-get install libxml2-utils failed";
}

function isThere() {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "xmllint")));
}

// Finds xmllint, which checks exported XML against the published schema, or installs it with the system's package manager.
import { providePrograms } from "./debian.mjs";

/** @returns null when it is there, else the reason why it is not. */
export async function provideXmllint() {
  return await providePrograms(["xmllint"], ["libxml2-utils"]);
}

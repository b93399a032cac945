import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it, as far as they are missing. The recursive `mkdir` of Node never ends where the system answers that a
 * folder does not exist although the one above it does, as below /proc.
 * @throws what the system says, where it cannot be made.
 */
export function makeFolder(path: string, mode?: number): void {
  const above = dirname(path);
  if (above !== path && !existsSync(above)) makeFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have made it just now.
    if (!existsSync(path) || !statSync(path).isDirectory()) throw error;
  }
}

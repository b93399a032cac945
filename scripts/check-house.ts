import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkCitations } from "./house/citations.ts";
import { checkLinks } from "./house/links.ts";
import { checkHouse } from "./house/rules.ts";
import { readSources } from "./house/source.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = readSources(root);
const findings = [
  ...checkHouse(files),
  ...checkLinks(files, (path) => existsSync(join(root, path))),
  ...checkCitations(files),
];
for (const { severity, path, line, message } of findings) console.log(`${severity} ${path}:${line} ${message}`);
if (findings.some(({ severity }) => severity === "error")) process.exitCode = 1;

// The checks of `npm run check`, which `npm test` runs as well.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { commandLine, environment, ROOT, run } from "./node24.mjs";

const TYPED = ["packages/contract", "packages/service", "packages/dashboard", "."];

export function checks() {
  return [
    { name: "format", command: ["oxfmt", "--check", "."] },
    { name: "lint", command: ["oxlint", "--deny-warnings"] },
    ...TYPED.map((project) => ({ name: `types of ${project}`, command: ["tsc", "--noEmit", "-p", project] })),
    { name: "dead code", command: ["knip", "--no-progress", "--no-config-hints"] },
    ...generators().map((file) => ({ name: `current: ${file}`, command: [file, "--check"] })),
    { name: "house rules", command: ["scripts/check-house.ts"], tellsAlways: true },
  ];
}

/** A file `scripts/generate-*.ts` writes a generated file; with --check it ends with 1 when that file is out of date. */
function generators() {
  return readdirSync(join(ROOT, "scripts"))
    .filter((name) => /^generate-.*\.ts$/.test(name))
    .map((name) => `scripts/${name}`);
}

export async function runCheck({ command: [name, ...rest] }) {
  const begun = Date.now();
  const { file, args } = commandLine(name, rest);
  const { code, output } = await run(file, args, { env: environment(), stdio: ["ignore", "pipe", "pipe"] });
  return { passed: code === 0, seconds: secondsSince(begun), output: output.trim() };
}

export function secondsSince(begun) {
  return ((Date.now() - begun) / 1000).toFixed(1);
}

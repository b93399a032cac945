// `npm run check`: everything that can be seen without running the product.
import { checks, runCheck } from "./checks.mjs";
import { install } from "./install.mjs";
import { exitWith } from "./node24.mjs";

try {
  await install();
  for (const check of checks()) {
    const { passed, seconds, output } = await runCheck(check);
    process.stdout.write(`${passed ? "✓" : "✗"} ${check.name} (${seconds} s)\n`);
    if (!passed) process.exitCode = 1;
    if (!passed || check.tellsAlways) process.stdout.write(output === "" ? "" : `${output}\n`);
  }
} catch (error) {
  exitWith(error);
}

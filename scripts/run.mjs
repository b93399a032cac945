// Runs an installed command or a file of ours on the right Node: node scripts/run.mjs oxlint packages
import { install } from "./install.mjs";
import { commandLine, environment, exitWith, run } from "./node24.mjs";

try {
  const [name, ...rest] = process.argv.slice(2);
  await install();
  const { file, args } = commandLine(name, rest);
  process.exitCode = (await run(file, args, { env: environment() })).code;
} catch (error) {
  exitWith(error);
}

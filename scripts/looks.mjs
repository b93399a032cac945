// `npm run looks`: every tab of every layout document, in every look at every width, and by keyboard. By default with test data:
//   npm run looks -- --data FOLDER    with the numbers of a data folder, of which a copy is served
//   npm run looks -- --url ADDRESS    with a service that runs already, for example `npm start`
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { provideChromium } from "./chromium.mjs";
import { buildDashboard } from "./dashboard.mjs";
import { install } from "./install.mjs";
import { commandLine, environment, exitWith, run } from "./node24.mjs";

try {
  const chosen = source(parseArgs({ options: { data: { type: "string" }, url: { type: "string" } } }).values);
  await install();
  if (chosen.LOOKS_URL === undefined) await buildDashboard();
  const { path, reason } = await provideChromium();
  if (path === undefined) throw new Error(reason);
  const { file, args } = commandLine("vitest", ["run", "--project", "e2e", "layouts"]);
  const env = environment({ ...chosen, LOOKS: "all", CHROMIUM_PATH: path });
  process.exitCode = (await run(file, args, { env })).code;
} catch (error) {
  exitWith(error);
}

/** What to look at, in the words of e2e/demonstration.ts. */
function source({ data, url }) {
  if (data !== undefined && url !== undefined) throw new Error("--data and --url are two sources.\nGive one of them.");
  if (url !== undefined) return { LOOKS_URL: originOf(url) };
  if (data === undefined) return {};
  const folder = resolve(data);
  if (existsSync(join(folder, "control.sqlite"))) return { LOOKS_DATA: folder };
  throw new Error(
    `--data is ${data}, which holds no control.sqlite.\nName the folder that COMMUNITY_STATS_DATA_DIR names.`,
  );
}

function originOf(url) {
  if (URL.canParse(url) && /^https?:/.test(url)) return new URL(url).origin;
  throw new Error(`--url is ${url}, which is no address.\nGive one such as http://127.0.0.1:8080.`);
}

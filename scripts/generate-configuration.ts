import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectedText } from "../packages/service/src/config/expected.ts";
import { VARIABLES, type Variable } from "../packages/service/src/config/variables.ts";
import { WITHOUT_EFFECT } from "../packages/service/src/config/without-effect.ts";

/** Writes docs/configuration.md from the table of variables; with --check only says whether it is current. */

const FILE = "docs/configuration.md";
const PATH = join(import.meta.dirname, "..", FILE);

function documentText(): string {
  return `${[
    "# Configuration",
    "<!-- Written by scripts/generate-configuration.ts from packages/service/src/config/variables.ts and without-effect.ts. -->",
    `Values come from, later wins: the defaults; a configuration file; the environment. The file is \`community-stats.config.json\`, \`.yaml\`, \`.mjs\` or
\`.ts\` of the working folder, or else an \`invenio.cfg\` there; \`--config FILE\` (for every command) or \`COMMUNITY_STATS_CONFIG\` names another. In the
environment every name may have the prefix \`INVENIO_\`, and a value is written as in Python or JSON. Maps that are said to be merged take the keys that
are given and keep the others.`,
    `An \`invenio.cfg\` is read as data and never executed. Understood are literals, maps, lists, joined texts, names and spreads of what stands above or
of our defaults, \`_()\`, \`crontab()\` and \`timedelta()\`. Other lines about our variables are skipped and told by \`config check\`.`,
    `\`\`\`sh
community-stats config check
community-stats config show --origin --changed
community-stats config explain COMMUNITY_STATS_SUBCOUNTS
community-stats config import invenio.cfg > community-stats.config.yaml
\`\`\``,
    "## Variables",
    table(["Name", "Takes", "Default", "Meaning"], VARIABLES.map(row)),
    "## Without effect",
    "These variables of invenio-stats-dashboard are accepted, and change nothing here:",
    table(
      ["Name", "Because"],
      Object.entries(WITHOUT_EFFECT).map(([name, reason]) => [`\`${name}\``, reason]),
    ),
  ].join("\n\n")}\n`;
}

function row(variable: Variable): readonly string[] {
  const { name, meaning, merge } = variable;
  return [
    `\`${name}\``,
    `${expectedText(variable)}${merge === undefined ? "" : ", merged"}`,
    defaultText(variable),
    meaning,
  ];
}

const LONGEST = 80;

/** The default where it is short; of a long map its keys. */
function defaultText({ default: value, secret = false }: Variable): string {
  if (secret || value === "" || value === null) return "none";
  const text = JSON.stringify(value);
  if (text.length <= LONGEST) return `\`${text}\``;
  return `a map of ${Object.keys(Object(value)).join(", ")}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", String.raw`\|`)).join(" | ")} |`)
    .join("\n");
}

const text = documentText();
if (!process.argv.includes("--check")) writeFileSync(PATH, text);
else if (readFileSync(PATH, "utf8") !== text) {
  console.log(`${FILE} is out of date. Run: node scripts/run.mjs scripts/generate-configuration.ts`);
  process.exitCode = 1;
}

import { IDLE_PROPS, WIDGET_PROPS } from "@community-stats/contract/widget-props.ts";
import { WIDGETS, type DataRef, type WidgetSpec } from "@community-stats/contract/widgets.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes docs/widgets.md from the tables of the contract; with --check only says whether it is current. */

const FILE = "docs/widgets.md";
const PATH = join(import.meta.dirname, "..", FILE);

type Kind = WidgetSpec["kind"];

/** Sections in the order of the document: heading, and what such a widget is. */
const KINDS: Readonly<Record<Kind, readonly [heading: string, about: string]>> = {
  stat: ["Single numbers", "One figure with its change and a small line. Neighbours of a row share one strip."],
  chart: ["Charts over time", "One metric at a time by day, week, month, quarter or year, whole or by a breakdown."],
  breakdown: ["Breakdowns", "The values with most, all others as one row, and what states no value."],
  map: ["Map", "Countries in six classes, the leading ones beside the map, all of them in its table."],
  records: ["Lists of records", "The records with most use in the period, all versions of a work together."],
  control: [
    "Controls",
    "The page has a bar of controls of its own. Those at the head of a tab would repeat it and are left out; elsewhere they are drawn.",
  ],
  text: ["Text", "Plain paragraphs."],
};

const CELL = `\`\`\`json
{ "component": "ResourceTypesTable", "width": 8, "title": "What we hold", "pageSize": 5 }
\`\`\``;

function documentText(): string {
  const sections = kindsInOrder().map(section);
  return `${[
    "# Widgets",
    "<!-- Written by scripts/generate-widgets.ts from packages/contract/src/widgets.ts and widget-props.ts. -->",
    `A layout document (\`STATS_DASHBOARD_LAYOUT\`, or the custom field \`stats:dashboard_layout\` of a community) names its widgets. A cell has a \`component\`, a \`width\` of 1 to 16 columns, on request other widths
for \`tablet\` and \`mobile\`, and props, beside these or under \`props\`:`,
    CELL,
    "An unknown name stands on the page in a dashed frame, with the nearest known one; an unknown prop, and a value that a prop cannot have, are told in small print below the widget. `community-stats config check` lists them all.",
    "`/stats/gallery` shows every name with invented numbers; on `/stats/layout-editor` a layout is [written and looked at](embed.md#a-communitys-own-layout). The pictures below are taken from it by `scripts/widget-pictures.mjs`. How a name is added: [adding a widget](adding-a-widget.md).",
    `Layouts of the original go on working. Of its props, these are accepted and decided otherwise, by the room there is or by the reader: ${[...IDLE_PROPS].map((name) => `\`${name}\``).join(", ")}.`,
    ...sections,
  ].join("\n\n")}\n`;
}

function kindsInOrder(): readonly Kind[] {
  return [...new Set([...WIDGETS.values()].map(({ kind }) => kind))].toSorted(
    (a, b) => Object.keys(KINDS).indexOf(a) - Object.keys(KINDS).indexOf(b),
  );
}

function section(kind: Kind): string {
  const [heading, about] = KINDS[kind];
  const rows = [...WIDGETS].filter(([, spec]) => spec.kind === kind).map(([name, spec]) => nameRow(name, spec));
  const props = WIDGET_PROPS.filter(({ kinds }) => kinds.includes(kind));
  const parts = [
    `## ${heading}`,
    about,
    `![${heading}](pictures/${kind}.png)`,
    table(["Name", "Shows", "By", "Same as"], rows),
  ];
  if (props.length > 0) {
    const lines = props.map(({ name, values, otherwise }) => [`\`${name}\``, values, otherwise]);
    parts.push(table(["Prop", "May be", "Without it"], lines));
  }
  return parts.join("\n\n");
}

function nameRow(name: string, spec: WidgetSpec): readonly string[] {
  return [`\`${name}\``, shown(spec), spec.kind === "breakdown" ? `\`${spec.breakdown}\`` : "", original(name, spec)];
}

/** An alias has the very row of another name. */
function original(name: string, spec: WidgetSpec): string {
  const first = [...WIDGETS].find(([, known]) => known === spec)?.[0] ?? name;
  return first === name ? "" : `\`${first}\``;
}

function shown(spec: WidgetSpec): string {
  switch (spec.kind) {
    case "chart":
      return `${spec.metrics.map(counted).join("; ")}; as \`${spec.draw}\``;
    case "map":
      return spec.metrics.map(({ metric }) => `\`${metric}\` by country`).join("; ");
    case "control":
      return spec.control;
    case "text":
      return "what its props say";
    default:
      return counted(spec.data);
  }
}

function counted({ side, kind, metric }: DataRef): string {
  return `\`${metric}\` of ${side === "records" ? "holdings" : "use"}, ${kind === "delta" ? "in the period" : "up to its last day"}`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = heads.map((_, column) => rows.some((row) => row[column] !== ""));
  const line = (cells: readonly string[]): string => `| ${cells.filter((_, column) => used[column]).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

function current(): string {
  try {
    return readFileSync(PATH, "utf8");
  } catch {
    return "";
  }
}

const text = documentText();
if (!process.argv.includes("--check")) writeFileSync(PATH, text);
else if (current() !== text) {
  console.error(
    `${FILE} is not what the tables of the contract say. Run: node scripts/run.mjs scripts/generate-widgets.ts`,
  );
  process.exitCode = 1;
}

import { z } from "zod";

/** What the page shows of the document; everything else is in the JSON beside it. */
const operationSchema = z.looseObject({
  summary: z.string(),
  description: z.string().optional(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        description: z.string().default(""),
        required: z.boolean().default(false),
        schema: z.looseObject({ enum: z.array(z.string()).optional(), examples: z.array(z.string()).optional() }),
      }),
    )
    .default([]),
  responses: z.record(
    z.string(),
    z.looseObject({ description: z.string(), content: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
const documentSchema = z.looseObject({
  info: z.looseObject({ title: z.string(), description: z.string().default("") }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});
type Operation = z.output<typeof operationSchema>;

/** A page without scripts and without anything from elsewhere: it works under the strictest policy and on paper. */
export function openApiPage(document: unknown): string {
  const { info, paths } = documentSchema.parse(document);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation, anchor: anchorOf(method, path) })),
  );
  const links = operations.map(
    ({ path, method, anchor }) => `<li><a href="#${anchor}">${method.toUpperCase()} ${escape(path)}</a></li>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(info.title)}: API</title><style>${STYLE}</style></head><body>
<header><h1>${escape(info.title)}: API</h1><p>${escape(info.description)} The same as <a href="openapi.json">OpenAPI document</a>.</p></header>
<nav aria-label="Operations"><ul>${links.join("")}</ul></nav>
<main>${operations.map(section).join("")}</main>
</body></html>
`;
}

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}" +
  "nav ul{columns:20rem}code,h2{font-family:ui-monospace,monospace}h2{font-size:1rem;border-top:1px solid;padding-top:1rem}" +
  "table{border-collapse:collapse;display:block;overflow-x:auto}th,td{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0}";

interface Shown {
  readonly path: string;
  readonly method: string;
  readonly anchor: string;
  readonly operation: Operation;
}

function section({ path, method, anchor, operation }: Shown): string {
  const { summary, description = "", parameters, responses } = operation;
  const tryIt = method === "get" ? `<p><a href="${escape(path)}">Ask</a></p>` : "";
  return `<section aria-labelledby="${anchor}"><h2 id="${anchor}">${method.toUpperCase()} ${escape(path)}</h2><p>${escape(summary)} ${escape(description)}</p>${tryIt}${parameterTable(parameters)}${responseList(responses)}</section>\n`;
}

function parameterTable(parameters: Operation["parameters"]): string {
  if (parameters.length === 0) return "";
  const rows = parameters.map(
    ({ name, description, required, schema }) =>
      `<tr><th scope="row"><code>${escape(name)}</code>${required ? " (required)" : ""}</th><td>${escape(description)} ${choices(schema)}</td></tr>`,
  );
  return `<table><caption>Parameters</caption>${rows.join("")}</table>`;
}

function choices({ enum: all, examples }: Operation["parameters"][number]["schema"]): string {
  return (all ?? examples ?? []).map((value) => `<code>${escape(value)}</code>`).join(" ");
}

function responseList(responses: Operation["responses"]): string {
  const rows = Object.entries(responses).map(([status, { description, content }]) => {
    const types = Object.keys(content).map((type) => `<code>${escape(type)}</code>`);
    return `<tr><th scope="row">${escape(status)}</th><td>${escape(description)} ${types.join(" ")}</td></tr>`;
  });
  return `<table><caption>Answers</caption>${rows.join("")}</table>`;
}

function anchorOf(method: string, path: string): string {
  return `${method}${path}`.replaceAll(/[^A-Za-z0-9]+/g, "-");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

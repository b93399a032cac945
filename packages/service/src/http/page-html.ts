import type { PageConfig } from "@community-stats/contract/page.ts";
import type { Assets } from "./assets.ts";

/** A dashboard page: the configuration as inert JSON, the script and styles as files. No inline script. */
export function dashboardPage(config: PageConfig, assets: Assets | null): string {
  const title = config.scopeTitle === "" ? config.title : `${config.title} · ${config.scopeTitle}`;
  const notice =
    assets === null
      ? NOT_BUILT
      : "<noscript><p>The statistics are drawn by a script. Switch scripts on to see them.</p></noscript>";
  return page(title, {
    head: assets === null ? "" : assetTags(assets),
    body: `<div id="stats-dashboard">${notice}</div>
<script type="application/json" id="stats-dashboard-config">${scriptJson(config)}</script>`,
  });
}

const NOT_BUILT = "<p>The dashboard is not built. Run <code>npm run build</code> and start the service again.</p>";

/** The same text for what is unknown, deleted and not readable, so that none gives the others away. */
export function notFoundPage(): string {
  return page("Not found", {
    head: "",
    body: `<main><h1>There are no statistics here</h1>
<p>The address is wrong, or these numbers are not open to you.</p>
<p><a href="/stats">Statistics of the repository</a></p></main>`,
  });
}

function page(title: string, { head, body }: { head: string; body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
${head}
</head>
<body>
${body}
</body>
</html>
`;
}

function assetTags({ script, styles, preloads }: Assets): string {
  const tags = [
    ...styles.map((file) => `<link rel="stylesheet" href="${escapeHtml(file)}">`),
    ...preloads.map((file) => `<link rel="modulepreload" href="${escapeHtml(file)}">`),
    `<script type="module" src="${escapeHtml(script)}"></script>`,
  ];
  return tags.join("\n");
}

const HTML: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML[character] ?? character);
}

/** JSON that cannot end the script element or begin another one, whatever its texts hold. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escapeUnicode);
}

function escapeUnicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

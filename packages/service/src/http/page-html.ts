import type { PageConfig, PageValue } from "@community-stats/contract/page.ts";
import type { Assets } from "./assets.ts";
import { fillTemplate, type Template } from "./page-template.ts";
import type { Prose } from "./prose.ts";

/** A dashboard page: the configuration as inert JSON, the script and styles as files. No inline script. */
export function dashboardPage(config: PageConfig, { assets, template }: PageParts): string {
  const about = config.value === null ? [] : [labelText(config.value)];
  const title = [...about, config.title, config.scopeTitle].filter((part) => part !== "").join(" · ");
  const notice =
    assets === null
      ? NOT_BUILT
      : "<noscript><p>The statistics are drawn by a script. Switch scripts on to see them.</p></noscript>";
  const shell = template === null ? "" : ' data-shell="none"';
  const head = assets === null ? "" : assetTags(assets);
  const body = `<div id="stats-dashboard"${shell}>${notice}</div>
<script type="application/json" id="stats-dashboard-config">${scriptJson(config)}</script>`;
  if (template === null) return page(title, { head, body });
  return fillTemplate(template, {
    head: `<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(config.description)}">
${head}`,
    header: menuHtml(config.menu),
    dashboard: body,
    footer: footerHtml(config),
  });
}

export interface PageParts {
  /** Null where the dashboard is not built. */
  readonly assets: Assets | null;
  /** Null for a page of our own. */
  readonly template: Template | null;
}

/** With the class names of the repository's menus. */
function menuHtml(menu: PageConfig["menu"]): string {
  if (menu.length === 0) return "";
  const links = menu.map(
    ({ text, href, current }) =>
      `<a class="item${current ? " active" : ""}"${current ? ' aria-current="page"' : ""} href="${escapeHtml(href)}">${escapeHtml(text ?? "Statistics")}</a>`,
  );
  return `<nav class="stats-dashboard-menu" aria-label="Statistics">${links.join("")}</nav>`;
}

function footerHtml({ helpUrl }: PageConfig): string {
  return helpUrl === null
    ? ""
    : `<p class="stats-dashboard-footer"><a href="${escapeHtml(helpUrl)}">How we count</a></p>`;
}

function labelText({ label, id }: PageValue): string {
  return typeof label === "string" ? label : (label["en"] ?? Object.values(label)[0] ?? id);
}

const NOT_BUILT = "<p>The dashboard is not built. Run <code>npm run build</code> and start the service again.</p>";

export interface ProseFrame {
  readonly assets: Assets | null;
  readonly repositoryTitle: string;
  /** Address of the statistics. */
  readonly back: string;
  /** Sentences about these numbers, as they are now. */
  readonly notes: readonly string[];
}

/** A page of words in the frame of the dashboards; it needs no script. */
export function prosePage(
  { title, headings, html }: Prose,
  { assets, repositoryTitle, back, notes }: ProseFrame,
): string {
  const contents = headings.map(({ id, text }) => `<li><a href="#${id}">${text}</a></li>`).join("\n");
  const notice = notes.length === 0 ? "" : `<p class="prose-now">${escapeHtml(notes.join(" "))}</p>`;
  return page(`${title} · ${repositoryTitle}`, {
    head: assets === null ? "" : styleTags(assets),
    body: `<div class="cs-root">
<header class="shell"><a class="skip" href="#prose">Skip to the text</a>
<div class="shell-in"><span class="shell-mark" aria-hidden="true"></span><span class="shell-name">${escapeHtml(repositoryTitle)}</span>
<nav class="prose-nav" aria-label="Statistics"><a href="${escapeHtml(back)}">Statistics</a><a aria-current="page" href="">How we count</a></nav></div></header>
<div class="prose-page"><nav class="prose-contents" aria-labelledby="contents"><h2 id="contents">On this page</h2>
<ul>
${contents}
</ul></nav>
<main class="prose" id="prose">${html.replace("</h1>", () => `</h1>\n${notice}`)}</main></div>
<footer class="shell foot"><div class="shell-in"><span>${escapeHtml(repositoryTitle)}</span></div></footer>
</div>`,
  });
}

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

function styleTags({ styles }: Pick<Assets, "styles">): string {
  return styles.map((file) => `<link rel="stylesheet" href="${escapeHtml(file)}">`).join("\n");
}

function assetTags({ script, styles, preloads }: Assets): string {
  const tags = [
    styleTags({ styles }),
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

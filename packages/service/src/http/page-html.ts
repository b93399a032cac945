import { helpAddress } from "@community-stats/contract/how-we-count.ts";
import type { PageConfig, PageValue } from "@community-stats/contract/page.ts";
import type { Assets } from "./assets.ts";
import type { FrameWords } from "./frame-words.ts";
import { fillTemplate, type Template } from "./page-template.ts";
import type { Prose } from "./prose.ts";

/** A dashboard page: the configuration as inert JSON, the script and styles as files. No inline script. */
export function dashboardPage(config: PageConfig, { assets, template, words, about = "" }: PageParts): string {
  const value = config.value === null ? "" : labelText(config.value);
  const title = [about, value, config.title, config.scopeTitle].filter((part) => part !== "").join(" · ");
  const notice =
    assets === null ? NOT_BUILT : `<noscript><p>${escapeHtml(words.text("frame.noScript"))}</p></noscript>`;
  const shell = template === null ? "" : ' data-shell="none"';
  const head = assets === null ? "" : assetTags(assets);
  const body = `<div id="stats-dashboard"${shell}>${notice}</div>
<script type="application/json" id="stats-dashboard-config">${scriptJson(config)}</script>`;
  if (template === null) return page(title, { head, body, words });
  return fillTemplate(template, {
    head: `<title>${escapeHtml(title)}</title>
<meta name="description" content="${escapeHtml(config.description)}">
${head}`,
    header: menuHtml(config.menu, words),
    dashboard: body,
    footer: footerHtml(config, words),
  });
}

export interface PageParts {
  /** Null where the dashboard is not built. */
  readonly assets: Assets | null;
  /** Null for a page of our own. */
  readonly template: Template | null;
  readonly words: FrameWords;
  /** What of the dashboard the page is about, where it is not all of it. */
  readonly about?: string;
}

/** With the class names of the repository's menus. */
function menuHtml(menu: PageConfig["menu"], words: FrameWords): string {
  const name = escapeHtml(words.text("page.generic"));
  if (menu.length === 0) return "";
  const links = menu.map(
    ({ text, href, current }) =>
      `<a class="item${current ? " active" : ""}"${current ? ' aria-current="page"' : ""} href="${escapeHtml(href)}">${text === null ? name : escapeHtml(text)}</a>`,
  );
  return `<nav class="stats-dashboard-menu" aria-label="${name}">${links.join("")}</nav>`;
}

function footerHtml(config: PageConfig, words: FrameWords): string {
  const help = helpAddress(config, words.language);
  return help === null
    ? ""
    : `<p class="stats-dashboard-footer"><a href="${escapeHtml(help)}">${escapeHtml(words.text("page.howWeCount"))}</a></p>`;
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
  readonly words: FrameWords;
  /** Of the text, which may not be there in that of the words. */
  readonly language: string;
  /** Those that there are texts in. */
  readonly languages: readonly string[];
}

/** A page of words in the frame of the dashboards; it needs no script. */
export function prosePage(
  { title, headings, html }: Prose,
  { assets, repositoryTitle, back, notes, words, language, languages }: ProseFrame,
): string {
  const text = (key: string) => escapeHtml(words.text(key));
  const contents = headings.map((heading) => `<li><a href="#${heading.id}">${heading.text}</a></li>`).join("\n");
  const notice =
    notes.length === 0 ? "" : `<p class="prose-now" lang="${words.language}">${escapeHtml(notes.join(" "))}</p>`;
  return page(`${title} · ${repositoryTitle}`, {
    words,
    head: assets === null ? "" : styleTags(assets),
    body: `<div class="cs-root">
<header class="shell"><a class="skip" href="#prose">${text("frame.skip")}</a>
<div class="shell-in"><span class="shell-mark" aria-hidden="true"></span><span class="shell-name">${escapeHtml(repositoryTitle)}</span>
<nav class="prose-nav" aria-label="${text("page.generic")}"><a href="${escapeHtml(back)}">${text("page.generic")}</a><a aria-current="page" href="">${text("page.howWeCount")}</a></nav></div></header>
<div class="prose-page"><nav class="prose-contents" aria-labelledby="contents"><h2 id="contents">${text("frame.contents")}</h2>
<ul>
${contents}
</ul></nav>
<main class="prose" id="prose" lang="${language}">${html.replace("</h1>", () => `</h1>\n${notice}`)}</main></div>
<footer class="shell foot"><div class="shell-in"><span>${escapeHtml(repositoryTitle)}</span>
<nav class="languages" aria-label="${text("page.language")}">${languages.map((other) => languageLink(other, language)).join("\n")}</nav></div></footer>
</div>`,
  });
}

/** The same page in a language, which is named in itself. */
function languageLink(language: string, shown: string): string {
  const name = new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
  const current = language === shown ? ' aria-current="true"' : "";
  return `<a href="?lang=${language}" lang="${language}" hreflang="${language}"${current}>${escapeHtml(name)}</a>`;
}

export interface NotFoundFrame {
  readonly assets: Assets | null;
  /** Address of the repository's statistics. */
  readonly back: string;
}

/** The same text for what is unknown, deleted and not readable, so that none gives the others away. */
export function notFoundPage(words: FrameWords, { assets, back }: NotFoundFrame): string {
  const text = (key: string) => escapeHtml(words.text(key));
  return page(words.text("frame.notFound"), {
    words,
    head: assets === null ? "" : styleTags(assets),
    body: `<div class="cs-root"><main class="page"><h1>${text("frame.notFoundTitle")}</h1>
<p>${text("frame.notFoundText")}</p>
<p><a href="${escapeHtml(back)}">${text("frame.notFoundLink")}</a></p></main></div>`,
  });
}

interface PageText {
  readonly head: string;
  readonly body: string;
  readonly words: FrameWords;
}

function page(title: string, { head, body, words }: PageText): string {
  return `<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
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

/** A heading of a page of prose, and the name by which its address leads to it. */
export interface ProseHeading {
  readonly id: string;
  readonly text: string;
}
export interface Prose {
  readonly title: string;
  /** The headings of the second level. */
  readonly headings: readonly ProseHeading[];
  readonly html: string;
}

type Block = readonly [kind: "heading" | "list" | "table" | "paragraph", lines: readonly string[]];

/**
 * The Markdown of our own documents as HTML: headings, paragraphs, lists, tables, bold, italics, code and links. Whatever else stands
 * there is text. A link to another document of the folder is its text only: the page stands alone.
 * @param original of which this is a translation: its headings lend their names, so that an address leads to the same place in every language.
 */
export function renderProse(markdown: string, original = markdown): Prose {
  const blocks = blocksOf(markdown);
  const names = blocksOf(original).filter(isSection).map(ownName);
  const ids = new Map(blocks.filter(isSection).map((block, place) => [block, names[place] ?? ownName(block)]));
  const title = blocks.map(firstLine).find((line) => line.startsWith("# "));
  return {
    title: plain(title?.slice(2) ?? ""),
    headings: [...ids].flatMap(([block, id]) =>
      firstLine(block).startsWith("## ") ? [{ id, text: inline(firstLine(block).slice(3)) }] : [],
    ),
    html: blocks.map((block) => blockHtml(block, ids.get(block))).join("\n"),
  };
}

function blocksOf(markdown: string): readonly Block[] {
  const texts = markdown.split(/\n{2,}/).map((text) => text.trim());
  return texts.filter((text) => text !== "").map((text) => blockOf(text));
}

function firstLine([, [line = ""]]: Block): string {
  return line;
}

/** A heading that an address can lead to: any below the title. */
function isSection(block: Block): boolean {
  return block[0] === "heading" && /^#{2,3} /.test(firstLine(block));
}

function blockOf(text: string): Block {
  const lines = text.split("\n");
  const [first = ""] = lines;
  if (/^#{1,3} /.test(first)) return ["heading", lines];
  if (first.startsWith("- ")) return ["list", itemsOf(lines)];
  if (first.startsWith("|") && /^\|[ :|-]+\|$/.test(lines[1] ?? "")) return ["table", lines];
  return ["paragraph", lines];
}

/** A line that begins no item goes on with the one before. */
function itemsOf(lines: readonly string[]): readonly string[] {
  const items: string[] = [];
  for (const line of lines) {
    if (line.startsWith("- ")) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ""} ${line.trim()}`);
  }
  return items;
}

/** @param id of a heading. */
function blockHtml(block: Block, id = ownName(block)): string {
  const [kind, lines] = block;
  switch (kind) {
    case "heading":
      return headingHtml(lines, id);
    case "list":
      return `<ul>\n${lines.map((item) => `<li>${inline(item)}</li>`).join("\n")}\n</ul>`;
    case "table":
      return tableHtml(lines);
    case "paragraph":
      return `<p>${inline(lines.join(" "))}</p>`;
    default:
      return kind satisfies never;
  }
}

/** A heading may be followed by its first paragraph without an empty line. */
function headingHtml([first = "", ...rest]: readonly string[], id: string): string {
  const level = first.indexOf(" ");
  const text = inline(first.slice(level + 1));
  const heading = level === 1 ? `<h1>${text}</h1>` : `<h${level} id="${id}">${text}</h${level}>`;
  return rest.length === 0 ? heading : `${heading}\n${blockHtml(blockOf(rest.join("\n")))}`;
}

function ownName(block: Block): string {
  return plain(firstLine(block))
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "");
}

function tableHtml([head = "", , ...rows]: readonly string[]): string {
  const heads = cellsOf(head).map((cell) => `<th scope="col">${cell}</th>`);
  const body = rows.map((row) => {
    const [first = "", ...rest] = cellsOf(row);
    return `<tr><th scope="row">${first}</th>${rest.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  return `<table>\n<thead><tr>${heads.join("")}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody>\n</table>`;
}

function cellsOf(row: string): readonly string[] {
  const inside = row.replaceAll(/^\||\|$/g, "");
  return inside.split("|").map((cell) => inline(cell.trim()));
}

function inline(markdown: string): string {
  return escapeText(markdown)
    .replaceAll(/`([^`]+)`/g, "<code>$1</code>")
    .replaceAll(/\[([^\]]+)\]\((https:[^)\s]+)\)/g, '<a href="$2">$1</a>')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replaceAll(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
    .replaceAll(/\*([^*]+)\*/g, "<em>$1</em>");
}

function plain(markdown: string): string {
  return markdown.replaceAll(/[*`]/g, "");
}

const MARKS: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"]/g, (mark) => MARKS[mark] ?? mark);
}

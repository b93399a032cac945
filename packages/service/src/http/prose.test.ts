import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderProse } from "./prose.ts";

describe("prose", () => {
  it.each([
    ["## Words & days", '<h2 id="words-days">Words &amp; days</h2>'],
    ["a **b** *c* `d < e`\nf", "<p>a <strong>b</strong> <em>c</em> <code>d &lt; e</code> f</p>"],
    ["- a\n- b\n  c", "<ul>\n<li>a</li>\n<li>b c</li>\n</ul>"],
    ["[x](https://example.org) [y](other.md)", '<p><a href="https://example.org">x</a> y</p>'],
    ["[x](javascript:1)", "<p>x</p>"],
    ["<script>1</script>", "<p>&lt;script&gt;1&lt;/script&gt;</p>"],
    ["### A\nb", '<h3 id="a">A</h3>\n<p>b</p>'],
  ])("writes %j", (markdown, html) => {
    expect(renderProse(markdown).html).toBe(html);
  });

  it("writes tables with heads for columns and rows", () => {
    const { html } = renderProse("| a | b |\n| --- | --- |\n| c | d |");
    expect(html).toContain('<thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>');
    expect(html).toContain('<tr><th scope="row">c</th><td>d</td></tr>');
  });

  it("leaves nothing of the marks of Markdown in our own document", () => {
    const numbers = readFileSync(new URL("../../../../docs/numbers.md", import.meta.url), "utf8");
    const { title, headings, html } = renderProse(numbers);
    expect(title).toBe("What each number means");
    expect(headings.length).toBeGreaterThan(6);
    expect(html.replaceAll(/<code>.*?<\/code>/g, "")).not.toMatch(/\*|`|\]\(|^#|^\||\| ---/m);
  });
});

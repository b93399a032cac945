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

  it("gives a translation the names of its original, by their order", () => {
    const { headings, html } = renderProse(
      "# Ü\n\n## Wörter\n\n- ## c\n\n### Tag\n\n## Mehr",
      "# O\n\n## Words\n\n### Day",
    );
    expect(html.match(/<h\d.*/g)).toEqual([
      "<h1>Ü</h1>",
      '<h2 id="words">Wörter</h2>',
      '<h3 id="day">Tag</h3>',
      '<h2 id="mehr">Mehr</h2>',
    ]);
    expect(headings).toEqual([
      { id: "words", text: "Wörter" },
      { id: "mehr", text: "Mehr" },
    ]);
  });
});

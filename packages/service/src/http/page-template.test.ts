import { describe, expect, it } from "vitest";
import { fillTemplate, parseTemplate } from "./page-template.ts";

const parts = { head: "<H>", header: "<N>", dashboard: "<D $& $1>", footer: "<F>" };

it("sets the parts into their places, whatever they hold, and leaves the rest as it is", () => {
  const text =
    "<head><!-- stats:head --></head>\n<body><!--stats:header--><!-- note --><!-- stats:dashboard --></body>";
  expect(fillTemplate(parseTemplate("t.html", text), parts)).toBe(
    "<head><H></head>\n<body><N><!-- note --><D $& $1></body>",
  );
});

describe("a template is refused", () => {
  it.each([
    ["<!-- stats:head -->", "has no place <!-- stats:dashboard -->"],
    ["<!-- stats:dashboard -->", "has no place <!-- stats:head -->"],
    ["<!-- stats:head --><!-- stats:dashboard --><!-- stats:dashboard -->", "2 times"],
    ["<!-- stats:head --><!-- stats:body -->", 'has a place "body"'],
  ])("%s", (text, says) => {
    expect(() => parseTemplate("shell.html", text)).toThrow(`The template shell.html of STATS_DASHBOARD_TEMPLATES`);
    expect(() => parseTemplate("shell.html", text)).toThrow(says);
  });
});

import { expect, it } from "vitest";
import { checkLinks } from "./links.ts";

const exists = (path: string) => ["docs/numbers.md", "README.md"].includes(path);
const messages = (text: string) => checkLinks([{ path: "docs/a.md", text }], exists).map(({ message }) => message);

it.each([
  ["beside it", "See [the numbers](numbers.md#views)."],
  ["above it", "See [the start](../README.md)."],
  ["on the web", "See [there](https://example.org/x)."],
  ["in itself", "See [below](#more)."],
  ["named as code", "Its source is `docs/numbers.md`, and what it makes `out/numbers.md`."],
])("follows a link to a place %s", (_, text) => {
  expect(messages(text)).toEqual([]);
});

it.each([
  ["a link", "See [it](gone.md)."],
  ["a picture", '<img src="gone.md">'],
  ["a path", "Its source is `docs/gone.md`."],
])("names %s that leads nowhere", (_, text) => {
  expect(messages(text)).toEqual(["It leads to docs/gone.md, which does not exist."]);
});

import { WIDGET_PROPS } from "@community-stats/contract/widget-props.ts";
import { expect, it } from "vitest";

const OURS: Readonly<Record<string, string>> = import.meta.glob(
  ["../**/*.ts", "../**/*.tsx", "../../../contract/src/*.ts", "!../**/*.test.*", "!../../../contract/src/*.test.ts"],
  { query: "?raw", import: "default", eager: true },
);
/** `textProp(placed.props, "title")` and `props["metric"]` */
const READ = /(?:Prop\(\s*[\w.]*props,\s*|props\[)"(\w+)"/g;

it("every prop that a widget reads is in the table, and the other way round", () => {
  const read = Object.values(OURS).flatMap((text) => [...text.matchAll(READ)].map(([, name]) => name));
  const listed = WIDGET_PROPS.map(({ name }) => name);
  expect([...new Set(read)].toSorted()).toEqual([...new Set(listed)].toSorted());
});

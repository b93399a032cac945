import { expect, it } from "vitest";
import { nearest } from "./nearest.ts";

const known = ["views", "downloads", "dataVolume", "viewVisitors"];

it.each([
  ["view", "Did you mean views? "],
  ["data-volume", "Did you mean dataVolume? "],
  ["DOWNLAODS", "Did you mean downloads? "],
  ["view_visitor", "Did you mean viewVisitors? "],
  ["citations", ""],
  ["", ""],
  ["x".repeat(100_000), ""],
])("of %s: %j", (name, hint) => expect(nearest(name, known)).toBe(hint));

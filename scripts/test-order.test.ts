import { globSync } from "node:fs";
import { expect, it } from "vitest";
import { longFirst } from "./test-order.ts";

it("begins with the long files that there are, and leaves the others in their order", () => {
  const files = globSync("packages/service/test/{cluster,conformance}/*.{cluster,test}.ts").toSorted();
  const ordered = longFirst(files, (file) => file);
  const names = ordered.map((file) => file.replace(/^.*\//, ""));
  const long = ["breakdowns.cluster.ts", "copying.cluster.ts", "faults.cluster.ts", "publish-command.cluster.ts"];
  expect(names.slice(0, 8)).toEqual([
    ...long,
    "stores.cluster.ts",
    "worlds.cluster.ts",
    "worlds-1.test.ts",
    "worlds-2.test.ts",
  ]);
  expect(ordered.slice(8)).toEqual(files.filter((file) => !ordered.slice(0, 8).includes(file)));
});

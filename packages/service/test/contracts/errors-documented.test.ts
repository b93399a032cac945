import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HTTP_CODES } from "../../src/http/problems.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

function codesInSource(): readonly string[] {
  const files = globSync("packages/{contract,service}/src/**/*.ts", { cwd: root }).filter(
    (file) => !file.includes(".test."),
  );
  const texts = files.map((file) => readFileSync(join(root, file), "utf8")).join("\n");
  const found = texts.matchAll(
    /readonly code(?: =|:)\s*((?:\|?\s*"[A-Z_]+"\s*)+)|new BadRequestError\(\s*"([A-Z_]+)"/g,
  );
  return Array.from(found).flatMap(([, own, refused]) => (own ?? `"${refused}"`).match(/[A-Z_]+/g) ?? []);
}

describe("docs/errors.md", () => {
  it("lists every code that the product gives out, and no other", () => {
    const text = readFileSync(join(root, "docs/errors.md"), "utf8");
    const documented = Array.from(text.matchAll(/^\| `([A-Z_]+)` \|/gm), ([, code]) => code);
    expect(documented.toSorted()).toEqual([...new Set([...codesInSource(), ...HTTP_CODES])].toSorted());
  });
});

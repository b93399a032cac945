import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { InstancePart, InstanceSource } from "../engine/instance-source.ts";
import { openMemory } from "../engines/memory/open.ts";
import { harvest } from "./harvest.ts";

const folder = mkdtempSync(join(tmpdir(), "harvest-"));
afterAll(() => rmSync(folder, { recursive: true }));

const community = (id: string, visibility: string) => `${JSON.stringify({ id, slug: id, access: { visibility } })}\n`;

/** Parts by name, each of one page. */
function instanceOf(pages: Readonly<Record<string, string>>): InstanceSource {
  return {
    parts: async () =>
      Object.keys(pages).map((name): InstancePart => ({ source: name, index: name, shard: 0, kind: "communities" })),
    async *pages({ source }, after) {
      if (after < 0) yield { lines: pages[source] ?? "", count: 1, position: 0 };
    },
  };
}

it("keeps the rejects of one index, whatever is read after it", async () => {
  const line = community("a", "unknown");
  const instance = instanceOf({ "one-communities": line, "other-communities": community("b", "public") });
  const { facts } = openMemory({ clock: () => 0 });
  const report = await harvest({ facts, instance, rejectsDir: folder, now: () => 0, threads: 0 });
  const [one, other] = report.files;
  expect([one?.rejected.length, other?.rejects]).toEqual([1, null]);
  expect(readFileSync(one?.rejects ?? "", "utf8")).toBe(line);
});

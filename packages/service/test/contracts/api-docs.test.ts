import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aggregate } from "../../src/aggregate/runner.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openMemory } from "../../src/engines/memory/open.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import { testApp } from "./app.ts";

const root = new URL("../../../../", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "api-docs-"));
const now = (): number => Date.parse("2025-03-13T09:00:00Z");
let engine: Engine;
let app: FastifyInstance;
let address = "";

/** A fresh server over the worked example, in the morning after its last day. */
beforeAll(async () => {
  engine = await openMemory({ clock: now });
  const files = ["records", "memberships", "communities", "events"].map((name) =>
    fileURLToPath(new URL(`fixtures/worked-example/${name}.ndjson`, root)),
  );
  await ingestFiles({ files, facts: engine.facts, rejectsDir: join(folder, "rejects"), now, threads: 0 });
  await aggregate(engine, { breakdowns: DEFAULT_BREAKDOWNS, workers: 1, owner: "test", now });
  app = await testApp(engine, { today: "2025-03-13" });
  await app.listen({ host: "127.0.0.1", port: 0 });
  address = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await app.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

interface Example {
  readonly command: string;
  readonly kind: string;
  readonly expected: string;
}

/** Each command of the page with the answer that follows it. */
function examples(): readonly Example[] {
  const text = readFileSync(new URL("docs/api.md", root), "utf8");
  const blocks = text.matchAll(/```sh\n(.*?)```\n\n```(json|text)\n(.*?)```/gs);
  return Array.from(blocks, ([, command = "", kind = "", expected = ""]) => ({ command, kind, expected }));
}

async function run(command: string): Promise<string> {
  const script = command.replaceAll("http://localhost:8080", address);
  const { stdout } = await promisify(execFile)("bash", ["-euc", script]);
  return stdout.replaceAll("\r\n", "\n");
}

describe("docs/api.md", () => {
  it("has an answer for every command", () => {
    const text = readFileSync(new URL("docs/api.md", root), "utf8");
    expect(examples().length).toBeGreaterThan(10);
    expect(text.match(/```sh/g)).toHaveLength(examples().length);
  });

  it.each(examples().filter(({ kind }) => kind === "json"))(
    "answers as it says: $command",
    async ({ command, expected }) => {
      expect(JSON.parse(await run(command))).toMatchObject(JSON.parse(expected));
    },
  );

  it.each(examples().filter(({ kind }) => kind === "text"))(
    "prints what it says: $command",
    async ({ command, expected }) => {
      expect(await run(command)).toBe(expected);
    },
  );
});

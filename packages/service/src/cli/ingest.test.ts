import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loadConfig } from "../config/config.ts";
import { openMemory } from "../engines/memory/open.ts";
import { EXIT, type ExitCode } from "./command.ts";
import { ingestCommand } from "./ingest.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingest-command-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Outcome {
  readonly exit: ExitCode;
  readonly out: string;
  readonly err: string;
}

async function run(
  files: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
  stdin = "",
): Promise<Outcome> {
  const engine = openMemory({ clock: Date.now });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exit = await ingestCommand.run(
    {
      config: loadConfig({ COMMUNITY_STATS_DATA_DIR: folder }),
      stdin: Readable.from([Buffer.from(stdin)]),
      stdout,
      stderr,
      interactive: false,
      now: () => 0,
      signal: new AbortController().signal,
      owner: "test",
      engine: async () => engine,
    },
    { options, arguments: files },
  );
  return { exit, out: String(stdout.read() ?? ""), err: String(stderr.read() ?? "") };
}

const event = (visitor: string): string =>
  JSON.stringify({
    event: "record-view",
    timestamp: "2026-03-02T10:15:42",
    recid: "r",
    visitor_id: visitor,
    unique_id: "ui_r",
  });

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

it("prints a table and ends with 0 when every line was used", async () => {
  const { exit, out } = await run([await file("a.ndjson", `${event("1")}\n${event("1")}\n${event("2")}`)]);
  expect(exit).toBe(EXIT.done);
  expect(out).toBe(
    "file      kind    read  accepted  known  superseded  skipped  rejected\n" +
      "a.ndjson  events     3         2      1           0        0         0\n",
  );
});

it("ends with 3 when lines were rejected, and says why and where they are", async () => {
  const { exit, out } = await run([await file("a.ndjson", `${event("1")}\nx`)]);
  expect(exit).toBe(EXIT.partial);
  expect(out).toContain("rejected 1: is no JSON (line 2)");
  const [rejects] = (await readdir(join(folder, "rejects"))).filter((name) => name.endsWith(".ndjson"));
  expect(out).toContain(`rejected lines are in ${join(folder, "rejects", rejects ?? "?")}`);
});

it("ends with 1 when an input cannot be read, and takes the others", async () => {
  const { exit, out, err } = await run([join(folder, "none"), await file("a", event("1"))]);
  expect(exit).toBe(EXIT.failed);
  expect(out).toMatch(/^total +1 +1 /m);
  expect(err).toContain(`Error: ${join(folder, "none")} does not exist.\nCheck the name and the rights of the file.\n`);
});

it("ends with 1 when compressed data are cut off", async () => {
  const packed = gzipSync(Array.from({ length: 99 }, (_, index) => event(String(Math.sin(index)))).join("\n"));
  const { exit, err } = await run([await file("a.gz", packed.subarray(0, packed.length - 9))]);
  expect(exit).toBe(EXIT.failed);
  expect(err).toContain("end early or are damaged; what could be read was taken.");
});

it("prints the whole report as JSON", async () => {
  const { out } = await run([await file("a", event("1"))], { json: true });
  expect(JSON.parse(out)).toMatchObject({
    state: "done",
    totals: { read: 1, accepted: 1 },
    files: [{ kind: "events" }],
  });
});

it("reads standard input, and takes what --as says", async () => {
  const { exit, out } = await run(["-"], { as: "events" }, event("1"));
  expect([exit, out.split("\n")[1]?.split(/ +/).slice(0, 4)]).toEqual([EXIT.done, ["-", "events", "1", "1"]]);
});

it("refuses standard input named twice", async () => {
  await expect(run(["-", "-"])).rejects.toThrow("named twice");
});

it("changes nothing in a dry run", async () => {
  const { exit, out } = await run([await file("a", `${event("1")}\nx`)], { dryRun: true });
  expect(exit).toBe(EXIT.partial);
  expect(out).toContain("Nothing was changed (--dry-run).");
  expect(await readdir(folder)).toEqual(["a"]);
});

it("wants files or the repository's indices, not both and not neither", async () => {
  await expect(run([])).rejects.toThrow("ingest needs to know what to read.");
  await expect(run(["a"], { instance: true })).rejects.toThrow("--instance reads no files.");
  await expect(run([], { instance: true })).rejects.toThrow("This engine does not see the repository's indices.");
});

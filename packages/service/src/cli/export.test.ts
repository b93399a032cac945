import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import ExcelJS from "exceljs";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeWorkedExample } from "../../test/counted-example.ts";
import { clockAt } from "../../test/counted-world.ts";
import { expectedDocuments } from "../../test/worked-example.ts";
import { loadConfig } from "../config/config.ts";
import type { Engine } from "../engine/engine.ts";
import { openMemory } from "../engines/memory/open.ts";
import { exportCommand } from "./export.ts";

const folder = mkdtempSync(join(tmpdir(), "cli-export-"));
let engine: Engine;

beforeEach(async () => {
  engine = await openMemory({ clock: Date.now });
  await writeWorkedExample(engine);
});
afterEach(() => engine.close());
afterAll(() => rmSync(folder, { recursive: true }));

function sink(take: (chunk: Buffer) => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      take(chunk);
      done();
    },
  });
}

async function run(
  options: Readonly<Record<string, unknown>>,
  signal = new AbortController().signal,
  config = loadConfig({}),
) {
  const out: Buffer[] = [];
  const err: string[] = [];
  const code = await exportCommand.run(
    {
      config,
      stdin: process.stdin,
      stdout: sink((chunk) => out.push(chunk)),
      stderr: sink((chunk) => err.push(String(chunk))),
      interactive: false,
      now: clockAt("2025-03-13"),
      signal,
      owner: "test:1",
      engine: () => Promise.resolve(engine),
    },
    { options, arguments: [] },
  );
  return { code, out: Buffer.concat(out), err: err.join("") };
}

const path = (name: string) => join(folder, name);

describe("export", () => {
  it("finds a serializer of one's own beside the configuration file", async () => {
    const names =
      'export const serializer = { id: "names", contentType: "text/plain", extension: ".names", attachment: true,';
    const write =
      "compressible: true, async write(content, out) { out.end(content.document().queries.map(({ query }) => query).join()); } };";
    writeFileSync(path("names.mjs"), `${names} ${write}`);
    const serializers = JSON.stringify({ "text/x-names": { serializer: "./names.mjs" } });
    const config = { ...loadConfig({ COMMUNITY_STATS_SERIALIZERS: serializers }), file: path("ours.yaml") };
    const { code, out } = await run({ queryType: ["usage-delta-series"], format: "names" }, undefined, config);
    expect([code, String(out)]).toEqual([0, "usage-delta-series"]);
  });

  it("prints what the API answers", async () => {
    const { code, out } = await run({ queryType: ["community-usage-delta"], communityId: "a" });
    expect(code).toBe(0);
    expect(JSON.parse(out.toString())).toMatchObject(expectedDocuments("community-usage-delta", "A"));
  });

  it("prints CSV of one table", async () => {
    const param = ["category=countries", "metric=views"];
    const { out } = await run({ queryType: ["usage-delta-series"], param, format: "csv" });
    expect(out.toString().split("\r\n")[0]).toBe("id,label,date,value,units");
  });

  it("writes all four categories by default, in the format of the file's name", async () => {
    await run({ output: path("all.xlsx") });
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(path("all.xlsx"));
    expect(book.worksheets.map(({ name }) => name)).toContain("usage-delta-category global vie");
    await run({ output: path("all.tar.gz") });
    const list = execFileSync("tar", ["-tzf", path("all.tar.gz")], { encoding: "utf8" });
    expect(list).toContain("record-snapshot-category/global/records.csv\n");
    await run({ output: path("all.xml") });
    expect(readFileSync(path("all.xml"), "utf8").match(/<category /g)).toHaveLength(4);
  });

  it("leaves the file as it was when it fails, and nothing beside it", async () => {
    writeFileSync(path("kept.csv"), "before");
    await expect(run({ queryType: ["usage-delta-category"], output: path("kept.csv") })).rejects.toMatchObject({
      code: "USAGE",
    });
    await expect(run({ output: join(folder, "missing", "a.json") })).rejects.toMatchObject({ code: "OUTPUT" });
    expect(readFileSync(path("kept.csv"), "utf8")).toBe("before");
    expect(readdirSync(folder).filter((name) => name.includes("part"))).toEqual([]);
  });

  it("ends with 3 and without a file when it is interrupted", async () => {
    const { code } = await run({ output: path("interrupted.json") }, AbortSignal.abort());
    expect(code).toBe(3);
    expect(readdirSync(folder).filter((name) => name.includes("interrupted"))).toEqual([]);
  });

  it.each([
    [{ format: "pdf" }, "USAGE", "pdf"],
    [{ param: ["shape"] }, "USAGE", "shape"],
    [{ queryType: ["nonsense"] }, "UNKNOWN_QUERY", "nonsense"],
    [{ param: ["nonsense=1"] }, "UNKNOWN_PARAMETER", "nonsense"],
    [{ startDate: "soon" }, "USAGE", "soon"],
  ])("refuses %j with %s naming %s", async (options, code, value) => {
    await expect(run(options)).rejects.toMatchObject({ code, message: expect.stringContaining(value) });
  });
});

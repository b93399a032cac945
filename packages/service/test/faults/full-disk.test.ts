import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEngine } from "../../src/app.ts";
import { smallData } from "./small-data.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const DISK_KB = 24_000;
/** Kilobytes that are left when the command begins: it fails at its first step, amid the records, amid the events. */
const LEFT_KB = [0, 40, 1_000, 2_200];

const folder = mkdtempSync(join(tmpdir(), "community-stats-full-"));
const disk = join(folder, "disk");

/** Needs the right to mount; where tests must not be left out, its absence is a failure. */
function canMount(): boolean {
  mkdirSync(disk, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_KB}k`, "tmpfs", disk], { stdio: "pipe" });
    return true;
  } catch (error) {
    if (process.env["CI"] === "true") throw new Error("a small disk cannot be mounted for this test", { cause: error });
    return false;
  }
}
const mounted = canMount();

describe.runIf(mounted)("a disk that is really full", () => {
  const files = [...smallData(folder), join(folder, "more.ndjson")];
  const undisturbed = join(folder, "undisturbed");
  const ballast = join(disk, "ballast");
  const dataDir = join(disk, "data");
  let expected: unknown;

  beforeAll(async () => {
    writeFileSync(join(folder, "more.ndjson"), manyEvents());
    const { exit, errors } = await command(["ingest", ...files], undisturbed);
    if (exit !== 3) throw new Error(`the undisturbed ingest ended with ${exit}: ${errors}`);
    expected = await contentOf(undisturbed);
  }, 120_000);
  afterAll(() => {
    execFileSync("umount", [disk]);
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(LEFT_KB)("with %i kB left: a clear error, exit 1, nothing damaged, and a retry goes on", async (left) => {
    for (const name of readdirSync(disk)) rmSync(join(disk, name), { recursive: true });
    const empty = join(folder, "empty");
    await contentOf(empty);
    cpSync(empty, dataDir, { recursive: true });
    fillUpTo(ballast, left);
    const failed = await command(["ingest", ...files], dataDir);
    expect(failed).toMatchObject({ exit: 1 });
    expect(failed.errors).toMatch(/No space left for writing to .+; nothing of this step was stored\./);
    expect(failed.errors).toMatch(/Free space on the file system of /);
    rmSync(ballast);
    const { problems } = await contentOf(dataDir);
    // A file that was in its place before the commit failed counts for nothing.
    expect(problems.filter((kind) => kind !== "orphan-file")).toEqual([]);
    expect((await command(["ingest", ...files], dataDir)).exit).toBe(3);
    expect({ ...(await contentOf(dataDir)), problems: [] }).toEqual(expected);
  });
});

/** Enough that files are written, and one line that is rejected. */
function manyEvents(): string {
  const lines = Array.from({ length: 30_000 }, (_, index) =>
    JSON.stringify({
      event: "record-view",
      timestamp: new Date(Date.UTC(2025, 0, 1) + index * 60_000).toISOString().slice(0, 19),
      recid: `r${index % 500}`,
      unique_id: `ui_r${index % 500}`,
      visitor_id: `visitor-${index}`,
    }),
  );
  return `${lines.join("\n")}\n{"event":"record-view"}\n`;
}

function fillUpTo(path: string, leftKb: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(path, new Uint8Array(Math.max(0, bavail * bsize - leftKb * 1024)));
}

async function contentOf(dataDir: string): Promise<{ readonly summary: object; readonly problems: readonly string[] }> {
  const engine = await openEngine({ name: "embedded", dataDir });
  const { bytes: _bytes, ...summary } = await engine.facts.summary();
  const days = await engine.facts.eventDays();
  const problems = await engine.facts.problems();
  const counts = days.map(({ day, count }) => [day, count]);
  let scanned = 0;
  for await (const { count } of engine.facts.events(days.map(({ day }) => day))) scanned += count;
  await engine.close();
  return { summary: { ...summary, counts, scanned }, problems: problems.map(({ kind }) => kind) };
}

async function command(words: readonly string[], dataDir: string): Promise<{ exit: number; errors: string }> {
  return await new Promise((resolve) => {
    const env = { ...process.env, COMMUNITY_STATS_DATA_DIR: dataDir };
    const child = execFile(process.execPath, ["--no-warnings", MAIN, ...words], { env }, (_error, _output, errors) =>
      resolve({ exit: child.exitCode ?? -1, errors }),
    );
  });
}

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const script = new URL("measured-export.ts", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "many-points-"));
const POINTS = 600_000;
/** The collector tidies up in time, so that the peak is what the export needs and not what it left behind. */
const TIDY = ["--max-semi-space-size=2", "--max-old-space-size=64"];
/** As pairs of text and number alone, these points would take more than 100 MB. */
const MOST_MB = 60;

interface Measured {
  readonly bytes: number;
  readonly beforeMb: number;
  readonly peakMb: number;
}

function run(...parameters: readonly string[]): string {
  return execFileSync(process.execPath, [...TIDY, script, ...parameters], { encoding: "utf8" });
}

beforeAll(() => {
  run("fill", folder, String(POINTS));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe(`an export of ${POINTS.toLocaleString("en")} points`, () => {
  it.each(["json", "csv.tar.gz", "xlsx", "xml"])("takes little memory as %s", (format) => {
    const { bytes, beforeMb, peakMb } = JSON.parse(run(format, folder)) as Measured;
    expect(bytes).toBeGreaterThan(POINTS);
    expect(peakMb - beforeMb).toBeLessThan(MOST_MB);
  });
});

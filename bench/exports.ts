import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Figure } from "./report.ts";

const SCRIPT = fileURLToPath(new URL("../packages/service/test/exports/measured-export.ts", import.meta.url));
const FORMATS = ["json", "csv.tar.gz", "xlsx", "xml"];
/** The collector tidies up in time: the peak is what an export needs, not what it has left behind. */
const TIDY = ["--max-semi-space-size=2", "--max-old-space-size=64"];
export const EXPORT_POINTS = { full: 2_000_000, smoke: 50_000 } as const;
/** Of memory on top of what the process takes before it begins. */
const MOST_MEGABYTES = 150;

/** One answer of so many points in each format, made by a process of its own. */
export async function exportsBench(points: number): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "bench-exports-"));
  try {
    run([], ["fill", folder, String(points)]);
    return FORMATS.flatMap((format) => [
      ...figures(`export ${format}, ${points} points`, run([], [format, folder])),
      ...figures(`export ${format}, little memory given`, run(TIDY, [format, folder])),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly ms: number;
  readonly beforeMb: number;
  readonly peakMb: number;
}

function run(flags: readonly string[], parameters: readonly string[]): Measured {
  const text = execFileSync(process.execPath, [...flags, SCRIPT, ...parameters], { encoding: "utf8" });
  return text === "" ? { ms: 0, beforeMb: 0, peakMb: 0 } : (JSON.parse(text) as Measured);
}

function figures(name: string, { ms, beforeMb, peakMb }: Measured): readonly Figure[] {
  const limit = { kind: "most", value: MOST_MEGABYTES } as const;
  const memory = { name: `${name}: memory on top`, value: peakMb - beforeMb, unit: "MB" };
  return [
    { ...memory, limit },
    { name: `${name}: whole process`, value: peakMb, unit: "MB" },
    { name: `${name}: time`, value: ms / 1000, unit: "s" },
  ];
}

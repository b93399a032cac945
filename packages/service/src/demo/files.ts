import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createGunzip, createGzip } from "node:zlib";
import { missingCommunities } from "./communities.ts";
import { usedRecord, type UsedRecord } from "./subjects-of-use.ts";
import { generateUse } from "./use.ts";

const corpus = (name: string) =>
  fileURLToPath(new URL(`../../../../fixtures/corpora/${name}.ndjson.gz`, import.meta.url));
const RECORDS = ["records", "records-blogs", "records-versions"].map(corpus);
const COMMUNITIES = ["communities", "communities-blogs"].map(corpus);

/** The real part of the demonstration: records and communities of public repositories. */
export const CORPORA: readonly string[] = [...COMMUNITIES, ...RECORDS];

/** 2019-01-01: generated use begins where nobody says otherwise. */
const FIRST_DAY = 17_897;

export interface DemonstrationOptions {
  readonly dataDir: string;
  readonly seed: number;
  readonly scale: number;
  /** Day number on which the use begins; null: in 2019. */
  readonly firstDay: number | null;
  /** Inclusive; a day number. */
  readonly lastDay: number;
  readonly progress: (progress: { step: string; done: number; total: number }) => void;
}

/** Writes the generated part as files of their own, marked as such, and returns their paths. Done anew, the same options give the same bytes. */
export async function writeDemonstration(options: DemonstrationOptions): Promise<readonly string[]> {
  const folder = join(options.dataDir, "demo");
  await mkdir(folder, { recursive: true });
  const recordLines = (await Promise.all(RECORDS.map(linesOf))).flat();
  const communityLines = (await Promise.all(COMMUNITIES.map(linesOf))).flat();
  const communities = join(folder, "communities.ndjson");
  await writeFile(communities, `${missingCommunities(recordLines, communityLines).join("\n")}\n`);
  const records = recordLines.map(usedRecord).filter((record) => record !== null);
  const events = join(folder, "events.ndjson.gz");
  await writeEvents(`${events}.part`, records, options);
  await rename(`${events}.part`, events);
  return [communities, events];
}

async function writeEvents(path: string, records: readonly UsedRecord[], options: DemonstrationOptions): Promise<void> {
  const { seed, scale, lastDay, progress } = options;
  const firstDay = options.firstDay ?? FIRST_DAY;
  const total = lastDay - firstDay + 1;
  function* text(): Generator<string> {
    let done = 0;
    for (const lines of generateUse(records, { seed, scale, firstDay, lastDay })) {
      progress({ step: "generating use", done: ++done, total });
      if (lines.length > 0) yield `${lines.join("\n")}\n`;
    }
  }
  await pipeline(Readable.from(text()), createGzip({ level: 1 }), createWriteStream(path));
}

async function linesOf(path: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    if (line !== "") lines.push(line);
  }
  return lines;
}

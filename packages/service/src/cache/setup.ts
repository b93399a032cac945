import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { WeekStart } from "@community-stats/contract/series.ts";

/** Settings that change answers without changing numbers. */
export interface AnswerSettings {
  readonly topLimit: number;
  readonly weekStart: WeekStart;
  readonly repositoryTitle: string;
  readonly siteUrl: string;
}

const CHARACTERS = 12;
/** Folders whose code decides the bytes of an answer. */
const FOLDERS = ["../domain/", "../query/", "../export/", "./"].map((folder) => new URL(folder, import.meta.url));

/** Names the program and its settings, so that an answer of another version, or of other settings, is never taken for ours. */
export function setupText({ topLimit, weekStart, repositoryTitle, siteUrl }: AnswerSettings): string {
  const hash = createHash("sha256");
  const contract = new URL("./", import.meta.resolve("@community-stats/contract/days.ts"));
  for (const folder of [contract, ...FOLDERS]) hashCode(hash, fileURLToPath(folder));
  hash.update(JSON.stringify({ topLimit, weekStart, repositoryTitle, siteUrl }));
  return `setup=${hash.digest("hex").slice(0, CHARACTERS)}`;
}

function hashCode(hash: ReturnType<typeof createHash>, folder: string): void {
  const files = readdirSync(folder).filter((name) => /\.[jt]s$/.test(name) && !name.includes(".test."));
  for (const name of files.toSorted()) hash.update(name).update(readFileSync(`${folder}${name}`));
}

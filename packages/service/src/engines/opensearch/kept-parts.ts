import { readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DayNumber } from "@community-stats/contract/days.ts";
import { makeFolder } from "../../engine/folders.ts";
import { partId, partPlace } from "./event-parts.ts";

export interface KeptPartsOptions {
  /** Of one instance. Made with the first part; any number of processes may share it. */
  readonly folder: string;
  /** Of all parts in it. Processes that share it look at each other's only now and then, and may pass it by what they write in between. */
  readonly maxBytes: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const MINUTE_MS = 60_000;
const LOOK_MS = 10 * MINUTE_MS;
/** Of a day. What was read within it stays: a count of more than fits would else throw out each day before it comes again. */
const USED_MS = 24 * 60 * MINUTE_MS;
/** Of the most bytes, where days make room for others. */
const FILLED = 0.9;

/**
 * Parts of days on the disk of this machine, so that who counts them again does not read the cluster again. A part never changes, and its
 * name is the digest of its bytes: what is found here is what the cluster holds, or it is not taken. A disk that fails or is full costs
 * speed, nothing else.
 */
export class KeptParts {
  readonly #options: KeptPartsOptions;
  #bytes = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** Or cannot be written: nothing more is kept until the next look. */
  #isFull = false;
  #written = 0;

  constructor(options: KeptPartsOptions) {
    this.#options = options;
  }

  /** Null where it is not kept. */
  async read(id: string): Promise<Uint8Array | null> {
    const { day, digest } = partPlace(id);
    const path = join(this.#folderOf(day), digest);
    const data = await readFile(path).catch(() => null);
    if (data === null || partId(day, data) === id) return data;
    await rm(path, { force: true }).catch(() => undefined);
    return null;
  }

  async keep(id: string, data: Uint8Array): Promise<void> {
    const { day, digest } = partPlace(id);
    const folder = this.#folderOf(day);
    const unfinished = join(folder, `${digest}.${process.pid}-${this.#written++}`);
    try {
      if (!(await this.#hasRoom(data.length))) return;
      makeFolder(folder);
      await writeFile(unfinished, data);
      await rename(unfinished, join(folder, digest));
      this.#bytes += data.length;
    } catch (error) {
      // Else another process removed it while it cleared up, and the next one can be kept.
      this.#isFull ||= !isGone(error);
      await rm(unfinished, { force: true }).catch(() => undefined);
    }
  }

  /** Removes whatever else is kept of a day that was read just now. */
  async keepOnly(day: DayNumber, ids: readonly string[]): Promise<void> {
    const folder = this.#folderOf(day);
    const digests = new Set(ids.map((id) => partPlace(id).digest));
    try {
      const seconds = this.#options.now() / 1000;
      for (const name of await readdir(folder)) if (!digests.has(name)) await rm(join(folder, name), { force: true });
      await utimes(folder, seconds, seconds);
    } catch {
      // Nothing is kept of it, or another process was quicker.
    }
  }

  #folderOf(day: DayNumber): string {
    return join(this.#options.folder, String(day));
  }

  async #hasRoom(bytes: number): Promise<boolean> {
    const { maxBytes, now } = this.#options;
    if (now() - this.#lookedAt >= LOOK_MS) await this.#look();
    this.#isFull ||= this.#bytes + bytes > maxBytes;
    return !this.#isFull;
  }

  /** Counts what is kept, and removes days that nobody reads any more while it is too much. */
  async #look(): Promise<void> {
    const { folder, maxBytes, now } = this.#options;
    this.#lookedAt = now();
    this.#isFull = false;
    const days = await keptDays(folder);
    this.#bytes = days.reduce((sum, day) => sum + day.bytes, 0);
    if (this.#bytes < FILLED * maxBytes) return;
    for (const { path, bytes, usedAt } of days.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (this.#bytes < FILLED * maxBytes || usedAt > now() - USED_MS) return;
      await rm(path, { recursive: true, force: true });
      this.#bytes -= bytes;
    }
  }
}

interface KeptDay {
  readonly path: string;
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly usedAt: number;
}

async function keptDays(folder: string): Promise<readonly KeptDay[]> {
  const days: KeptDay[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    // What another process removes meanwhile takes no room.
    const day = await keptDay(join(folder, name)).catch(() => null);
    if (day !== null) days.push(day);
  }
  return days;
}

async function keptDay(path: string): Promise<KeptDay> {
  const { mtimeMs: usedAt } = await stat(path);
  let bytes = 0;
  for (const file of await readdir(path)) bytes += (await stat(join(path, file))).size;
  return { path, bytes, usedAt };
}

/** Not there any more, as opposed to a disk that takes nothing. */
function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

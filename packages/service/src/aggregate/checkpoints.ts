import { USAGE_COUNTERS } from "@community-stats/contract/counters.ts";
import { RowPacker, unpackRows } from "../domain/packing.ts";
import { firstDayOfYear, yearOfDay } from "../domain/periods.ts";
import type { RollupBlob, RollupStore, UseSinceCheckpoint } from "../engine/rollup-store.ts";

const WIDTH = USAGE_COUNTERS.length;
/** Blobs are written when they come to about this many bytes: memory does not grow with the number of scopes. */
const PORTION_BYTES = 8 << 20;
const EARLIEST = -10_000_000;

export interface CheckpointJob {
  readonly rollups: RollupStore;
  readonly generation: number;
  /** "" for the totals. */
  readonly breakdowns: readonly string[];
  /** The newest year that is over. */
  readonly lastYear: number;
  readonly mayGoOn: () => boolean;
  readonly progress: (done: number, total: number) => void;
}

interface Place {
  readonly kind: "usage";
  readonly scope: number;
  readonly breakdown: string;
}

/**
 * Writes what is missing of the sums up to the end of every closed year that has any use, scope by scope. A checkpoint that is
 * there is right: recounting a day removes those of its year and later.
 */
export async function writeUsageCheckpoints(job: CheckpointJob): Promise<void> {
  const scopes = await job.rollups.scopes(job.generation, "usage");
  let pending: RollupBlob[] = [];
  let bytes = 0;
  for (const [done, scope] of scopes.entries()) {
    if (!job.mayGoOn()) return;
    job.progress(done, scopes.length);
    for (const blob of await missingCheckpoints(job, scope)) {
      pending.push(blob);
      bytes += blob.data.length;
    }
    if (bytes < PORTION_BYTES) continue;
    await job.rollups.writeCheckpoints(job.generation, pending);
    pending = [];
    bytes = 0;
  }
  if (pending.length > 0) await job.rollups.writeCheckpoints(job.generation, pending);
}

async function missingCheckpoints(job: CheckpointJob, scope: number): Promise<readonly RollupBlob[]> {
  const { rollups, generation, breakdowns, lastYear } = job;
  const together = await rollups.useSinceCheckpoints?.(generation, { scope, breakdowns, lastYear });
  const blobs: RollupBlob[] = [];
  for (const breakdown of breakdowns) {
    const place: Place = { kind: "usage", scope, breakdown };
    const since = together === undefined ? await useSince(job, place) : together.get(breakdown);
    if (since !== undefined) blobs.push(...missingOf(place, since));
  }
  return blobs;
}

async function useSince({ rollups, generation, lastYear }: CheckpointJob, place: Place): Promise<UseSinceCheckpoint> {
  const checkpoint = await rollups.checkpoint(generation, place, lastYear);
  if (checkpoint?.period === lastYear) return { checkpoint, days: [] };
  const from = checkpoint === null ? EARLIEST : firstDayOfYear(checkpoint.period + 1);
  return { checkpoint, days: await rollups.read(generation, { ...place, from, to: firstDayOfYear(lastYear + 1) - 1 }) };
}

function missingOf(place: Place, { checkpoint, days }: UseSinceCheckpoint): readonly RollupBlob[] {
  const sums = new ValueSums();
  if (checkpoint !== null) sums.add(checkpoint.data);
  const blobs: RollupBlob[] = [];
  let year: number | null = null;
  for (const { period, data } of days) {
    const own = yearOfDay(period);
    if (year !== null && own !== year) blobs.push({ ...place, period: year, data: sums.pack() });
    year = own;
    sums.add(data);
  }
  if (year !== null) blobs.push({ ...place, period: year, data: sums.pack() });
  return blobs;
}

/** Sums of rows by key. */
class ValueSums {
  readonly #slots = new Map<number, number>();
  #sums = new Float64Array(WIDTH * 16);

  add(data: Uint8Array): void {
    unpackRows(data, WIDTH, (key, counters) => {
      const at = this.#slot(key) * WIDTH;
      for (let counter = 0; counter < WIDTH; counter++) {
        this.#sums[at + counter] = (this.#sums[at + counter] ?? 0) + (counters[counter] ?? 0);
      }
    });
  }

  pack(): Uint8Array {
    const packer = new RowPacker(WIDTH);
    for (const [key, slot] of [...this.#slots].toSorted(([a], [b]) => a - b)) packer.row(key, this.#sums, slot * WIDTH);
    return packer.take();
  }

  #slot(key: number): number {
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const slot = this.#slots.size;
    this.#slots.set(key, slot);
    if ((slot + 1) * WIDTH > this.#sums.length) {
      const larger = new Float64Array(this.#sums.length * 2);
      larger.set(this.#sums);
      this.#sums = larger;
    }
    return slot;
  }
}

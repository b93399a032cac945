import { openEngine } from "../packages/service/src/app.ts";
import { allRecords, eventBatch } from "./fact-lines.ts";
import type { Figure } from "./report.ts";
import { oneMoreDay, timeOfDay, type Workload } from "./workload.ts";

const BATCH = 500;
const EVENTS = 40_000;

/** What a live collector can hand over in small batches, each durable before the next, on an empty engine. */
export async function liveFigures(workload: Workload, dataDir: string): Promise<readonly Figure[]> {
  const engine = await openEngine({ name: "embedded", dataDir });
  try {
    const records = allRecords(workload);
    const day = inOrderOfTime(oneMoreDay(workload, EVENTS));
    const batches = Array.from({ length: Math.floor(day.count / BATCH) }, (_, index) =>
      eventBatch(records, partOf(day, index * BATCH)),
    );
    const begin = performance.now();
    let slowest = 0;
    for (const events of batches) {
      const sent = performance.now();
      await engine.facts.append({ events });
      slowest = Math.max(slowest, performance.now() - sent);
    }
    const seconds = (performance.now() - begin) / 1000;
    const rate = (batches.length * BATCH) / seconds;
    return [
      {
        name: "live: durable in batches of 500",
        value: rate,
        unit: "events/s",
        limit: { kind: "least", value: 5_000 },
      },
      { name: "live: slowest batch", value: slowest, unit: "ms" },
    ];
  } finally {
    await engine.close();
  }
}

type BenchDay = ReturnType<typeof oneMoreDay>;

/** A collector hands over what has just happened. */
function inOrderOfTime(day: BenchDay): BenchDay {
  const order = Array.from({ length: day.count }, (_, at) => at);
  const times = order.map((at) => timeOfDay(day.event[at] ?? 0));
  return pick(
    day,
    order.toSorted((a, b) => (times[a] ?? 0) - (times[b] ?? 0)),
  );
}

function partOf(day: BenchDay, from: number): BenchDay {
  return pick(
    day,
    Array.from({ length: BATCH }, (_, at) => from + at),
  );
}

function pick({ day, ...columns }: BenchDay, order: readonly number[]): BenchDay {
  const { event, record, visitor, country, download } = columns;
  return {
    day,
    count: order.length,
    event: Int32Array.from(order, (at) => event[at] ?? 0),
    record: Int32Array.from(order, (at) => record[at] ?? 0),
    visitor: Int32Array.from(order, (at) => visitor[at] ?? 0),
    country: Uint8Array.from(order, (at) => country[at] ?? 0),
    download: Uint8Array.from(order, (at) => download[at] ?? 0),
  };
}

import type { FactStore } from "../engine/fact-store.ts";
import type { StoredRecordLine } from "../engine/facts.ts";

/**
 * The lines of each record together, ascending by `updated`; of lines with one `updated` only the one with the greatest source.
 * The store groups lines by parent: a record that changed its parent comes in pieces, and is given once more as a whole at the end.
 */
export async function* linesOfRecords(facts: FactStore): AsyncGenerator<readonly StoredRecordLine[]> {
  const seen = new Set<string>();
  const scattered = new Set<string>();
  for await (const lines of neighbours(facts)) {
    const record = lines[0]?.record ?? "";
    if (seen.has(record)) scattered.add(record);
    else yield lastOfInstant(lines);
    seen.add(record);
  }
  if (scattered.size > 0) yield* gathered(facts, scattered);
}

async function* neighbours(facts: FactStore): AsyncGenerator<readonly StoredRecordLine[]> {
  let lines: StoredRecordLine[] = [];
  for await (const line of facts.recordLines()) {
    if (lines[0] !== undefined && lines[0].record !== line.record) {
      yield lines;
      lines = [];
    }
    lines.push(line);
  }
  if (lines.length > 0) yield lines;
}

async function* gathered(facts: FactStore, records: ReadonlySet<string>): AsyncGenerator<readonly StoredRecordLine[]> {
  const lines: StoredRecordLine[] = [];
  for await (const line of facts.recordLines()) if (records.has(line.record)) lines.push(line);
  for (const own of Map.groupBy(lines, ({ record }) => record).values()) {
    yield lastOfInstant(own.toSorted((a, b) => a.updated - b.updated || compareSources(a, b)));
  }
}

function lastOfInstant(lines: readonly StoredRecordLine[]): readonly StoredRecordLine[] {
  return lines.filter(({ updated }, index) => lines[index + 1]?.updated !== updated);
}

function compareSources(a: StoredRecordLine, b: StoredRecordLine): number {
  const [left, right] = [a.source(), b.source()];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

import { tmpdir } from "node:os";
import { Readable } from "node:stream";
import { DEFAULT_BREAKDOWNS } from "@community-stats/contract/breakdowns.ts";
import { parseDay } from "@community-stats/contract/days.ts";
import { QUERIES } from "@community-stats/contract/queries.ts";
import { aggregate } from "../../src/aggregate/runner.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { ingestFiles } from "../../src/ingest/ingest.ts";
import { Queries } from "../../src/query/queries.ts";
import { OPERATOR } from "../../src/query/scopes.ts";
import { differences } from "../../src/transfer/compare-facts.ts";
import { copyFacts, type CopyReport } from "../../src/transfer/copy-facts.ts";
import { Position } from "../../src/transfer/position.ts";
import { atOnce, LINE_KINDS } from "../conformance/arrivals.ts";
import { WORKED_DAYS, WORKED_SCOPES, workedExample } from "../worked-example.ts";

const NOW = Date.parse("2025-03-20T00:00:00Z");

export async function takeWorkedExample({ facts }: Engine, kinds = LINE_KINDS): Promise<void> {
  for (const { kind, lines } of atOnce(workedExample())) {
    if (!kinds.includes(kind)) continue;
    const stdin = Readable.from([lines.join("\n")]);
    await ingestFiles({ facts, files: ["-"], as: kind, stdin, rejectsDir: "/nonexistent", now: () => NOW, threads: 0 });
  }
}

/** One copy; `stopAfter` steps of progress it is interrupted. */
export async function copied(from: Engine, to: Engine, stopAfter = Infinity): Promise<CopyReport> {
  const stop = new AbortController();
  let steps = 0;
  return await copyFacts({
    from: from.facts,
    to: to.facts,
    position: await Position.open(to.facts, `copy from ${from.name}`),
    progress: () => {
      if (++steps >= stopAfter) stop.abort();
    },
    signal: stop.signal,
  });
}

export async function compared(from: Engine, to: Engine): Promise<readonly string[]> {
  return await differences(from.facts, to.facts);
}

/** All daily documents of the worked example as one text, counted by this engine. */
export async function countedDocuments(engine: Engine): Promise<string> {
  await aggregate(engine, {
    breakdowns: DEFAULT_BREAKDOWNS,
    endDay: parseDay(WORKED_DAYS.to),
    workers: 1,
    dataDir: tmpdir(),
    owner: `test:${process.pid}`,
    now: () => NOW,
  });
  const queries = new Queries({ engine, breakdowns: DEFAULT_BREAKDOWNS, topLimit: 20, now: () => NOW });
  const documents: unknown[] = [];
  for (const { name } of QUERIES.filter(({ form }) => form === "documents")) {
    for (const community_id of WORKED_SCOPES) {
      const asked = { community_id, start_date: WORKED_DAYS.from, end_date: WORKED_DAYS.to };
      documents.push(await queries.run(await queries.plan(name, asked, OPERATOR)));
    }
  }
  return JSON.stringify(documents);
}

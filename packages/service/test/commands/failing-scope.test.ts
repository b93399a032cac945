import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expectedDocuments, WORKED_DAYS } from "../worked-example.ts";
import { CommandLine, WORKED_FILES } from "./process.ts";

const SLOW_MS = 180_000;
const COUNT = ["aggregate", "--force", "--end-date", WORKED_DAYS.to];
const RANGE = ["--start-date", WORKED_DAYS.from, "--end-date", WORKED_DAYS.to];

/** The database refuses what is to be written about the records of one community, as it does where a page of it is damaged. */
const DAMAGE = `CREATE TRIGGER damaged BEFORE INSERT ON series
  WHEN NEW.kind LIKE 'records-%' AND NEW.scope = (SELECT code FROM term WHERE kind = 'scope' AND text = 'B')
  BEGIN SELECT RAISE(ABORT, 'the page of B is damaged'); END`;
const MENDED = "DROP TRIGGER damaged";

function change({ dataDir }: CommandLine, statement: string): void {
  const rollups = new DatabaseSync(join(dataDir, "rollups.sqlite"));
  rollups.exec(statement);
  rollups.close();
}

async function documents(line: CommandLine, query: string, scope: string): Promise<unknown> {
  const { out } = await line.run(["read", "--json", "--query-type", query, "--community-id", scope, ...RANGE]);
  return JSON.parse(out);
}

function asPublished(query: string, scope: string): readonly unknown[] {
  const expected: readonly object[] = Object.values(Object(expectedDocuments(query, scope)));
  return expected.map((document) => expect.objectContaining(document));
}

it(
  "a scope that cannot be counted is named, spares the others and the use, and is counted when the cause is gone",
  async () => {
    await using line = new CommandLine();
    expect((await line.run(["ingest", ...WORKED_FILES])).code).toBe(0);
    change(line, DAMAGE);
    const failed = await line.run(COUNT);
    expect(failed.out).toMatch(/failed: records of B: .*the page of B is damaged/);
    expect(failed.code).toBe(3);

    const status = await line.run(["status"]);
    expect(status.out).toContain("records of B");
    for (const scope of ["global", "A"]) {
      expect(await documents(line, "community-record-snapshot-added", scope)).toEqual(
        asPublished("community-record-snapshot-added", scope),
      );
    }
    expect(await documents(line, "community-usage-delta", "B")).toEqual(asPublished("community-usage-delta", "B"));
    // What is not known is not zero.
    expect(await documents(line, "community-record-snapshot-added", "B")).toEqual([]);

    change(line, MENDED);
    // Nothing says that records are to be booked again: the run knows.
    const mended = await line.run(["aggregate", "--json", "--end-date", WORKED_DAYS.to], {
      COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED: "true",
    });
    expect([mended.code, JSON.parse(mended.out)]).toEqual([
      0,
      expect.objectContaining({ state: "done", failures: [] }),
    ]);
    for (const query of ["community-record-delta-added", "community-record-snapshot-published"]) {
      expect(await documents(line, query, "B")).toEqual(asPublished(query, "B"));
    }
  },
  SLOW_MS,
);

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aggregateCommand } from "../../src/cli/aggregate.ts";
import { communityEventsGenerateCommand, communityEventsStatusCommand } from "../../src/cli/community-events.ts";
import { ingestCommand } from "../../src/cli/ingest.ts";
import { readCommand } from "../../src/cli/read.ts";
import { usageEventsGenerateCommand, usageEventsStatusCommand } from "../../src/cli/usage-events.ts";
import type { MembershipLine } from "../../src/engine/facts.ts";
import { Desk } from "./desk.ts";
import { WORKED_FILES } from "./process.ts";

const COMMANDS = [
  aggregateCommand,
  communityEventsGenerateCommand,
  communityEventsStatusCommand,
  ingestCommand,
  readCommand,
  usageEventsGenerateCommand,
  usageEventsStatusCommand,
];
const TRIAL = { COMMUNITY_STATS_ENVIRONMENT: "development" };
const desk = new Desk(COMMANDS, { now: () => Date.parse("2025-03-14T08:00:00Z") });
beforeAll(async () => {
  // Without the file of memberships: only the records themselves say where they are. B was founded after them.
  const [records, communities] = [join(desk.folder, "records.ndjson"), join(desk.folder, "communities.ndjson")];
  writeFileSync(records, given("records").replaceAll('{"ids": []}', '{"ids": ["A", "B"]}'));
  writeFileSync(
    communities,
    given("communities").replaceAll(/("id": "B".*?"created": )"[^"]*"/g, '$1"2025-03-13T00:00:00+00:00"'),
  );
  await desk.run(["ingest", records, communities]);
});
afterAll(() => desk[Symbol.asyncDispose]());

function given(name: string): string {
  return readFileSync(WORKED_FILES.find((file) => file.includes(name)) ?? "", "utf8");
}

it("completes memberships once, never before the community began", async () => {
  const { facts } = await desk.engine();
  const before = (await desk.json(["community-events", "status"])) as { missing: number; existing: number };
  expect(before).toMatchObject({ existing: 0, missing: 8 });
  const [one] = await facts.communities();
  const ofOne = (await desk.json(["community-events", "status", "--community-id", one?.slug ?? ""])) as {
    missing: number;
  };
  expect(ofOne.missing).toBeLessThan(before.missing);
  expect(await desk.json(["community-events", "generate", "--dry-run"])).toMatchObject({
    written: 0,
    missing: before.missing,
  });
  expect(await desk.json(["community-events", "generate"])).toMatchObject({ written: before.missing });
  expect(await desk.json(["community-events", "generate"])).toMatchObject({ written: 0, existing: before.missing });
  const created = new Map((await facts.communities()).map((line) => [line.id, line.created ?? -Infinity]));
  const memberships: MembershipLine[] = [];
  for await (const line of facts.membershipLines()) memberships.push(line);
  expect(memberships).toHaveLength(8);
  for (const { community, at } of memberships) {
    expect(at).toBeGreaterThanOrEqual(created.get(community) ?? -Infinity);
  }
  expect((await desk.run(["community-events", "status", "--community-id", "nowhere"])).code).toBe(1);
});

it("invents use that can be told apart, the same for the same seed, and never in production", async () => {
  const production = await desk.run(["usage-events", "generate", "--yes-i-know"]);
  expect([production.code, production.err]).toEqual([1, expect.stringContaining("COMMUNITY_STATS_ENVIRONMENT")]);
  const generate = ["usage-events", "generate", "--max-records", "2", "--events-per-record", "3", "--yes-i-know"];
  const nobody = await desk.run(["usage-events", "generate"], TRIAL);
  expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining("--yes-i-know")]);
  const planned = (await desk.json([...generate, "--dry-run"], TRIAL)) as { events: number };
  expect(planned).toMatchObject({ records: 2, accepted: 0 });
  expect(await desk.json(generate, TRIAL)).toEqual({ ...planned, accepted: planned.events, dryRun: false });
  expect(await desk.json(generate, TRIAL)).toMatchObject({ events: planned.events, accepted: 0 });
  const { generated, months } = (await desk.json(["usage-events", "status"])) as {
    generated: boolean;
    months: { events: number }[];
  };
  expect([generated, months.reduce((sum, { events }) => sum + events, 0)]).toEqual([true, planned.events]);
  await desk.run(["aggregate", "--force"]);
  const { err } = await desk.run(["read", "--query-type", "community-usage-snapshot"]);
  expect(err).toMatch(/generated/);
});

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aggregateCommand } from "../../src/cli/aggregate.ts";
import { communityEventsGenerateCommand, communityEventsStatusCommand } from "../../src/cli/community-events.ts";
import { ingestCommand } from "../../src/cli/ingest.ts";
import { readCommand } from "../../src/cli/read.ts";
import { canonicalDigest } from "../../src/aggregate/canonical-dump.ts";
import { usageEventsPurgeCommand } from "../../src/cli/usage-events-purge.ts";
import { usageEventsGenerateCommand } from "../../src/cli/usage-events.ts";
import { usageEventsStatusCommand } from "../../src/cli/usage-events-status.ts";
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
  usageEventsPurgeCommand,
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

it.each(["memory", "embedded"] as const)(
  "removes invented use, and no other, so that the numbers are those of before: %s",
  async (engine) => {
    await using trial = new Desk(COMMANDS, { now: () => Date.parse("2025-03-14T08:00:00Z"), engine });
    const digest = async () => {
      const { rollups } = await trial.engine();
      const live = (await rollups.generations()).find((generation) => generation.live);
      return await canonicalDigest(rollups, live?.id ?? -1);
    };
    const months = async () => (await trial.json(["usage-events", "status"])) as object;
    await trial.run(["ingest", ...WORKED_FILES]);
    await trial.run(["aggregate", "--force"]);
    const before = { digest: await digest(), status: await months() };
    const nothing = await trial.run(["usage-events", "purge"]);
    expect([nothing.code, nothing.out]).toEqual([0, "There are no invented events.\n"]);
    // Enough for files, and a few that wait in the inbox; many on days that have no other use.
    const generate = ["usage-events", "generate", "--yes-i-know", "--events-per-record"];
    const many = (await trial.json([...generate, "800"], TRIAL)) as { accepted: number };
    const few = (await trial.json([...generate, "2", "--seed", "7"], TRIAL)) as { accepted: number };
    const events = many.accepted + few.accepted;
    await trial.run(["aggregate", "--force"]);
    expect(await digest()).not.toBe(before.digest);
    const nobody = await trial.run(["usage-events", "purge"]);
    expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining("--yes-i-know")]);
    expect(await trial.json(["usage-events", "purge", "--dry-run"])).toMatchObject({
      events,
      removed: 0,
      dryRun: true,
    });
    expect(await trial.json(["usage-events", "purge", "--yes-i-know"])).toMatchObject({ events, removed: events });
    expect(await trial.json(["usage-events", "purge", "--yes-i-know"])).toMatchObject({ events: 0, removed: 0 });
    expect(await months()).toEqual(before.status);
    expect((await trial.run(["aggregate", "--force"])).code).toBe(0);
    expect(await digest()).toBe(before.digest);
    // What was removed can be invented again.
    expect(await trial.json([...generate, "2", "--seed", "7"], TRIAL)).toMatchObject({ accepted: few.accepted });
  },
);

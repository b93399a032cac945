import { afterAll, beforeAll, expect, it } from "vitest";
import { hostname } from "node:os";
import { bookedName } from "../../src/aggregate/booked-scopes.ts";
import { aggregateCommand } from "../../src/cli/aggregate.ts";
import { clearBookmarksCommand } from "../../src/cli/clear-bookmarks.ts";
import { clearLockCommand } from "../../src/cli/clear-lock.ts";
import { disableDashboardsCommand, enableDashboardsCommand } from "../../src/cli/dashboards.ts";
import { destroyIndicesCommand } from "../../src/cli/destroy-indices.ts";
import { ingestCommand } from "../../src/cli/ingest.ts";
import { readCommand } from "../../src/cli/read.ts";
import { statusCommand } from "../../src/cli/status.ts";
import { WORKED_DAYS } from "../worked-example.ts";
import { Desk } from "./desk.ts";
import { WORKED_FILES } from "./process.ts";

const LEASE = "community_stats_aggregation";
const COUNT = ["aggregate", "--force", "--json", "--end-date", WORKED_DAYS.to];

const line = new Desk(
  [
    aggregateCommand,
    clearBookmarksCommand,
    clearLockCommand,
    destroyIndicesCommand,
    disableDashboardsCommand,
    enableDashboardsCommand,
    ingestCommand,
    readCommand,
    statusCommand,
  ],
  { now: () => Date.parse("2025-03-14T08:00:00Z") },
);
beforeAll(async () => {
  await line.run(["ingest", ...WORKED_FILES]);
  await line.run(COUNT);
});
afterAll(() => line[Symbol.asyncDispose]());

const json = (args: readonly string[]) => line.json(args);
const clear = (...more: string[]) => json(["clear-bookmarks", ...more, "--confirm"]);

it("switches dashboards by name and by what a community is, and says which it does not know", async () => {
  const off = await line.run(["disable-dashboards", "A", "nowhere", "--json"]);
  expect([off.code, off.err]).toEqual([3, 'Error: There is no community "nowhere".\n']);
  expect(JSON.parse(off.out)).toEqual({ changed: ["A"], unchanged: [], unknown: ["nowhere"], dryRun: false });
  // B's only record came on the 11th, and left on the 12th.
  expect(await json(["enable-dashboards", "--first-active", "2025-03-10", "--dry-run"])).toMatchObject({
    changed: ["A"],
  });
  expect(await json(["enable-dashboards", "--record-threshold", "1"])).toMatchObject({ changed: ["A"] });
  expect(await json(["enable-dashboards", "A"])).toMatchObject({ changed: [], unchanged: ["A"] });
  expect((await line.run(["enable-dashboards"])).code).toBe(2);
});

it("lets the next aggregation count everything again, once", async () => {
  const asked = await line.run(["clear-bookmarks", "--community-id", "global"]);
  expect([asked.code, asked.err]).toEqual([2, expect.stringContaining("Add --confirm to do it.")]);
  expect((await line.run(["clear-bookmarks", "--community-id", "nowhere", "--confirm"])).code).toBe(1);
  expect(await json(["clear-bookmarks", "--all-communities", "--confirm"])).toMatchObject({
    days: 3,
    cleared: 3,
    dryRun: false,
  });
  expect(JSON.parse((await line.run(COUNT)).out)).toMatchObject({ days: 3, scopes: 3 });
  expect(JSON.parse((await line.run(COUNT)).out)).toMatchObject({ days: 0, scopes: 0 });
});

it("lets one community, or one kind of numbers, be counted again, and says what that is", async () => {
  const usage = "community-usage-delta-agg";
  // B was used from the 11th on: two of three days.
  const b = { id: "B", useFrom: "2025-03-11", records: true };
  expect(await clear("--community-id", "b", "--dry-run")).toMatchObject({ scopes: [b], days: 2, cleared: 0 });
  expect(await clear("--community-id", "b", "--aggregation-type", usage)).toMatchObject({
    scopes: [{ ...b, records: false }],
    days: 2,
    cleared: 1,
  });
  expect(JSON.parse((await line.run(COUNT)).out)).toMatchObject({ days: 2, scopes: 0 });
  expect(await clear("--community-id", "B", "--aggregation-type", "community-records-delta-added-agg")).toMatchObject({
    scopes: [{ ...b, useFrom: null }],
    days: 0,
  });
  expect(
    await clear("--community-id", "global", "--aggregation-type", "community-records-snapshot-added-agg"),
  ).toMatchObject({
    cleared: 1,
  });
  // Both requests hold until they are worked off.
  expect(JSON.parse((await line.run(COUNT)).out)).toMatchObject({ days: 0, scopes: 2 });
  expect(JSON.parse((await line.run(COUNT)).out)).toMatchObject({ days: 0, scopes: 0 });
  const { out } = await line.run(["clear-bookmarks", "--aggregation-type", usage, "--dry-run"]);
  expect(out).toMatch(
    /^Would let .* count 3 days of use \(of all communities at once\) again\.\n {2}global: use from /,
  );
});

it("shows locks, frees one, but not that of a process which lives", async () => {
  const { control } = await line.engine();
  const now = Date.parse("2025-03-14T08:00:00Z");
  await control.acquire(LEASE, "another.example:1", 600_000, now);
  const listed = await json(["clear-lock", "--list-locks"]);
  expect(listed).toMatchObject([{ name: LEASE, owner: "another.example:1" }]);
  const destroying = await line.run(["destroy-indices", "--yes-i-know"]);
  expect([destroying.code, destroying.err]).toEqual([4, expect.stringContaining("an aggregation is running")]);
  expect(await json(["clear-lock", "--dry-run"])).toMatchObject({
    cleared: false,
    held: { owner: "another.example:1" },
  });
  expect(await json(["clear-lock"])).toMatchObject({ cleared: true });
  await control.acquire(LEASE, `${hostname()}:${process.pid}`, 600_000, now);
  const living = await line.run(["clear-lock"]);
  expect([living.code, living.err]).toEqual([4, expect.stringContaining("which lives")]);
  expect(await json(["clear-lock", "--force"])).toMatchObject({ cleared: true });
});

it("deletes what was counted and nothing else, and counting makes it anew", async () => {
  const before = await line.run(["read", "--query-type", "community-usage-delta", "--start-date", WORKED_DAYS.from]);
  expect((await line.run(["destroy-indices"])).code).toBe(2);
  expect(await json(["destroy-indices", "--dry-run"])).toMatchObject({ countedDays: 3, deleted: false });
  const { rollups } = await line.engine();
  const names = (await rollups.generations()).map(({ id }) => bookedName(id));
  const kept = async () => await Promise.all(names.map(async (name) => (await rollups.extracts(name)).size));
  expect(await kept()).toEqual([1]);
  expect(await json(["destroy-indices", "--yes-i-know"])).toMatchObject({ generations: 1, deleted: true });
  expect(await kept()).toEqual([0]);
  const status = await json(["status"]);
  expect(status).toMatchObject({ asOf: null, facts: { events: 13, records: 4 } });
  expect(JSON.parse((await line.run(COUNT)).out)).toMatchObject({ state: "done", days: 3 });
  const after = await line.run(["read", "--query-type", "community-usage-delta", "--start-date", WORKED_DAYS.from]);
  expect(after.out).toBe(before.out);
});

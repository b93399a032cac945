import { cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aggregateCommand } from "../../src/cli/aggregate.ts";
import { backupCommand } from "../../src/cli/backup.ts";
import { ingestCommand } from "../../src/cli/ingest.ts";
import { verifyCommand } from "../../src/cli/verify.ts";
import { Desk } from "./desk.ts";
import { WORKED_FILES } from "./process.ts";

const COMMANDS = [aggregateCommand, backupCommand, ingestCommand, verifyCommand];
const now = () => Date.parse("2025-03-14T08:00:00Z");
const ONE_THREAD = { COMMUNITY_STATS_WORKERS: "0" };
const desk = new Desk(COMMANDS, { now, engine: "embedded", environment: ONE_THREAD });
const events = join(desk.folder, "more.ndjson");
beforeAll(async () => {
  writeFileSync(events, Array.from({ length: 2600 }, (_, at) => view(at)).join("\n"));
  await desk.run(["ingest", ...WORKED_FILES, events]);
}, 120_000);
afterAll(() => desk[Symbol.asyncDispose]());

function view(at: number): string {
  const timestamp = new Date(Date.parse("2025-03-10T00:00:00Z") + at * 100_000).toISOString().slice(0, 19);
  return JSON.stringify({
    event: "record-view",
    timestamp,
    recid: "r1",
    parent_recid: "p1",
    unique_id: "ui_r1",
    visitor_id: `v${at}`,
  });
}

interface Verified {
  readonly ok: boolean;
  readonly state: string;
  readonly digest: string | null;
  readonly facts: { readonly events: number; readonly problems: readonly string[] };
}

it("copies while others write, and what is restored gives the same numbers", { timeout: 120_000 }, async () => {
  await desk.json(["aggregate", "--force"]);
  const target = join(desk.folder, "copy");
  const late = join(desk.folder, "late.ndjson");
  writeFileSync(late, view(2700));
  const [copied] = await Promise.all([desk.json(["backup", target, "--with-rollups"]), desk.run(["ingest", late])]);
  expect((copied as { files: number }).files).toBeGreaterThan(0);
  expect((await desk.run(["backup", target])).code).toBe(2);
  const { out } = await desk.run(["backup", join(desk.folder, "second")]);
  expect(out).toMatch(/^Copied the records, the events that came last, and \d+ files of events \(/);

  await using restored = new Desk(COMMANDS, { now, engine: "embedded", environment: ONE_THREAD });
  cpSync(target, restored.folder, { recursive: true });
  expect(await (await restored.engine()).control.leases(now())).toEqual([]);
  // The late event came before or after the copy: either way, the copy is whole, and takes it once.
  await restored.run(["ingest", late]);
  for (const one of [desk, restored]) await one.json(["aggregate", "--force"]);
  const [ours, theirs] = [await desk.json(["verify"]), await restored.json(["verify"])] as [Verified, Verified];
  expect(ours).toMatchObject({ ok: true, state: "equal", facts: { events: 2614, problems: [] } });
  expect(theirs).toEqual(ours);
});

it("finds what is missing, and numbers that are not those of the facts", async () => {
  const { rollups } = await desk.engine();
  const [live] = await rollups.generations();
  const scope = await rollups.code("scope", "global");
  await rollups.replaceRecords(live?.id ?? 0, "records-added", scope, [], []);
  const changed = await desk.run(["verify", "--json"]);
  expect([changed.code, JSON.parse(changed.out).state]).toEqual([1, "different"]);
  const folder = join(desk.folder, "facts", "events");
  const [day = ""] = readdirSync(folder);
  rmSync(join(folder, day), { recursive: true });
  const broken = await desk.run(["verify", "--json"]);
  expect([broken.code, JSON.parse(broken.out).facts.problems.length]).toEqual([
    1,
    expect.toSatisfy((count) => Number(count) > 0),
  ]);
});

import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aggregateCommand } from "../../src/cli/aggregate.ts";
import { completionCommand } from "../../src/cli/completion.ts";
import { configCheckCommand } from "../../src/cli/config-check.ts";
import { doctorCommand } from "../../src/cli/doctor.ts";
import { harvestCommand } from "../../src/cli/harvest.ts";
import { ingestCommand } from "../../src/cli/ingest.ts";
import { integrateCommand } from "../../src/cli/integrate.ts";
import { processesListCommand } from "../../src/cli/processes.ts";
import { setupCommand } from "../../src/cli/setup.ts";
import { statusCommand } from "../../src/cli/status.ts";
import { Desk } from "./desk.ts";
import { WORKED_FILES } from "./process.ts";

const COMMANDS = [
  aggregateCommand,
  doctorCommand,
  harvestCommand,
  ingestCommand,
  integrateCommand,
  processesListCommand,
  setupCommand,
  statusCommand,
];
const TOKEN = "a-token-of-the-repository";
const now = () => Date.parse("2025-03-14T08:00:00Z");

function entries(name: string): readonly { readonly id: string; readonly updated: string }[] {
  const file = WORKED_FILES.find((path) => path.includes(name)) ?? "";
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
const LISTS = { communities: [...entries("communities")], records: entries("records") };

/** A repository that answers two entries a page, is busy at first, and shows records only to whom it knows. */
const asked: URL[] = [];
let busy = 1;
function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "", "http://repository.example");
  asked.push(url);
  if (busy-- > 0) return void response.writeHead(429, { "retry-after": "0" }).end();
  const kind = url.pathname === "/api/records" ? "records" : "communities";
  const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
  const since = /"(.*)"/.exec(url.searchParams.get("q") ?? "")?.[1] ?? "";
  const all = LISTS[kind].filter(({ updated }) => updated >= since && (kind === "communities" || isKnown));
  const first = (Number(url.searchParams.get("page")) - 1) * 2;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ hits: { total: all.length, hits: all.slice(first, first + 2) } }));
}

let server: Server;
let repository: Readonly<Record<string, string>> = {};
beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  repository = { COMMUNITY_STATS_INVENIO_URL: `http://127.0.0.1:${port}`, COMMUNITY_STATS_HARVEST_TOKEN: TOKEN };
});
afterAll(() => void server.close());

it("sets up from the repository, step by step, and does nothing twice", async () => {
  await using desk = new Desk(COMMANDS, { now, environment: repository });
  const planned = (await desk.json(["setup", "--dry-run"])) as { steps: { name: string; state: string }[] };
  expect(planned.steps.map(({ state }) => state)).toEqual(["needed", ...Array.from({ length: 4 }, () => "not needed")]);
  expect((await (await desk.engine()).facts.summary()).records).toBe(0);

  const done = (await desk.json(["setup"])) as { steps: { name: string; state: string }[]; remains: string[] };
  expect(Object.fromEntries(done.steps.map(({ name, state }) => [name, state]))).toEqual({
    fetch: "done",
    read: "not needed",
    memberships: "not needed",
    count: "done",
    warm: "not needed",
  });
  expect(done.remains.join("\n")).toContain("community-stats ingest FILE");
  expect(await (await desk.engine()).facts.summary()).toMatchObject({ records: 4, communities: 2 });

  // A file that comes later is read and counted; what was done is not done again.
  const events = WORKED_FILES.find((path) => path.includes("events")) ?? "";
  const before = asked.length;
  const later = (await desk.json(["setup", events])) as { steps: { state: string }[] };
  expect(later.steps.map(({ state }) => state)).toEqual(["not needed", "done", "not needed", "done", "not needed"]);
  expect(asked.length).toBe(before);
  const last = (await desk.json(["setup", events])) as { steps: { state: string }[] };
  expect(last.steps.every(({ state }) => state === "not needed")).toBe(true);
  expect(await desk.json(["status"])).toMatchObject({ asOf: "2025-03-13" });
});

it("goes on after a file that cannot be read, when it is there", async () => {
  await using desk = new Desk(COMMANDS, { now });
  const failed = await desk.run(["setup", "nowhere.ndjson", "--json"]);
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.out).steps[1]).toMatchObject({ name: "read", state: "failed" });
  expect(await desk.json(["setup", ...WORKED_FILES])).toMatchObject({
    steps: [{}, { state: "done" }, {}, { state: "done" }, {}],
  });
});

it("fetches what changed since the last time, all again on demand, and tells why it cannot", async () => {
  await using desk = new Desk(COMMANDS, { now, environment: repository });
  const first = (await desk.json(["harvest"])) as { harvested: { fetched: number; accepted: number }[] };
  expect(first.harvested).toMatchObject([
    { kind: "communities", fetched: 2, accepted: 2 },
    { kind: "records", fetched: 4, accepted: 4 },
  ]);
  const since = LISTS.records.at(-1)?.updated ?? "";
  expect(await desk.json(["harvest"])).toMatchObject({ harvested: [{}, { fetched: 1, accepted: 0 }] });
  const question = asked.at(-1)?.searchParams;
  expect([question?.get("q"), question?.get("sort"), question?.get("allversions")]).toEqual([
    `updated:["${since}" TO *]`,
    "updated-asc",
    "true",
  ]);
  expect(await desk.json(["harvest", "--full"])).toMatchObject({ harvested: [{}, { fetched: 4, accepted: 0 }] });
  const nobody = await desk.run(["harvest"], { COMMUNITY_STATS_INVENIO_URL: "" });
  expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining("COMMUNITY_STATS_INVENIO_URL")]);
  expect([first, nobody.err].map((one) => JSON.stringify(one)).join("")).not.toContain(TOKEN);
});

it("keeps entries that are not usable, whatever is fetched after them", async () => {
  await using desk = new Desk(COMMANDS, { now, environment: repository });
  const unusable = { id: "hidden", slug: "hidden", updated: "2026-01-01T00:00:00Z" };
  LISTS.communities.push(unusable);
  const { code, out } = await desk.run(["harvest", "--json"]);
  LISTS.communities.pop();
  const [communities, records] = JSON.parse(out).harvested;
  expect([code, communities.rejected, records.rejected]).toEqual([3, 1, 0]);
  expect(communities.rejects).toHaveLength(1);
  expect(JSON.parse(readFileSync(communities.rejects[0], "utf8"))).toEqual(unusable);
});

it("finds what is wrong and says what to do", async () => {
  await using desk = new Desk(COMMANDS, { now, environment: repository });
  const schedule = { COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED: "true" };
  const found = async (environment: Readonly<Record<string, string>> = {}) => {
    const { code, out } = await desk.run(["doctor", "--json"], environment);
    const { findings } = JSON.parse(out) as {
      findings: { check: string; state: string; text: string; remedy: string }[];
    };
    return { code, of: (check: string) => findings.filter((finding) => finding.check === check) };
  };
  const empty = await found(schedule);
  expect(empty.code).toBe(1);
  expect(empty.of("facts")).toMatchObject([{ state: "note", remedy: "Run: community-stats setup" }]);
  expect(empty.of("schedule")).toMatchObject([{ state: "problem", text: "No scheduler was ever there." }]);
  expect(empty.of("repository")).toMatchObject([{ state: "good" }]);

  await desk.run(["ingest", ...WORKED_FILES]);
  expect((await found()).of("counting")).toMatchObject([{ state: "note", text: "Nothing is counted yet." }]);
  await desk.run(["aggregate", "--force"]);
  expect((await found()).of("counting")).toMatchObject([{ state: "good" }]);
  const { control } = await desk.engine();
  await control.setSetting("schedule:aggregation", String(now() - 30 * 60_000));
  expect((await found(schedule)).of("schedule")).toMatchObject([{ state: "good" }]);
  await control.setSetting("schedule:aggregation", String(now() - 5 * 3_600_000));
  expect((await found(schedule)).of("schedule")).toMatchObject([{ state: "problem" }]);
  const wrong = await found({ COMMUNITY_STATS_INVENIO_URL: "http://127.0.0.1:9" });
  expect([wrong.code, wrong.of("repository")]).toMatchObject([1, [{ state: "problem" }]]);
});

it("asks for a data folder that can be used, more urgently where facts are in it", async () => {
  await using desk = new Desk(COMMANDS, { now, environment: repository });
  const blocked = join(desk.folder, "blocked");
  writeFileSync(blocked, "a file in the place of the folder");
  const found = async (engine: string) => {
    const variables = { COMMUNITY_STATS_ENGINE: engine, COMMUNITY_STATS_DATA_DIR: blocked };
    const { findings } = JSON.parse((await desk.run(["doctor", "--json"], variables)).out);
    return findings.find(({ check }: { readonly check: string }) => check === "data folder").state;
  };
  expect([await found("embedded"), await found("opensearch"), await found("memory")]).toEqual([
    "problem",
    "note",
    "good",
  ]);
});

it("stops every command that is bound, and no other, when statistics are off", async () => {
  await using desk = new Desk(COMMANDS, { now });
  const off = { COMMUNITY_STATS_ENABLED: "false" };
  for (const args of [
    ["status"],
    ["aggregate", "--force"],
    ["processes", "list"],
    ["setup"],
    ["harvest"],
    ["ingest", "x"],
  ]) {
    const { code, out, err } = await desk.run(args, off);
    expect([args, code, out, err]).toEqual([
      args,
      1,
      "",
      "Error: statistics are switched off (COMMUNITY_STATS_ENABLED).\nSet it to true, or add --force-disabled.\n",
    ]);
  }
  expect((await desk.run(["status", "--force-disabled"], off)).code).toBe(0);
  expect((await desk.run(["integrate"], off)).code).toBe(0);
});

it("tells which breakdowns the next aggregation will change", async () => {
  await using desk = new Desk([...COMMANDS, configCheckCommand], { now });
  const languages = {
    COMMUNITY_STATS_SUBCOUNTS:
      "{'languages': {}, 'versions': {'records': {'source_fields': [{'field': 'metadata.version'}]}}, 'rights': {'records': {}}}",
  };
  expect(await desk.json(["config", "check"], languages)).toMatchObject({
    breakdowns: { added: [], removed: [], changed: [] },
  });
  await desk.run(["ingest", ...WORKED_FILES]);
  await desk.run(["aggregate", "--force"]);
  expect(await desk.json(["config", "check"])).toMatchObject({ breakdowns: { added: [], removed: [], changed: [] } });
  expect(await desk.json(["config", "check"], languages)).toMatchObject({
    breakdowns: { added: ["versions"], removed: ["languages", "rights"], changed: [] },
  });
  const { out } = await desk.run(["config", "check"], {
    COMMUNITY_STATS_SUBCOUNTS:
      "{'funders': {'records': {'snapshot_type': 'all', 'source_fields': [{'field': 'metadata.funding.funder.id'}]}}}",
  });
  expect(out).toMatch(/these and nothing else.*\n {2}changed, to be counted again: funders\n$/);
  await desk.run(["aggregate", "--force"], languages);
  expect(await desk.json(["config", "check"], languages)).toMatchObject({ breakdowns: { added: [], removed: [] } });
});

it("prints what the repository needs, for its own routes, and completes commands", async () => {
  const entriesOf = COMMANDS.map(({ name, summary }, at) => ({
    name,
    summary,
    load: async () => COMMANDS[at] ?? setupCommand,
  }));
  await using desk = new Desk([...COMMANDS, completionCommand(entriesOf)], { now });
  const routes = {
    STATS_DASHBOARD_ROUTES: "{'global': '/numbers', 'community': '/c/<pid_value>/numbers'}",
    PORT: "9000",
  };
  const parts = (await desk.json(["integrate"], routes)) as Record<string, string>;
  expect(parts["nginx"]).toContain("location ~ ^/c/[^/]+/numbers(/|$) { proxy_pass http://127.0.0.1:9000; }");
  expect(parts["custom-fields"]).toMatch(/stats:dashboard_enabled[^]*stats:dashboard_layout/);
  expect(parts["custom-fields"]).toMatch(/stats:dashboard_layout"\),.*\/numbers\/layout-editor\?community=<slug>/);
  expect(parts["menu"]).toContain('external_url="/numbers"');
  expect(parts["menu"]).toMatch(/route\("\/c\/<pid_value>\/numbers"\)[^]*"main\.stats"[^]*order=1,/);
  expect(parts["menu"]).toMatch(/"communities\.stats"[^]*order=35,[^]*permissions="can_read"/);
  expect(parts["custom-fields"]).not.toContain("COMMUNITIES_CUSTOM_FIELDS_UI");
  const own = (await desk.json(["integrate"], {
    ...routes,
    STATS_DASHBOARD_MENU_TEXT: "Numbers",
    STATS_DASHBOARD_MENU_ORDER: "7",
    STATS_DASHBOARD_MENU_ENDPOINT: "https://stats.example/",
    STATS_DASHBOARD_COMMUNITY_MENU_ENABLED: "False",
    STATS_DASHBOARD_COMMUNITY_OPT_IN: "True",
    STATS_DASHBOARD_SETTINGS_COMMUNITY_ENABLED_LABEL: 'Show "our" numbers',
  })) as Record<string, string>;
  expect(own["menu"]).toMatch(/text=_\("Numbers"\),\s+order=7,[^]*external_url="https:\/\/stats\.example\/"/);
  expect(own["menu"]).not.toContain("communities.stats");
  expect(own["custom-fields"]).toMatch(/COMMUNITIES_CUSTOM_FIELDS_UI[^]*"stats:dashboard_enabled"/);
  expect(own["custom-fields"]).toContain(`"label": "Show \\"our\\" numbers",`);
  expect(own["custom-fields"]).not.toContain("helpText");
  const off = { STATS_DASHBOARD_MENU_ENABLED: "False", STATS_DASHBOARD_COMMUNITY_MENU_ENABLED: "False" };
  expect(await desk.json(["integrate", "--part", "menu"], off)).toEqual({
    menu: expect.stringContaining("switched off"),
  });
  const { out } = await desk.run(["completion", "bash"]);
  expect(out).toContain('"processes") words="list" ;;');
  expect(out).toMatch(/"aggregate"\) words="[^"]*--ignore-bookmark[^"]*--force-disabled --help"/);
  const other = await desk.run(["completion", "tcsh"]);
  expect([other.code, other.err]).toEqual([2, expect.stringContaining("bash, zsh, fish")]);
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { accessWorld, ADMIN_TOKEN } from "./access-world.ts";
import { StubRepository } from "./stub-repository.ts";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
/** Parts that no other text holds, so that a find is a find. */
const SECRETS = [
  "lab-token-reader",
  "s3ss10n-of-nobody",
  "b4d-token-of-nobody",
  ADMIN_TOKEN,
  "203.0.113.77",
  "agent-9f2c",
];

let folder: string;
let server: ChildProcess;
let address: string;
let log = "";
const stub = new StubRepository();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "secrets-"));
  const engine = await openEmbedded({ dataDir: folder });
  await accessWorld(engine);
  await engine.close();
  const environment = {
    ...process.env,
    COMMUNITY_STATS_DATA_DIR: folder,
    COMMUNITY_STATS_INVENIO_URL: await stub.open(),
    COMMUNITY_STATS_ADMIN_TOKEN: ADMIN_TOKEN,
    COMMUNITY_STATS_TRUSTED_PROXIES: "loopback",
    COMMUNITY_STATS_LOG_LEVEL: "trace",
    PORT: "0",
  };
  server = spawn(process.execPath, [MAIN, "serve"], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  address = await new Promise<string>((resolve) => {
    const read = (chunk: Buffer) => {
      log += chunk.toString();
      const [, found] = /served at (http:\/\/[^/\s]+)/.exec(log) ?? [];
      if (found !== undefined) resolve(found);
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
  });
});
afterAll(async () => {
  await stub.close();
  await rm(folder, { recursive: true });
});

it("says at its start that nothing is counted by itself", async () => {
  const told = "COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED=true counts every hour";
  await vi.waitFor(() => expect(log).toContain(told), { timeout: 20_000 });
});

/** Other ones for each trouble: nothing is remembered of them. */
function credentials(trouble: string): readonly Record<string, string>[] {
  return [
    { authorization: "Bearer lab-token-reader", cookie: `a=${trouble}` },
    { authorization: `Bearer b4d-token-of-nobody-${trouble}` },
    { authorization: `Bearer ${ADMIN_TOKEN}` },
    { cookie: `session=s3ss10n-of-nobody-${trouble}` },
  ];
}

it("no credential, address or agent is in the log or on disk, whatever the repository does", async () => {
  const statuses = new Set<number>();
  for (const trouble of [null, "error", "reset", "garbage"] as const) {
    stub.trouble = trouble;
    for (const credential of credentials(`${trouble}`)) {
      const headers = { ...credential, "x-forwarded-for": "203.0.113.77", "user-agent": "agent-9f2c" };
      for (const path of [
        "/api/stats-dashboard/usage-delta-series?community_id=restricted-lab",
        "/api/stats-dashboard/usage-delta-series?community_id=physics&format=csv",
        "/api/stats-dashboard/scopes",
        "/communities/restricted-lab/stats",
        "/%zz",
      ]) {
        statuses.add((await fetch(`${address}${path}`, { headers })).status);
      }
      const body = { method: "POST", body: '{"a":', headers: { ...headers, "content-type": "application/json" } };
      statuses.add((await fetch(`${address}/api/stats`, body)).status);
    }
  }
  expect([...statuses].toSorted()).toEqual([200, 400, 404]);
  server.kill("SIGTERM");
  await once(server, "exit");
  expect(log.includes("the repository does not say who may read what")).toBe(true);
  const texts = [log];
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const file of files) if (file.isFile()) texts.push(await readFile(join(file.parentPath, file.name), "latin1"));
  expect(texts.length).toBeGreaterThan(2);
  expect(SECRETS.filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
});

it("the administrator's token shows in no print of the configuration, nor in the message that refuses it", () => {
  const config = loadConfig({ COMMUNITY_STATS_ADMIN_TOKEN: ADMIN_TOKEN });
  expect(config.access.adminToken?.reveal()).toBe(ADMIN_TOKEN);
  for (const text of [
    JSON.stringify(config),
    inspect(config, { depth: 9, showHidden: true }),
    `${config.access.adminToken}`,
  ]) {
    expect(text).toContain("[secret]");
    expect(text).not.toContain(ADMIN_TOKEN);
  }
  const short = "t00-short";
  expect(() => loadConfig({ COMMUNITY_STATS_ADMIN_TOKEN: short })).toThrow(
    /COMMUNITY_STATS_ADMIN_TOKEN = \[secret\].*16/,
  );
  expect(() => loadConfig({ COMMUNITY_STATS_ADMIN_TOKEN: short })).not.toThrow(short);
});

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEmbedded } from "../../src/engines/embedded/open.ts";
import { smallData } from "../faults/small-data.ts";
import { CommandLine, ended, WORKED_FILES } from "./process.ts";

const SLOW_MS = 60_000;
const LOCKS = ["community_stats_aggregation", "community_stats_cache_generation"];
/** Of the last days only: each day is a file. */
const INVENT =
  "usage-events generate --yes-i-know --events-per-record 30 --event-start-date 2025-03-01 --event-end-date 2025-03-12";
type Child = ReturnType<CommandLine["start"]>;

/** Ends with the output so far once it holds the text. */
async function shows(child: Child, text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    let seen = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer | string) => {
        seen += String(chunk);
        if (seen.includes(text)) resolve();
      });
    }
    child.once("close", () => resolve());
  });
}

const SIGNAL_ITSELF = `--import=${new URL("signal-itself.ts", import.meta.url).href}`;

/** Variables of a command that sends itself a signal once it has written the text, or a file so named lies in the folder. */
function signals(
  signal: NodeJS.Signals,
  when: { readonly said: string } | { readonly folder: string; readonly ending: string },
): Readonly<Record<string, string>> {
  const moment =
    "said" in when ? { SIGNAL_WHEN_SAID: when.said } : { SIGNAL_WHEN_IN: when.folder, SIGNAL_WHEN_NAMED: when.ending };
  return { NODE_OPTIONS: SIGNAL_ITSELF, OWN_SIGNAL: signal, ...moment };
}

describe("setup", { timeout: SLOW_MS }, () => {
  it("goes on where it was killed, in whichever step, and tells what to do where it was asked to end", async () => {
    await using line = new CommandLine();
    const setup = ["setup", ...WORKED_FILES];
    const asked = await line.run(setup, signals("SIGTERM", { said: "\n2. Read 4 files" }));
    expect([asked.code, asked.out]).toEqual([3, expect.stringContaining("Run setup again to go on there.")]);
    for (const step of ["4. Count all days", "5. Make the answers"]) {
      const killed = await line.run(setup, signals("SIGKILL", { said: `\n${step}` }));
      expect([step, killed.code]).toEqual([step, null]);
    }
    const { code, out, err } = await line.run([...setup, "--json"]);
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    const states = JSON.parse(out).steps.map(({ state }: { state: string }) => state);
    expect(states.every((state: string) => state === "done" || state === "not needed")).toBe(true);
    const again = await line.run([...setup, "--json"]);
    expect(JSON.parse(again.out).steps.every(({ state }: { state: string }) => state === "not needed")).toBe(true);
    const verified = await line.run(["verify", "--json"]);
    expect([verified.code, JSON.parse(verified.out)]).toEqual([
      0,
      expect.objectContaining({ state: "equal", facts: expect.objectContaining({ events: 13, problems: [] }) }),
    ]);
  });
});

describe("long work on three weeks of use", { timeout: SLOW_MS }, () => {
  const line = new CommandLine();
  let files: readonly string[] = [];
  beforeAll(async () => {
    files = smallData(line.dataDir);
    await line.run(["ingest", ...files]);
    await line.run(["aggregate", "--force", "--end-date", "2025-03-15"]);
  });
  afterAll(() => line[Symbol.asyncDispose]());

  it.each([
    ["SIGINT", "verify", "ledger", { ok: false, state: "interrupted" }],
    ["SIGTERM", INVENT, "inventing events", { accepted: 0, dryRun: false }],
  ] as const)("ends with 3 on %s: %s, at %j, and its report says so", async (signal, words, moment, report) => {
    const variables = { COMMUNITY_STATS_ENVIRONMENT: "development", ...signals(signal, { said: moment }) };
    const { code, out } = await line.run([...words.split(" "), "--json"], variables);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject(report);
  });

  it("keeps no more of a backup than there was before", async () => {
    const target = join(line.dataDir, "copy");
    const child = line.start(["backup", target]);
    const end = ended(child);
    while (!readdirSync(line.dataDir).includes("copy")) await pause(1);
    child.kill("SIGTERM");
    const { code } = await end;
    // Whole, or nothing: it may have been done before it was asked to end.
    expect([code, readdirSync(target).length > 0]).toEqual(code === 0 ? [0, true] : [3, false]);
  });
});

describe("ingest", { timeout: SLOW_MS }, () => {
  const line = new CommandLine();
  afterAll(() => line[Symbol.asyncDispose]());

  it("waits for no more input once it is asked to end", async () => {
    const child = line.start(["ingest", "-", "--json"]);
    const end = ended(child);
    while (!existsSync(join(line.dataDir, "rollups.sqlite"))) await pause(1);
    child.kill("SIGTERM");
    const { code, out } = await end;
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ interrupted: true, totals: { read: 0 } });
  });

  it("ends in the middle of an append of many days, and leaves nothing of it", async () => {
    const file = join(line.dataDir, "many-days.ndjson");
    const days = Array.from({ length: 3_000 }, (_, day) => new Date(Date.UTC(2015, 0, 1 + day)).toISOString());
    const view = { event: "record-view", recid: "r", unique_id: "ui_r", visitor_id: "v" };
    writeFileSync(file, days.map((timestamp) => `${JSON.stringify({ ...view, timestamp })}\n`).join(""));
    const events = join(line.dataDir, "facts/events");
    const parquet = (): number =>
      existsSync(events)
        ? readdirSync(events, { recursive: true }).filter((name) => String(name).endsWith(".parquet")).length
        : 0;
    const { code, out } = await line.run(
      ["ingest", file, "--json"],
      signals("SIGTERM", { folder: events, ending: ".parquet" }),
    );
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      state: "partial",
      totals: { accepted: 0 },
      files: [{ interrupted: true }],
    });
    expect(parquet()).toBe(0);
  });
});

describe("a repository that does not answer any more", { timeout: SLOW_MS }, () => {
  let server: Server;
  const line = new CommandLine();
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (!request.url?.startsWith("/api/communities")) return;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ hits: { hits: [], total: 0 } }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    await line[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });

  it("keeps nobody from ending harvest", async () => {
    const { port } = server.address() as AddressInfo;
    const asked = new Promise<void>((resolve) => {
      server.on("request", ({ url }) => url?.startsWith("/api/records") === true && resolve());
    });
    const child = line.start(["harvest", "--json"], { COMMUNITY_STATS_INVENIO_URL: `http://127.0.0.1:${port}` });
    const end = ended(child);
    await asked;
    child.kill("SIGINT");
    const { code, out } = await end;
    expect([code, JSON.parse(out)]).toEqual([3, expect.objectContaining({ interrupted: true })]);
  });
});

describe("what others hold, or wait for", { timeout: SLOW_MS }, () => {
  const line = new CommandLine();
  beforeAll(async () => {
    await line.run(["ingest", ...WORKED_FILES]);
  });
  afterAll(() => line[Symbol.asyncDispose]());

  it("is told with 4, by every command that needs it alone", async () => {
    const engine = await openEmbedded({ dataDir: line.dataDir });
    try {
      for (const name of LOCKS) await engine.control.acquire(name, "elsewhere:1", 600_000, Date.now());
      for (const args of [["setup"], ["cache", "generate", "--force"], ["destroy-indices", "--yes-i-know"]]) {
        const { code } = await line.run([...args, "--json"]);
        expect([args, code]).toEqual([args, 4]);
      }
    } finally {
      await engine.close();
    }
  });

  it("lets a worker go home, with 0", async () => {
    const child = line.start(["worker"], { COMMUNITY_STATS_SCHEDULED_AGG_TASKS_ENABLED: "true" });
    const end = ended(child);
    await shows(child, "The schedule is kept");
    child.kill("SIGTERM");
    const { code } = await end;
    expect(code).toBe(0);
  });
});

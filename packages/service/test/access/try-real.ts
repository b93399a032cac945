/**
 * Tries who may read what against a running InvenioRDM and prints the table of docs/permissions.md:
 * `node packages/service/test/access/try-real.ts <address> <token prefix> <password>`.
 * The instance has the users stranger, reader, owner and admin (mail `<name>@lab.example`, bearer token `<prefix><name>`), and the
 * communities physics (public), its subcommunity physics-optics, empty (public, without records) and restricted-lab (restricted; reader and owner are members).
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const [repository = "http://127.0.0.1:5000", tokenPrefix = "", password = ""] = process.argv.slice(2);
const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const ADMIN_TOKEN = "try-real-administrator-token";
const USERS = ["stranger", "reader", "owner", "admin"];
const LAB = "restricted-lab";
const GIVEN_UP_MS = 120_000;
const ASKED = ["global", "physics", "physics-optics", LAB, "no-such-community"];

type Headers = Readonly<Record<string, string>>;

const folder = await mkdtemp(join(tmpdir(), "try-real-"));
const environment = {
  ...process.env,
  COMMUNITY_STATS_DATA_DIR: join(folder, "data"),
  COMMUNITY_STATS_INVENIO_URL: repository,
  COMMUNITY_STATS_ADMIN_TOKEN: ADMIN_TOKEN,
  COMMUNITY_STATS_LOG_LEVEL: "trace",
  COMMUNITY_STATS_RATE_LIMIT_ADDRESS: "0",
  PORT: "0",
};
let log = "";

/** The communities and records as the administrator of the repository sees them. */
async function harvest(): Promise<void> {
  const headers = bearer("admin");
  for (const kind of ["communities", "records"]) {
    const response = await fetch(`${repository}/api/${kind}?size=1000&allversions=true`, { headers });
    const { hits } = (await response.json()) as { hits: { hits: object[] } };
    await writeFile(join(folder, `${kind}.ndjson`), hits.hits.map((hit) => `${JSON.stringify(hit)}\n`).join(""));
  }
}

function command(...parts: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...parts], {
    env: environment,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${parts.join(" ")} ended with ${status}: ${stdout}${stderr}`);
}

async function serve(): Promise<{ server: ChildProcess; address: string }> {
  const server = spawn(process.execPath, [MAIN, "serve"], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise<string>((resolve) => {
    server.stdout.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      const [, found] = /served at (http:\/\/[^/\s]+)/.exec(log) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  return { server, address };
}

function bearer(name: string): Headers {
  return { authorization: `Bearer ${tokenPrefix}${name}` };
}

async function session(name: string): Promise<Headers> {
  const response = await fetch(`${repository}/api/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: `${name}@lab.example`, password }),
  });
  if (response.status !== 200) throw new Error(`no session for ${name}: ${response.status}`);
  return {
    cookie: response.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; "),
  };
}

async function callers(): Promise<readonly (readonly [string, Headers])[]> {
  const known: [string, Headers][] = [
    ["guest", {}],
    ["token that nobody has", bearer("nobody")],
    ["cookie that nobody has", { cookie: "session=0123456789abcdef_6744.AAAA" }],
  ];
  for (const name of USERS)
    known.push([`${name}, token`, bearer(name)], [`${name}, session cookie`, await session(name)]);
  known.push(["COMMUNITY_STATS_ADMIN_TOKEN", { authorization: `Bearer ${ADMIN_TOKEN}` }]);
  return known;
}

/** The statuses of the ways in: both POST routes, the GET twin (JSON, CSV, XLSX), the page. One number where all agree. */
async function statuses(address: string, community: string, headers: Headers): Promise<string> {
  const params = { community_id: community };
  const entry = { a: { stat: "usage-delta-series", params } };
  const post = {
    method: "POST",
    body: JSON.stringify(entry),
    headers: { ...headers, "content-type": "application/json" },
  };
  const page = community === "global" ? "/stats" : `/communities/${community}/stats`;
  const twin = `${address}/api/stats-dashboard/usage-delta-series?community_id=${community}`;
  const answers = await Promise.all([
    fetch(`${address}/api/stats`, post),
    fetch(`${address}/api/stats-dashboard`, post),
    fetch(twin, { headers }),
    fetch(`${twin}&format=csv`, { headers }),
    fetch(`${twin}&format=xlsx`, { headers }),
    fetch(`${address}${page}`, { headers }),
  ]);
  const all = new Set(answers.map(({ status }) => status));
  const kept = answers[2]?.headers.get("cache-control") ?? "";
  const vary = answers[2]?.headers.get("vary") ?? "";
  const personal = /private/.test(kept) && /Cookie, Authorization/.test(vary) ? " private" : "";
  return `${[...all].join("/")}${personal}`;
}

async function listed(address: string, headers: Headers): Promise<string> {
  const response = await fetch(`${address}/api/stats-dashboard/scopes`, { headers });
  const scopes = (await response.json()) as { slug: string | null }[];
  return scopes.some(({ slug }) => slug === LAB) ? "yes" : "no";
}

async function table(address: string, people: readonly (readonly [string, Headers])[]): Promise<void> {
  console.log(`| caller | ${ASKED.map((name) => `\`${name}\``).join(" | ")} | \`restricted-lab\` in the list |`);
  console.log(`| --- |${" --- |".repeat(ASKED.length + 1)}`);
  for (const [name, headers] of people) {
    const cells: string[] = [];
    for (const community of ASKED) cells.push(await statuses(address, community, headers));
    console.log(`| ${name} | ${cells.join(" | ")} | ${await listed(address, headers)} |`);
  }
}

/** Median milliseconds of refusals, by turns, each with a session that was never seen before. */
async function refusalTimes(address: string, names: readonly string[]): Promise<readonly number[]> {
  const times = names.map((): number[] => []);
  for (let round = 0; round < 120; round++) {
    for (const [index, name] of names.entries()) {
      const begun = performance.now();
      const headers = { cookie: `session=${randomUUID()}` };
      await fetch(`${address}/api/stats-dashboard/usage-delta-series?community_id=${name}`, { headers });
      times[index]?.push(performance.now() - begun);
    }
  }
  return times.map((list) => list.toSorted((one, other) => one - other)[Math.floor(list.length / 2)] ?? 0);
}

async function makeVisible(slug: string, visibility: "public" | "restricted"): Promise<number> {
  const url = `${repository}/api/communities/${slug}`;
  const before = (await (await fetch(url, { headers: bearer("owner") })).json()) as { access: object };
  const body = JSON.stringify({ ...before, access: { ...before.access, visibility } });
  const headers = { ...bearer("owner"), "content-type": "application/json" };
  return (await fetch(url, { method: "PUT", headers, body })).status;
}

/** What was harvested as public is closed as soon as the repository closes it. */
async function closeEmpty(address: string): Promise<void> {
  const closed = await makeVisible("empty", "restricted");
  const guest = await statuses(address, "empty", {});
  const owner = await statuses(address, "empty", bearer("owner"));
  console.log(`empty made restricted in the repository (${closed}): guest ${guest}, owner ${owner}`);
  console.log(`empty made public again: ${await makeVisible("empty", "public")}`);
}

/** What was harvested as restricted is open a minute after the repository opens it. */
async function openLab(address: string): Promise<void> {
  const tell = async () => {
    const [guest, owner] = [await statuses(address, LAB, {}), await statuses(address, LAB, bearer("owner"))];
    return `guest ${guest}, owner ${owner}, in the list of a guest: ${await listed(address, {})}`;
  };
  console.log(`${LAB} as harvested: ${await tell()}`);
  for (const visibility of ["public", "restricted"] as const) {
    const before = await statuses(address, LAB, {});
    console.log(`${LAB} made ${visibility} in the repository: ${await makeVisible(LAB, visibility)}`);
    const begun = performance.now();
    while ((await statuses(address, LAB, {})) === before && performance.now() - begun < GIVEN_UP_MS) await wait(1_000);
    const seconds = Math.round((performance.now() - begun) / 1_000);
    console.log(`  seen by a guest after ${seconds} s: ${await tell()}`);
  }
}

async function secretsFound(people: readonly (readonly [string, Headers])[]): Promise<readonly string[]> {
  const secrets = people.flatMap(([, headers]) => Object.values(headers)).map((text) => text.replace(/^Bearer /, ""));
  const files = await readdir(join(folder, "data"), { recursive: true, withFileTypes: true });
  const texts = [log];
  for (const file of files) if (file.isFile()) texts.push(await readFile(join(file.parentPath, file.name), "latin1"));
  return secrets.filter((secret) => texts.some((text) => text.includes(secret)));
}

await harvest();
command("ingest", join(folder, "communities.ndjson"), join(folder, "records.ndjson"));
command("aggregate", "--force");
const { server, address } = await serve();
try {
  const people = await callers();
  await table(address, people);
  await closeEmpty(address);
  for (let attempt = 1; attempt <= 3; attempt++) {
    const medians = await refusalTimes(address, ["restricted-lab", "no-such-community"]);
    console.log(
      `refusals of restricted-lab and no-such-community, median ms: ${medians.map((ms) => ms.toFixed(1)).join(", ")}`,
    );
  }
  await openLab(address);
  console.log(`credentials found in log or data folder: ${(await secretsFound(people)).length}`);
} finally {
  server.kill();
  await once(server, "exit");
  await rm(folder, { recursive: true });
}

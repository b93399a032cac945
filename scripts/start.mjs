// `npm start`: from a fresh clone to a page with numbers, and again in seconds.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { buildDashboard } from "./dashboard.mjs";
import { install } from "./install.mjs";
import { environment, exitWith, node24, ROOT, run } from "./node24.mjs";

try {
  process.exitCode = await start();
} catch (error) {
  exitWith(error);
}

async function start() {
  await requireFreePort(port(), setting("COMMUNITY_STATS_HOST") ?? "127.0.0.1");
  const folder = dataFolder();
  await install();
  await buildDashboard();
  const loaded = await loadDemonstration(folder);
  return loaded === 0 ? await service("serve") : loaded;
}

/** The service reads the same variables and names; see its config folder. An empty text means the default. */
function setting(name) {
  return process.env[name] || process.env[`INVENIO_${name}`] || undefined;
}

function port() {
  const text = setting("PORT") ?? "8080";
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new Error(
    `PORT is ${JSON.stringify(text)}, which is not a port.\nGive a number from 1 to 65535, for example: PORT=8090 npm start`,
  );
}

function requireFreePort(number, host) {
  return new Promise((free, taken) => {
    const probe = createServer();
    probe.on("error", (error) => taken(portError(error, number, host)));
    probe.listen({ port: number, host, exclusive: true }, () => probe.close(free));
  });
}

function portError(error, number, host) {
  const told = {
    EADDRINUSE: `Port ${number} on ${host} is in use by another program.\nStop that program, or choose another port: PORT=${number + 1} npm start`,
    EACCES: `Port ${number} on ${host} needs rights that you do not have.\nChoose a port above 1023: PORT=8080 npm start`,
    EADDRNOTAVAIL: `COMMUNITY_STATS_HOST is ${host}, which is not an address of this machine.\nUse 127.0.0.1, or 0.0.0.0 for all addresses.`,
  };
  return new Error(told[error.code] ?? `Port ${number} on ${host} cannot be opened: ${error.message}`, {
    cause: error,
  });
}

function dataFolder() {
  const folder = resolve(ROOT, setting("COMMUNITY_STATS_DATA_DIR") ?? "data");
  const probe = join(folder, `.writable-${process.pid}`);
  try {
    makeFolder(folder);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new Error(
      `The data folder ${folder} cannot be written: ${error.message}\nGive yourself the right to, or name another folder: COMMUNITY_STATS_DATA_DIR=… npm start`,
      { cause: error },
    );
  }
  return folder;
}

/** Step by step: the recursive mkdir of Node 20 never ends below a folder such as /proc that takes no entries. */
function makeFolder(folder) {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** On the first run only. The mark stays until everything is loaded, so that an interrupted run goes on next time. */
async function loadDemonstration(folder) {
  const mark = join(folder, "demonstration-unfinished");
  const hasFacts = existsSync(join(folder, "control.sqlite"));
  if (hasFacts && !existsSync(mark)) return 0;
  process.stderr.write(`Loading the demonstration data into ${folder}\n`);
  writeFileSync(mark, "The demonstration data is being loaded. `npm start` goes on.\n");
  const code = await service("demo");
  if (code === 0) rmSync(mark);
  else
    process.stderr.write(
      `The demonstration data was not loaded (exit code ${code}); \`npm start\` goes on where this run stopped.\n`,
    );
  return code;
}

async function service(command) {
  const main = join(ROOT, "packages", "service", "src", "main.ts");
  return (await run(node24(), [main, command], { env: environment() })).code;
}

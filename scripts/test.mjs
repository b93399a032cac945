// `npm test`: installs what is missing, runs every check and every suite, and sums up. CI reads the last line.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checks, runCheck, secondsSince } from "./checks.mjs";
import { provideChromium } from "./chromium.mjs";
import { provideCluster } from "./cluster.mjs";
import { buildDashboard } from "./dashboard.mjs";
import { install } from "./install.mjs";
import { provideXmllint } from "./xmllint.mjs";
import { commandLine, environment, exitWith, ROOT, run } from "./node24.mjs";

/** The projects of vitest.config.ts that run together, by what is told of them. */
const SUITES = {
  "unit tests": ["contract", "scripts", "dashboard", "service"],
  "service suites": ["service-suites"],
};
/** No suite takes half of this on two quiet cores; whatever hangs is ended and counts as failed. */
const SUITE_LIMIT_MS = 25 * 60_000;
/** Under CI a test that was left out counts as failed. */
const everything = process.env.CI === "true";
const LINES_OF_A_FAILURE = 60;
const HELD_BACK = { stdio: ["ignore", "pipe", "pipe"] };
const IN_MEMORY = "/dev/shm";
const ROOM_BYTES = 4 * 2 ** 30;
/** Where tests put their folders, too: a thousand small databases are synced again and again. */
const reports = mkdtempSync(join(hasRoomInMemory() ? IN_MEMORY : tmpdir(), "community-stats-test-"));
process.on("exit", () => rmSync(reports, { recursive: true, force: true }));

try {
  await install();
  const results = await atOnce(checks().map((check) => ({ name: check.name, run: () => checkStep(check) })));
  for (const test of steps()) results.push(await runStep(test));
  // One after the other: a package manager serves one at a time.
  const provided = { chromium: await provideChromium(), withoutCluster: await provideCluster() };
  results.push(...(await atOnce(waitingSteps(provided))));
  sumUp(results);
} catch (error) {
  exitWith(error);
}

function hasRoomInMemory() {
  if (!existsSync(IN_MEMORY)) return false;
  const { bavail, bsize } = statfsSync(IN_MEMORY);
  return bavail * bsize >= ROOM_BYTES;
}

/** In the order of running; each resolves to how many passed, failed and were left out. */
function steps() {
  return [
    { name: "xmllint", run: xmllintStep },
    ...Object.entries(SUITES).map(([name, projects]) => ({ name, run: () => suite(projects) })),
    { name: "build", run: buildStep },
  ];
}

/** Each waits for other processes most of its time, so they run at once. The first is the longest. */
function waitingSteps({ chromium, withoutCluster }) {
  return [
    { name: "browser tests", run: () => browserTests(chromium) },
    { name: "cluster tests", run: () => clusterTests(withoutCluster) },
    { name: "bench smoke", run: benchSmoke },
  ];
}

async function atOnce(several) {
  return await Promise.all(several.map(runStep));
}

/** What a step returns as its output is written at its end, since others may write meanwhile. */
async function runStep({ name, run: work }) {
  process.stdout.write(`\n── ${name}\n`);
  const begun = Date.now();
  const { output = "", ...result } = await work();
  if (output !== "") process.stdout.write(`\n── what ${name} told\n${output}\n`);
  return { name, passed: 0, failed: 0, leftOut: [], ...result, output, seconds: secondsSince(begun) };
}

async function checkStep(check) {
  const { passed, output } = await runCheck(check);
  return { ...(passed ? { passed: 1 } : { failed: 1 }), output: !passed || check.tellsAlways ? output : "" };
}

/** @param isAside another suite runs and writes: what this one says is held back until its end. */
async function suite(projects, { extra = {}, isAside = false } = {}) {
  const report = join(reports, `${projects.join("-")}.json`);
  const chosen = projects.flatMap((project) => ["--project", project]);
  const options = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`, "--passWithNoTests"];
  const { file, args } = commandLine("vitest", ["run", ...chosen, ...options]);
  const { code, output } = await run(file, args, {
    env: environment({ TMPDIR: reports, ...extra }),
    timeoutMs: SUITE_LIMIT_MS,
    ...(isAside ? HELD_BACK : {}),
  });
  const result = existsSync(report) ? counted(JSON.parse(readFileSync(report, "utf8")), code) : { failed: 1 };
  return { ...result, output };
}

/** A suite that ends badly without a failed test (a file that does not load, an unhandled error) counts as one failure. */
function counted(report, code) {
  const failed = report.numFailedTests;
  const leftOut = report.testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map((test) => test.fullName),
  );
  return { passed: report.numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed, leftOut };
}

async function xmllintStep() {
  const reason = await provideXmllint();
  return reason === null ? { passed: 1 } : { leftOut: [`schema of exports: ${reason}`] };
}

async function clusterTests(reason) {
  return reason === null
    ? await suite(["cluster"], { isAside: true })
    : { leftOut: [`tests on OpenSearch and Redis: ${reason}`] };
}

async function buildStep() {
  try {
    await buildDashboard();
    return { passed: 1 };
  } catch (error) {
    process.stdout.write(`${error.message}\n`);
    return { failed: 1 };
  }
}

async function browserTests(chromium) {
  const folder = join(ROOT, "e2e");
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".e2e.ts")) : [];
  if (files.length === 0) return { leftOut: ["browser tests: there are no files e2e/*.e2e.ts"] };
  if (chromium.reason) return { leftOut: [`browser tests: ${chromium.reason}`] };
  return await suite(["e2e"], { extra: { CHROMIUM_PATH: chromium.path } });
}

/** It asserts no time, so others may run beside it. */
async function benchSmoke() {
  if (!existsSync(join(ROOT, "bench", "main.ts"))) return { leftOut: ["bench: there is no bench/main.ts"] };
  const { file, args } = commandLine("bench/main.ts", ["--smoke"]);
  const { code, output } = await run(file, args, { env: environment(), timeoutMs: SUITE_LIMIT_MS, ...HELD_BACK });
  return { ...(code === 0 ? { passed: 1 } : { failed: 1 }), output };
}

function sumUp(results) {
  for (const { name, failed, output } of results) {
    if (failed > 0 && output !== "") process.stdout.write(`\n── what ${name} told at its end\n${endOf(output)}\n`);
  }
  process.stdout.write("\n── summary\n");
  for (const { name, passed, failed, leftOut, seconds } of results) {
    const mark = failed > 0 ? "✗" : leftOut.length > 0 ? "–" : "✓";
    process.stdout.write(
      `${mark} ${name}: ${passed} passed, ${failed} failed, ${leftOut.length} left out (${seconds} s)\n`,
    );
    for (const what of leftOut) process.stdout.write(`    left out: ${what}\n`);
  }
  const passed = total(results, ({ passed: count }) => count);
  const leftOut = total(results, (result) => result.leftOut.length);
  const failed = total(results, (result) => result.failed) + (everything ? leftOut : 0);
  if (leftOut > 0 && everything) process.stdout.write(`CI is true: the ${leftOut} left out count as failed.\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  if (failed > 0) process.exitCode = 1;
}

/** Why something failed is said once more just above the summary: whoever reads a cut log sees its end. */
function endOf(output) {
  return output.trimEnd().split("\n").slice(-LINES_OF_A_FAILURE).join("\n");
}

function total(results, count) {
  return results.reduce((sum, result) => sum + count(result), 0);
}

import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { buildDashboard } from "./dashboard.mjs";

/** Takes the pictures of docs/widgets.md from the gallery: node scripts/run.mjs scripts/widget-pictures.mjs */

const ROOT = join(import.meta.dirname, "..");
const FOLDER = join(ROOT, "docs/pictures");
const WIDTH = 760;
/** One widget for each kind. */
const WIDGETS = {
  stat: "SingleStatViews",
  chart: "TrafficStatsChart",
  breakdown: "ResourceTypesMultiDisplayViewsDelta",
  map: "StatsMap",
  records: "MostViewedRecordsMultiDisplay",
  control: "DateRangeSelector",
  text: "Text",
};
const READY_MS = 60_000;

await buildDashboard();
const port = await freePort();
const server = spawn(process.execPath, [join(ROOT, "packages/dashboard/test/fixture-server.ts")], {
  env: { ...process.env, PORT: String(port) },
  stdio: ["ignore", "ignore", "inherit"],
});
try {
  await takeAll(`http://127.0.0.1:${port}/stats/gallery`);
} finally {
  server.kill();
}

async function takeAll(address) {
  await answering(address);
  const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 }, reducedMotion: "reduce" });
    mkdirSync(FOLDER, { recursive: true });
    for (const [kind, name] of Object.entries(WIDGETS)) await take(page, { kind, name, address });
  } finally {
    await browser.close();
  }
}

async function take(page, { kind, name, address }) {
  await page.goto("about:blank");
  await page.goto(`${address}#${name}`);
  const widget = page.locator(`#${name} .exhibit-widget`);
  await widget.locator("h3, button, .figure[data-value]").first().waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(500);
  await widget.screenshot({ path: join(FOLDER, `${kind}.png`) });
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => {
    probe.listen(0, "127.0.0.1", resolve);
  });
  const { port: free } = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return free;
}

async function answering(address) {
  const end = Date.now() + READY_MS;
  while (Date.now() < end) {
    if ((await fetch(address).catch(() => null))?.ok === true) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  throw new Error(`${address} did not answer within ${READY_MS / 1000} s.`);
}

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startForeignHost, type ForeignHost } from "./foreign-host.ts";
import { startService, type Started } from "./harness.ts";

let service: Started;
let host: ForeignHost;
let page: Page;
let element: Locator;
const said: string[] = [];
beforeAll(async () => {
  service = await startService();
  host = await startForeignHost(service.origin);
  page = await (await service.browser.newContext({ reducedMotion: "reduce" })).newPage();
  page.on("pageerror", ({ message }) => said.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") said.push(message.text());
  });
  await page.goto(host.url);
  element = page.locator("community-stats");
  await element.locator(".figure[data-value]").waitFor();
});
afterAll(async () => {
  await host?.stop();
  await service?.stop();
});

/** How many style sheets the host has, and how its own button looks. */
const hostLooks = (): Promise<readonly (number | string)[]> =>
  page.evaluate(() => {
    const button = document.querySelector("#own");
    if (button === null) throw new Error("The host has lost its button.");
    const { backgroundColor, padding, fontSize } = getComputedStyle(button);
    return [document.querySelectorAll("style, [rel=stylesheet]").length, backgroundColor, padding, fontSize];
  });

const chartMenu = (item: string): Promise<void> => choose(element.getByRole("button", { name: /^More for / }), item);

async function choose(button: Locator, item: string): Promise<void> {
  await button.click();
  await element.getByRole("menuitem", { name: item }).click();
}

async function downloaded(act: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return download.suggestedFilename();
}

it("shows numbers, opens what floats above, and gives files away below a folder of a host with a strict policy", async () => {
  const before = await hostLooks();
  await element.getByRole("button", { name: /^Compare/ }).click();
  await element.getByRole("menuitemradio", { name: "nothing" }).click();
  await element.locator(".period-button").click();
  const days = element.locator(".cal-day:not([data-disabled], [data-outside-month])");
  await days.first().click();
  await days.nth(1).click();
  await element.getByRole("button", { name: "Apply" }).click();
  await element.locator(".period-button", { hasText: "Custom" }).waitFor();
  await element.getByRole("button", { name: "Filter" }).click();
  await element.getByRole("searchbox").fill("a");
  await element.getByRole("dialog").getByRole("button", { name: "Dataset" }).waitFor();
  await page.keyboard.press("Escape");
  expect(await downloaded(() => chartMenu("Download CSV"))).toBe("use-over-time.csv");
  await element.getByRole("button", { name: "Download", exact: true }).click();
  const save = element.getByRole("dialog").getByRole("button", { name: "Download", exact: true });
  expect(await downloaded(() => save.click())).toMatch(/^stats_global_/);
  expect(said).toEqual([]);
  expect(await hostLooks()).toEqual(before);
});

it("saves the SVG where the policy forbids to make a PNG", async () => {
  expect(await downloaded(() => chartMenu("Download PNG"))).toBe("use-over-time.svg");
});

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { complaints, shoot, startFixtures, type Started } from "./harness.ts";

const SEVERAL = `<community-stats id="figures" class="red" layout="SingleStatViews TrafficStatsChart" without="head"></community-stats>
<community-stats id="german" lang="de" layout="ResourceTypesMultiDisplay" view="range=2026-01-01..2026-06-30" without="head"></community-stats>
<community-stats id="broken" layout='{"tabs":'></community-stats>
<div style="color-scheme:dark"><community-stats id="dark" layout="SingleStatDownloads" without="head controls"></community-stats></div>`;

let service: Started;
let page: Page;
beforeAll(async () => {
  service = await startFixtures();
  page = await (await service.browser.newContext({ reducedMotion: "reduce" })).newPage();
  const body = new URLSearchParams({ service: service.origin, body: SEVERAL });
  // The same server under another name: another origin to a browser.
  await page.goto(`${service.origin.replace("127.0.0.1", "localhost")}/elsewhere?${body}`);
  await page.locator("#figures .figure[data-value]").waitFor();
  await page.locator("#german .row").first().waitFor();
  await page.locator("#dark .figure[data-value]").waitFor();
});
afterAll(async () => service?.stop());

const style = (selector: string, property: string): Promise<string> =>
  page
    .locator(selector)
    .first()
    .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);

const setWidth = (width: string): Promise<void> =>
  page.locator("#figures").evaluate((element, value) => element.style.setProperty("width", value), width);

const accent = (id: string): Promise<string> =>
  page.locator(id).evaluate((element) => getComputedStyle(element).getPropertyValue("--cs-accent"));

it("several elements stand on a page of another origin, each with its own choices and language", async () => {
  expect(await page.locator("#german .period-button").textContent()).toContain("2026");
  expect(await page.locator("#german .says").first().textContent()).toMatch(/Datensätze|Datensätzen/);
  expect(await page.locator("#figures .says").first().textContent()).toContain("views from");
  expect(await page.locator("#broken").getByText("These statistics cannot be shown").isVisible()).toBe(true);
});

it("neither takes styles of the page nor gives it any, but for custom properties and the colour scheme", async () => {
  expect(await style("#figures .says", "text-transform")).toBe("none");
  expect(await style("#figures .btn", "background-color")).not.toBe("rgb(255, 0, 0)");
  expect(await style("#figures .figure", "font-style")).toBe("normal");
  // 32 px, though a rem is 10 px here.
  expect(await style("#figures .figure", "font-size")).toBe("32px");
  expect(await style("h1", "color")).toBe("rgb(128, 0, 128)");
  expect(await style("#figures .period-button .icon", "stroke")).toBeTruthy();
  expect(await accent("#figures")).toBe("#a00000");
  expect(await accent("#german")).not.toBe("#a00000");
  const [light, dark] = [
    await style("#german .card", "background-color"),
    await style("#dark .stats", "background-color"),
  ];
  expect(light).toBe("rgb(255, 255, 255)");
  expect(dark).not.toBe(light);
});

it("goes by the room that it has, not by the screen", async () => {
  await setWidth("420px");
  expect(await style("#figures .figure", "font-size")).toBe("24px");
  expect(await style("#figures .controls", "flex-direction")).toBe("column");
  await setWidth("auto");
});

it("gives its chart away as a document and as a picture", async () => {
  const take = async (name: string): Promise<Buffer> => {
    await page
      .locator("#figures .chart")
      .getByRole("button", { name: /^More for / })
      .click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator("#figures").getByRole("menuitem", { name }).click(),
    ]);
    return readFileSync(await download.path());
  };
  const svg = (await take("Download SVG")).toString();
  const root = await page.evaluate(
    (text) => new DOMParser().parseFromString(text, "image/svg+xml").documentElement.tagName,
    svg,
  );
  expect([root, svg.includes("no data 3–11 Aug")]).toEqual(["svg", true]);
  const png = await take("Download PNG");
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect([png.subarray(1, 4).toString(), width]).toEqual(["PNG", 2 * Number(/width="(\d+)"/.exec(svg)?.[1])]);
  expect(height).toBeGreaterThan(400);
});

it("is operated by keyboard, keeps its choices to itself, and passes axe", async () => {
  const address = page.url();
  const figure = page.locator("#figures .figure");
  const before = await figure.getAttribute("data-value");
  await page.locator("#figures .period-button").press("Enter");
  await page.locator("#figures").getByLabel("From", { exact: true }).fill("2026-03-01");
  await page.locator("#figures").getByLabel("To", { exact: true }).fill("2026-03-31");
  await page.locator("#figures").getByLabel("To", { exact: true }).press("Enter");
  await page.waitForFunction((old) => {
    const shown = document.querySelector("#figures")?.shadowRoot?.querySelector(".figure");
    return shown?.getAttribute("data-value") !== old;
  }, before);
  expect(await page.locator("#figures .period-button").textContent()).toContain("1–31 Mar 2026");
  expect(await page.locator("#german .period-button").textContent()).not.toContain("März");
  expect(page.url()).toBe(address);
  await shoot(page, "elsewhere");
  expect(await complaints(page)).toEqual([]);
});

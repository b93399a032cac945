import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { settled, startService, watched, type Started } from "./harness.ts";

const DEMO_MS = 360_000;

let service: Started;
beforeAll(async () => {
  service = await startService();
}, DEMO_MS);
afterAll(async () => service?.stop());

/** Addresses of numbers that a page asks for, with what the server said of its cache. */
async function asked(path: string): Promise<readonly (readonly [address: string, found: string | undefined])[]> {
  const answers: (readonly [string, string | undefined])[] = [];
  const page = watched(await (await service.browser.newContext()).newPage());
  page.on("response", (response) => {
    const { pathname, search } = new URL(response.url());
    if (/\/api\/stats-dashboard\/(usage|record)-/.test(pathname)) {
      answers.push([`${pathname}${search}`, response.headers()["x-cache"]]);
    }
  });
  await page.goto(`${service.origin}${path}`);
  await drawn(page);
  await page.context().close();
  return answers;
}

async function drawn(page: Page): Promise<void> {
  await page.locator("[data-widget=StatsChart]").first().waitFor();
  await settled(page);
}

it("a first look at a warmed dashboard finds every answer kept, of the repository and of a community", async () => {
  const scopes: readonly { slug: string | null }[] = await (
    await fetch(`${service.origin}/api/stats-dashboard/scopes`)
  ).json();
  const slug = scopes.find((scope) => scope.slug !== null)?.slug ?? "";
  const chosen = ["global", slug].flatMap((name) => ["--community-id", name]);
  const report = JSON.parse(await service.command("cache", "generate", "--force", "--first-view", "--json", ...chosen));
  expect(report).toMatchObject({ state: "done", failed: 0, notKept: 0 });
  for (const path of ["/stats", `/communities/${slug}/stats`]) {
    const answers = await asked(path);
    // Three figures, a chart and four cards, and the year before of all but the cards.
    expect(answers.length).toBeGreaterThanOrEqual(8);
    expect(answers.filter(([, found]) => found !== "HIT")).toEqual([]);
  }
});

it("what nobody prepared is made when it is asked for", async () => {
  const answers = await asked("/stats?range=2025-03-01..2025-04-10&by=day");
  expect(answers.some(([, found]) => found === "MISS")).toBe(true);
});

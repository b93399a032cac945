import type { Page } from "playwright-core";

/** Longest time to wait for anything. */
export const READY_MS = 60_000;

/** Until everything that a page asked for is drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.locator(".figure[data-value]").first().waitFor({ timeout: READY_MS });
  await page.locator(".plot svg").first().waitFor({ timeout: READY_MS });
  await settled(page);
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(1000);
}

/** Until no part waits for numbers. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
}

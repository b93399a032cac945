import { expect, it } from "vitest";
import { prepare } from "./start.ts";

function pageOf(mount: string): void {
  const config = JSON.stringify({ locale: "de", binarySizes: false });
  document.body.innerHTML = `${mount}<script type="application/json" id="stats-dashboard-config">${config}</script>`;
}

it("says in the page's language that the statistics are coming, until they are drawn", async () => {
  document.documentElement.lang = "de";
  pageOf('<div id="stats-dashboard" data-shell="none"><noscript>No script.</noscript></div>');
  const ready = await prepare();
  expect(ready?.shell).toBe(false);
  expect(ready?.mount.textContent).toMatch(/^Statistik.* wird geladen\. Statistik/);
});

it("leaves a page without a place for a dashboard alone", async () => {
  pageOf("<p>Something else</p>");
  expect(await prepare()).toBeNull();
});

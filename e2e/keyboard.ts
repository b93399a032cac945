import type { Page } from "playwright-core";

const OPENED_MS = 5_000;

/** One place where the Tab key stops, and what is wrong there. */
interface Stop {
  /** Its place among those that the page has; -1: another one. */
  readonly index: number;
  readonly name: string;
  readonly opens: boolean;
  readonly wrong: string | null;
}

/** What keeps an open page from being operated by keyboard alone, in words. */
export async function keyboardComplaints(page: Page): Promise<readonly string[]> {
  const names = await page.evaluate(findStops);
  const reached = new Set<number>();
  const wrong: string[] = [];
  for (let presses = 0; presses < 2 * names.length + 2; presses += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(stopHere);
    if (stop === null) continue;
    if (reached.has(stop.index)) break;
    reached.add(stop.index);
    if (stop.wrong !== null) wrong.push(`${stop.name}: ${stop.wrong}`);
    if (stop.opens) wrong.push(...(await openingComplaints(page, stop.name)));
  }
  const missed = names.filter((_, index) => !reached.has(index));
  return [...wrong, ...missed.map((name) => `${name}: not reached with the Tab key`)];
}

/** Opens what the focused button opens, and closes it again. */
async function openingComplaints(page: Page, name: string): Promise<readonly string[]> {
  await page.keyboard.press("Enter");
  const within = page.locator("[popover]:popover-open").filter({ has: page.locator(":focus") });
  const opened = within.waitFor({ timeout: OPENED_MS }).then(
    () => true,
    () => false,
  );
  if (!(await opened)) return [`${name}: the focus does not go into what it opens`];
  await page.keyboard.press("Escape");
  const { expanded, focused } = await page.evaluate(() => ({
    expanded: document.querySelector("[popover]:popover-open") !== null,
    focused: document.activeElement?.hasAttribute("aria-haspopup") ?? false,
  }));
  if (expanded) return [`${name}: Escape does not close what it opens`];
  return focused ? [] : [`${name}: has not the focus again after Escape`];
}

declare global {
  /** The places of a page where the Tab key must stop; of radio buttons that belong together any. */
  var keyboardStops: (readonly Element[])[];
}

/** Runs in the page. @returns their names */
function findStops(): readonly string[] {
  const sought = "a[href], button:enabled, input:enabled, select:enabled, summary, [tabindex='0']";
  const groups = new Map<unknown, Element[]>();
  for (const element of document.querySelectorAll<HTMLElement>(sought)) {
    if (element.tabIndex < 0 || !element.checkVisibility({ visibilityProperty: true })) continue;
    const key = element instanceof HTMLInputElement && element.type === "radio" ? element.name : element;
    groups.set(key, [...(groups.get(key) ?? []), element]);
  }
  globalThis.keyboardStops = [...groups.values()];
  return globalThis.keyboardStops.map(([first]) => (first?.outerHTML ?? "").slice(0, 120));
}

/** Runs in the page; null where nothing has the focus. */
function stopHere(): Stop | null {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const label = element instanceof HTMLInputElement ? element.labels?.[0] : null;
  // The input of a choice may be invisible; then its label stands for it.
  const faces = [element, ...(label ? [label, ...label.children] : []), element.parentElement].filter(
    (face) => face !== null,
  );
  const marked = faces.some((face) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(face);
    return outlineStyle !== "none" && outlineWidth !== "0px";
  });
  const { x, y, width, height } = (label ?? element).getBoundingClientRect();
  const top = document.elementFromPoint(x + width / 2, y + height / 2);
  const seen = [element, label].some((face) => face?.contains(top));
  const unseen = marked ? "is covered by something else when it has the focus" : "does not show that it has the focus";
  return {
    index: globalThis.keyboardStops.findIndex((group) => group.includes(element)),
    name: element.outerHTML.slice(0, 120),
    opens: element.hasAttribute("aria-haspopup"),
    wrong: marked && seen ? null : unseen,
  };
}

import type { PageConfig } from "@community-stats/contract/page.ts";
import { nextTask } from "./api/next-task.ts";
import { chooseLocale, loadCatalogue } from "./messages/catalogue.ts";
import { createWords, type Words } from "./messages/words.ts";

const MOUNT = "stats-dashboard";
const CONFIG = "stats-dashboard-config";

/** A page of ours, or a place in somebody's, ready to be drawn into. */
export interface Start {
  readonly mount: HTMLElement;
  readonly config: PageConfig;
  readonly words: Words;
  /** False inside a repository's page. */
  readonly shell: boolean;
}

/** What the server wrote into the page, in the language of who reads it; null where there is no place for a dashboard. */
export async function prepare(): Promise<Start | null> {
  const mount = document.getElementById(MOUNT);
  const text = document.getElementById(CONFIG)?.textContent;
  if (mount === null || text === undefined || text === null) return null;
  const config: PageConfig = JSON.parse(text);
  const shell = mount.dataset["shell"] !== "none";
  const locale = chooseLocale([
    languageInAddress(),
    ...(shell ? navigator.languages : [document.documentElement.lang]),
    config.locale,
  ]);
  if (shell) document.documentElement.lang = locale;
  const catalogue = await loadCatalogue(locale);
  await nextTask();
  const words = createWords(locale, catalogue, config.binarySizes);
  await nextTask();
  mount.classList.add("cs-root");
  mount.dir = words.direction;
  mount.replaceChildren(firstWords(words));
  return { mount, config, words, shell };
}

/**
 * Heard until the page is drawn in its place. The browser looks for the letters now, plain and bold, which takes a slow machine too long
 * to do while it lays out everything else.
 */
function firstWords(words: Words): HTMLElement {
  const note = document.createElement("p");
  note.className = "sr";
  const bold = document.createElement("strong");
  bold.textContent = words.text("page.generic");
  note.append(words.text("state.loading", { name: words.text("page.generic") }), " ", bold);
  return note;
}

/** `?lang=de`: wins over what browser and page say. */
function languageInAddress(): string | null {
  return new URLSearchParams(window.location.search).get("lang");
}

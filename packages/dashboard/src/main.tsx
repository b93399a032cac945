import type { PageConfig } from "@community-stats/contract/page.ts";
import { createRoot } from "react-dom/client";
import { App } from "./layout/App.tsx";
import { chooseLocale, loadCatalogue } from "./messages/catalogue.ts";
import { createWords } from "./messages/words.ts";
import { PAGE_ADDRESS } from "./state/address.ts";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./styles/index.css";

const MOUNT = "stats-dashboard";
const CONFIG = "stats-dashboard-config";

/** Draws the dashboard where the page has a place for it. */
async function start(): Promise<void> {
  const mount = document.getElementById(MOUNT);
  const text = document.getElementById(CONFIG)?.textContent;
  if (mount === null || text === undefined || text === null) return;
  const config: PageConfig = JSON.parse(text);
  const shell = mount.dataset["shell"] !== "none";
  const locale = chooseLocale([
    languageInAddress(),
    ...(shell ? navigator.languages : [document.documentElement.lang]),
    config.locale,
  ]);
  if (shell) document.documentElement.lang = locale;
  const words = createWords(locale, await loadCatalogue(locale), config.binarySizes);
  mount.classList.add("cs-root");
  mount.dir = words.direction;
  createRoot(mount).render(
    <App config={config} words={words} frame={shell ? "page" : "inside"} address={PAGE_ADDRESS} now={Date.now} />,
  );
}

/** `?lang=de`: wins over what browser and page say. */
function languageInAddress(): string | null {
  return new URLSearchParams(window.location.search).get("lang");
}

void start();

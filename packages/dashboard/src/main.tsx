import { createRoot } from "react-dom/client";
import { App } from "./layout/App.tsx";
import { prepare } from "./start.ts";
import { PAGE_ADDRESS } from "./state/address.ts";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./styles/index.css";

/** Draws the dashboard where the page has a place for it. */
async function start(): Promise<void> {
  const ready = await prepare();
  if (ready === null) return;
  const { mount, config, words, shell } = ready;
  createRoot(mount).render(
    <App config={config} words={words} frame={shell ? "page" : "inside"} address={PAGE_ADDRESS} now={Date.now} />,
  );
}

void start();

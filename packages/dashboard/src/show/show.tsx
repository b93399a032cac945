import { startTransition } from "react";
import { createRoot } from "react-dom/client";
import { paceAnswers } from "../api/pacing.ts";
import { App } from "../layout/App.tsx";
import type { Start } from "../start.ts";
import { PAGE_ADDRESS } from "../state/address.ts";

/** Draws the dashboard in small steps, between which the page answers. */
export function show({ mount, config, words, shell }: Start, now: () => number): void {
  paceAnswers();
  const frame = shell ? "page" : "inside";
  const app = <App config={config} words={words} frame={frame} address={PAGE_ADDRESS} now={now} />;
  startTransition(() => createRoot(mount).render(app));
}

import { prepare } from "./start.ts";
// oxlint-disable-next-line import/no-unassigned-import -- styles have no name
import "./styles/index.css";

/** Draws the dashboard where the page has a place for it. */
async function start(): Promise<void> {
  const ready = await prepare();
  if (ready === null) return;
  // Each is read in a task of its own: all at once they would block a slow machine for half a second.
  await import("./show/react.ts");
  await import("./show/numbers.ts");
  const { show } = await import("./show/show.tsx");
  show(ready, Date.now);
}

void start();

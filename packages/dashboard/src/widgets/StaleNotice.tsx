import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { Notice } from "../ui/States.tsx";
import type { Stale } from "./use-columns.ts";

/** Newer numbers are on their way: what is shown is dimmed. */
export function isWaiting(stale: Stale | null): boolean {
  return stale !== null && !stale.failed;
}

/** Tells that the numbers below are those of before: that newer ones did not come, or, when they take long, are on their way. */
export function StaleNotice({ stale }: { readonly stale: Stale | null }): ReactNode {
  const words = useWords();
  const { now } = usePage();
  if (stale === null) return null;
  const time = stale.since === null ? "–" : words.dates.time(stale.since, now());
  if (stale.failed) return <Notice tone="note">{words.text("state.stale", { time })}</Notice>;
  // Shown after a second by the styles, and beside everything, so that nothing jumps.
  return <p className="refreshing">{words.text("state.refreshing", { time })}</p>;
}

import type { ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { usePage } from "../state/page-context.ts";
import { Notice } from "../ui/States.tsx";
import type { Stale } from "./use-columns.ts";

/** Newer numbers are on their way: what is shown is dimmed. */
export function isWaiting(stale: Stale | null): boolean {
  return stale !== null && !stale.failed;
}

/** Tells that the numbers below are those of before. While newer ones are on their way, the dimming says enough. */
export function StaleNotice({ stale }: { readonly stale: Stale | null }): ReactNode {
  const words = useWords();
  const { config } = usePage();
  if (stale === null || !stale.failed) return null;
  const time = stale.since === null ? "–" : words.dates.time(stale.since, config.today);
  return <Notice tone="note">{words.text("state.stale", { time })}</Notice>;
}

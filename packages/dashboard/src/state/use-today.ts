import { addDays, dayNumber, MS_PER_DAY, type Day } from "@community-stats/contract/days.ts";
import { useEffect, useMemo, useState } from "react";

/**
 * The present UTC day while the page stays open. The service told it when the page was made; from then on the reader's
 * clock counts the midnights. What day that clock shows does not matter: it may be wrong, and invented pages have a day of their own.
 */
export function useToday(told: Day, now: () => number): Day {
  const counted = useMemo(() => midnightsFrom(told, now()), [told, now]);
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      clearTimeout(timer);
      // Nobody looks at it: the day is seen to when somebody does again.
      if (document.visibilityState === "hidden") return;
      setPassed(counted(now()));
      timer = setTimeout(look, MS_PER_DAY - (now() % MS_PER_DAY));
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [counted, now]);
  return addDays(told, passed);
}

/** How many midnights have passed since the page was made. */
function midnightsFrom(told: Day, madeMs: number): (nowMs: number) => number {
  const made = Math.floor(madeMs / MS_PER_DAY);
  // A clock that goes a little after that of the service has yet to reach the midnight that the service has told already.
  const isLate = dayNumber(told) === made + 1;
  return (nowMs) => Math.max(0, Math.floor(nowMs / MS_PER_DAY) - made - (isLate ? 1 : 0));
}

import { helpAddress } from "@community-stats/contract/how-we-count.ts";
import type { ServiceStatus } from "@community-stats/contract/page.ts";
import { useEffect, useState, type ReactNode } from "react";
import { useWords } from "../messages/words-context.ts";
import { USUAL_AGE_DAYS } from "../state/lateness.ts";
import { usePage } from "../state/page-context.ts";

const TICK_MS = 30_000;

export interface FreshnessProps {
  readonly status: ServiceStatus | undefined;
  /** Where more about it stands; null there. */
  readonly standingUrl: string | null;
}

/** How far the numbers reach, and when they were counted. */
export function FreshnessLine({ status, standingUrl }: FreshnessProps): ReactNode {
  const words = useWords();
  const { bounds, config } = usePage();
  const now = useNow();
  const help = helpAddress(config, words.locale);
  const asOf = status?.asOf ?? null;
  const late = asOf === null ? 0 : Math.round((Date.parse(bounds.today) - Date.parse(asOf)) / 86_400_000);
  const running = status?.running !== undefined && status.running !== null;
  return (
    <p className="fresh">
      {status === undefined ? (
        <span>{words.text("page.loading")}</span>
      ) : (
        <span>
          <span
            className={`dot ${running ? "ring" : late > USUAL_AGE_DAYS || asOf === null ? "late" : ""}`}
            aria-hidden="true"
          />
          {asOf === null ? words.text("page.never") : <Reach asOf={asOf} late={late} />}
        </span>
      )}
      {running ? <span>{words.text("page.updating")}</span> : null}
      {status?.updatedAt === undefined || status.updatedAt === null ? null : (
        <time dateTime={status.updatedAt}>
          {words.text("page.updated", { ago: words.dates.ago(status.updatedAt, now) })}
        </time>
      )}
      {standingUrl === null ? null : <a href={standingUrl}>{words.text("page.standing")}</a>}
      {help === null ? null : <a href={help}>{words.text("page.howWeCount")}</a>}
    </p>
  );
}

function Reach({ asOf, late }: { readonly asOf: string; readonly late: number }): ReactNode {
  const words = useWords();
  const day = words.dates.day(asOf);
  const text =
    late > USUAL_AGE_DAYS
      ? words.text("page.behind", { day, n: words.numbers.full(late), count: late })
      : words.text("page.complete", { day });
  return <time dateTime={asOf}>{text}</time>;
}

function useNow(): number {
  const { now } = usePage();
  const [moment, setMoment] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setMoment(now()), TICK_MS);
    return () => clearInterval(timer);
  }, [now]);
  return moment;
}
